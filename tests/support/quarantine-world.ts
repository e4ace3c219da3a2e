import { type CallResult, type Known, nextStep, recordAnswer, type Verdict } from '../../src/core/converge-steps.ts';
import { addHolder, removeHolder } from '../../src/core/hold-steps.ts';
import type { Instant } from '../../src/core/instant.ts';
import { liveHolders, type Quarantine } from '../../src/core/quarantine.ts';
import { aHolder, anAbsent, later } from './machine-builders.ts';

/** Half a minute each. A worker, and a call that it sent, live so long; IAM may show what was so long ago. */
const WORKER_TICKS = 2;
const STALE_TICKS = 5;

type Call = 'attach' | 'detach';
type Stage =
  | { readonly kind: 'idle' }
  | { readonly kind: 'read'; readonly seen: Quarantine; readonly version: number }
  | { readonly kind: 'calling'; readonly ordered: Quarantine; readonly call: Call }
  | { readonly kind: 'answered'; readonly ordered: Quarantine; readonly result: CallResult };

interface Worker {
  stage: Stage;
  since: number;
}

interface Sent {
  readonly call: Call;
  readonly latest: number;
}

/**
 * One quarantine, two workers and an IAM that is late, stale and sometimes dead: `choose(n)` picks what happens, from 0 to n - 1. What
 * is asserted of it is what the whole mechanism is for, so it knows nothing of how the steps are chosen.
 */
