import { eventKeyOf } from '../../src/app/evaluate-signal.ts';
import { OutsideError } from '../../src/app/ports.ts';
import type { Notice } from '../../src/app/rows.ts';
import { verifyChain } from '../../src/core/audit-record.ts';
import type { Execution } from '../../src/core/execution.ts';
import { minutesBetween } from '../../src/core/instant.ts';
import { liveHolders, type Quarantine } from '../../src/core/quarantine.ts';
import { readSignals } from '../../src/sources/read-signal.ts';
import { isBeyondHelp, isStuck } from './beyond-help.ts';
import { Broken } from './broken.ts';
import { BREAKER, NEVER_HELD } from './company.ts';
import { type DeployedEngine, NoWakeUp } from './deployed-engine.ts';
import { CallWatch } from './watch-calls.ts';
import { CommitWatch } from './watch-commits.ts';
import { TruthWatch } from './watch-truth.ts';

/** After faults have ended, so long until nobody is denied past their time: a sweep, a lease, a settle time, and what was late. Minutes. */
const BOUND_MINUTES = 15;

const MINUTE_MS = 60_000;

/** Watches a run, and throws `Broken` at the first step that breaks a promise. */
export class Invariants {
  readonly #engine: DeployedEngine;
  readonly #calls: CallWatch;
  readonly #commits: CommitWatch;
  readonly #truth: TruthWatch;
  #broken: unknown = null;
  #reportsSeen = 0;
  #isCalm = false;
  #nextLookMs = 0;

  constructor(engine: DeployedEngine) {
    this.#engine = engine;
    this.#commits = new CommitWatch({ nowMs: () => engine.world.nowMs, rows: () => engine.store.rows(), poisoned: engine.poisoned });
    this.#calls = new CallWatch(engine, (ms) => this.#commits.isPausedSince(ms));
    this.#truth = new TruthWatch(engine);
    engine.onCall = (call, principal, name, sinceMs) => this.#keep(() => this.#calls.check(call, principal.arn, name, sinceMs));
    engine.onAnswer = (call, key, calledAt, result) => this.#commits.noteAnswer(key, call, calledAt, result);
    engine.onCommit = (commit) => this.#keep(() => this.#commits.check(commit));
  }

  /** The longest that somebody was held past their time once faults had ended, in minutes. */
  get longestOverdue(): number {
    return this.#truth.longestOverdueMs / MINUTE_MS;
  }

  /** From now on nothing goes wrong any more. */
  expectCalm(): void {
    this.#isCalm = true;
  }