export class QuarantineWorld {
  quarantine: Quarantine = anAbsent({ dueAt: null });
  isAttached = false;
  tick = 0;
  #version = 0;
  #orders = 0;
  #isDenied = false;
  #sent: readonly Sent[] = [];
  #changedAt = Number.NEGATIVE_INFINITY;
  readonly #workers: readonly Worker[] = [
    { stage: { kind: 'idle' }, since: 0 },
    { stage: { kind: 'idle' }, since: 0 },
  ];
  readonly #choose: (count: number) => number;

  constructor(choose: (count: number) => number) {
    this.#choose = choose;
  }

  get now(): Instant {
    return later(this.tick / 2);
  }

  /** What is wrong now, in words; null where nothing is. */
  get fault(): string | null {
    const isComing = this.#sent.some(({ call }) => call === 'attach');
    if (this.quarantine.phase === 'absent' && (this.isAttached || isComing)) return 'the row says absent, and it is attached, or will be';
    const isHeld = this.quarantine.phase === 'attached' && liveHolders(this.quarantine, this.now).length > 0;
    return isHeld && !this.isAttached ? 'the row says attached for somebody, and it is not' : null;
  }

  /** Anything that may happen. */
  happen(): void {
    const what = this.#choose(12);
    if (what < 3) this.#pass();
    else if (what < 9) this.#work(what % 2, true);
    else if (what === 9) this.#land(this.#choose(2));
    else if (what === 10) this.#change();
    else this.#crash(this.#choose(2));
  }

  /** From now on nothing goes wrong any more: what was sent lands, and whoever worked is gone. */
  calmDown(): void {
    this.#isDenied = false;
    for (const index of [0, 1]) this.#crash(index);
  }

  /** Half a minute in which nothing goes wrong, and only what is due is looked at. */
  calmTick(): void {
    this.#pass();
    const { dueAt } = this.quarantine;
    if (dueAt === null || dueAt > this.now) return;
    do this.#work(0, false);
    while (this.#workers[0]?.stage.kind !== 'idle');
  }

  order(minutes: number | null): void {
    this.#orders += 1;
    const holder = aHolder(`exe-${this.#orders}`, { orderedAt: this.now, expiresAt: minutes === null ? null : later(this.tick / 2 + minutes) });
    this.#commit(addHolder(this.quarantine, holder, 'system', this.now).state);
  }

  /** Everybody lets go. */
  release(): void {
    for (const { executionId } of this.quarantine.holders) this.#leave(executionId);
  }

  #change(): void {
    const what = this.#choose(4);
    if (what < 2) this.order([2, 30, null][this.#choose(3)] ?? null);
    else if (what === 2) this.#leave(this.quarantine.holders[0]?.executionId ?? 'nobody');
    else this.#isDenied = !this.#isDenied;
  }

  #leave(executionId: string): void {
    const transition = removeHolder(this.quarantine, executionId, 'system', null, this.now);
    if (transition !== null) this.#commit(transition.state);
  }

  #commit(quarantine: Quarantine): void {
    this.quarantine = quarantine;
    this.#version += 1;
  }

  #pass(): void {
    for (let index = this.#sent.length - 1; index >= 0; index -= 1) if ((this.#sent[index]?.latest ?? 0) <= this.tick) this.#land(index);
    this.#workers.forEach((worker, index) => {
      if (this.tick - worker.since >= WORKER_TICKS) this.#crash(index);
    });
    this.tick += 1;
  }

  #crash(index: number): void {
    const worker = this.#workers[index];
    if (worker !== undefined) worker.stage = { kind: 'idle' };
  }

  #land(index: number): void {
    const sent = this.#sent[index];
    if (sent === undefined) return;
    this.#sent = this.#sent.filter((some) => some !== sent);
    this.#effect(sent.call);
  }

  #effect(call: Call): void {
    if (this.isAttached === (call === 'attach')) return;
    this.isAttached = call === 'attach';
    this.#changedAt = this.tick;
  }

  /** What IAM may show: anything that was so within its staleness. */
  #view(isWild: boolean): boolean {
    const mayBeStale = isWild && this.tick - this.#changedAt <= STALE_TICKS;
    return mayBeStale && this.#choose(2) === 0 ? !this.isAttached : this.isAttached;
  }

  #work(index: number, isWild: boolean): void {
    const worker = this.#workers[index];
    if (worker === undefined) return;
    const { stage } = worker;
    if (stage.kind === 'idle') {
      worker.since = this.tick;
      worker.stage = { kind: 'read', seen: this.quarantine, version: this.#version };
    } else if (stage.kind === 'read') worker.stage = this.#decide(stage.seen, stage.version, isWild);
    else if (stage.kind === 'calling') worker.stage = this.#callIam(stage.ordered, stage.call, isWild);
    else {
      const isOurs = this.quarantine.phase === stage.ordered.phase && this.quarantine.calledAt === stage.ordered.calledAt;
      const transition = isOurs ? recordAnswer(this.quarantine, stage.result, this.now) : null;
      if (transition !== null) this.#commit(transition.state);
      worker.stage = { kind: 'idle' };
    }
  }

  #decide(seen: Quarantine, version: number, isWild: boolean): Stage {
    const verdicts = new Map(seen.holders.map(({ executionId }) => [executionId, this.#verdict(isWild)]));
    const known: Known = { listed: this.#view(isWild), verdicts };
    const step = nextStep(seen, this.now, known);
    if (version !== this.#version || step.kind === 'ask_list' || step.kind === 'ask_checks') return { kind: 'idle' };
    if (step.kind === 'rest') {
      if (seen.dueAt !== null && seen.dueAt <= this.now) this.#commit({ ...seen, dueAt: step.dueAt });
      return { kind: 'idle' };
    }
    this.#commit(step.transition.state);
    if (step.kind === 'call') return { kind: 'calling', ordered: this.quarantine, call: step.call };
    return { kind: 'read', seen: this.quarantine, version: this.#version };
  }

  #verdict(isWild: boolean): Verdict {
    const verdict = isWild ? this.#choose(6) : 0;
    if (verdict === 5) return { kind: 'refused', why: 'paused' };
    return { kind: verdict === 4 ? 'wait' : 'ok' };
  }

  #callIam(ordered: Quarantine, call: Call, isWild: boolean): Stage {
    if (this.#isDenied) return { kind: 'answered', ordered, result: 'access_denied' };
    const how = isWild ? this.#choose(6) : 0;
    if (how === 5) return { kind: 'answered', ordered, result: 'failed' };
    if (how === 4 || how === 3) {
      this.#sent = [...this.#sent, { call, latest: this.tick + WORKER_TICKS }];
      return how === 4 ? { kind: 'answered', ordered, result: 'failed' } : { kind: 'idle' };
    }
    // From a stale view, IAM answers that nothing is to be done, and does nothing.
    const isThere = this.#view(isWild);
    if (isThere !== (call === 'attach')) this.#effect(call);
    return { kind: 'answered', ordered, result: call === 'detach' && !isThere ? 'gone' : 'ok' };
  }
}