  /** Asked after every step. */
  checkSteps(): void {
    const { world } = this.#engine;
    this.#calls.noteRevision();
    if (this.#broken !== null) throw this.#broken;
    this.#checkReports();
    if (world.nowMs < this.#nextLookMs) return;
    this.#nextLookMs = world.nowMs + MINUTE_MS;
    this.#truth.checkRows();
    if (this.#isCalm) this.#truth.checkOverdue(BOUND_MINUTES * MINUTE_MS);
  }

  /** What must hold when nothing is under way any more. */
  checkAtRest(): void {
    const { store, directory, poisoned } = this.#engine;
    for (const row of store.rows().values()) {
      if (poisoned.has(row.key)) continue;
      if (row.kind === 'quarantine') this.#checkQuarantine(row.value as Quarantine);
      if (row.kind === 'execution' && !isStuck(this.#engine, row.key, row.value as Execution)) this.#checkExecution(row.value as Execution);
      if (row.kind === 'notice') this.#checkNotice(row.key, row.value as Notice);
    }
    this.#truth.checkAtRest();
    this.#checkChains();
    this.#checkSignals();
    this.#checkBreaker();
    for (const { principalArn, by, what } of directory.changes()) {
      if (by === 'engine' && NEVER_HELD.includes(String(principalArn))) throw new Broken(`5: the engine ${what} something at ${principalArn}`);
    }
    const outdated = this.#engine.messenger.told().find(({ isOutdated }) => isOutdated);
    if (outdated !== undefined) throw new Broken(`messages: ${outdated.noticeKey} was told older news after newer`);
  }

  // Thrown where it happens it would reach the function under test, which may well survive it.
  #keep(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#broken ??= error;
    }
  }

  // A failed call, an unreadable row or message, and too many conflicts are told to the log. Anything else is a mistake in the engine.
  #checkReports(): void {
    const { reports, poisoned } = this.#engine;
    for (; this.#reportsSeen < reports.length; this.#reportsSeen += 1) {
      const { where, error } = reports[this.#reportsSeen] ?? { where: '', error: null };
      if (error instanceof Broken) throw error;
      const isExpected = error instanceof OutsideError || error instanceof NoWakeUp || (error instanceof Error && error.message.includes('commits conflicted'));
      if (!isExpected && poisoned.size === 0) throw new Broken(`a mistake in ${where}: ${String(error)}`);
    }
  }

  #checkQuarantine(quarantine: Quarantine): void {
    const { principal, denyPolicyName: name, phase } = quarantine;
    if (isBeyondHelp(this.#engine, principal.arn, name)) return;
    const where = `${principal.arn} under ${name}`;
    const live = liveHolders(quarantine, this.#engine.world.now()).length > 0;
    if (phase === 'attaching' || phase === 'detaching') throw new Broken(`1: ${where} is still ${phase} at rest`);
    if (live !== (phase === 'attached'))
      throw new Broken(`${live ? 8 : 10}: ${where} is ${phase} at rest, ${live ? 'though somebody wants it' : 'though nobody does'}`);
  }

  #checkExecution(execution: Execution): void {
    const { status, executionId } = execution;
    const minutesSince = (at: Execution['createdAt']): number => minutesBetween(at, this.#engine.world.now());
    if (status === 'executing' || status === 'releasing') throw new Broken(`8: ${executionId} is still ${status} at rest`);
    if (status === 'executed' && execution.order.expiresAt !== null && minutesSince(execution.order.expiresAt) > BOUND_MINUTES) {
      throw new Broken(`1: ${executionId} is still executed, ${execution.order.expiresAt} being over`);
    }
    if (status === 'awaiting_approval' && minutesSince(execution.request.expiresAt) > BOUND_MINUTES)
      throw new Broken(`4: ${executionId} still waits after its request expired`);
  }

  #checkNotice(key: string, { told, wanted }: Notice): void {
    if (told < wanted) throw new Broken(`messages: nobody was told ${key}, which is at ${wanted}, and ${told} was told`);
  }

  #checkChains(): void {
    const { store } = this.#engine;
    const trails = store.trails();
    const rows = store.rows();
    for (const key of new Set([...trails.keys(), ...rows.keys()])) {
      const [first] = verifyChain(key, trails.get(key) ?? [], rows.get(key)?.chain ?? null);
      if (first !== undefined) throw new Broken(`3: the chain of ${first.subjectId} is ${first.kind} at ${first.seq}`);
    }
  }

  #checkSignals(): void {
    const rows = this.#engine.store.rows();
    for (const text of this.#engine.accepted) {
      for (const reading of readSignals(text)) if (!rows.has(eventKeyOf(reading, text))) throw new Broken(`7: an alert was lost: ${text.slice(0, 80)}`);
    }
  }

  #checkBreaker(): void {
    const { store, poisoned } = this.#engine;
    const orders = [...store.rows().values()]
      .filter(({ kind, key }) => kind === 'execution' && !poisoned.has(key))
      .flatMap(({ value }) => {
        const execution = value as Execution;
        return execution.outcome === 'auto' && 'order' in execution ? execution.plan.principals.map(() => Date.parse(execution.createdAt)) : [];
      })
      .sort((a, b) => a - b);
    orders.forEach((atMs, index) => {
      const before = orders[index - BREAKER.maxQuarantines];
      if (before !== undefined && atMs - before < BREAKER.perMinutes * MINUTE_MS)
        throw new Broken(`11: the breaker let through more than ${BREAKER.maxQuarantines} in ${BREAKER.perMinutes} minutes`);
    });
  }
}
