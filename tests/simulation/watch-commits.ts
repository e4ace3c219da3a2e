import { isSameValue } from '../../src/adapters/memory/stored-value.ts';
import type { Commit, IamCallResult, Row } from '../../src/app/ports.ts';
import { type Control, type EventRow, type IncidentRow, SWITCH_KEY } from '../../src/app/rows.ts';
import { incidentKeyOf } from '../../src/app/settle-execution.ts';
import type { Execution, ExecutionIn } from '../../src/core/execution.ts';
import type { Instant } from '../../src/core/instant.ts';
import type { Quarantine } from '../../src/core/quarantine.ts';
import { Broken } from './broken.ts';
import { quarantineKeyOf } from './quarantine-key.ts';
import { FUNCTION_TIMEOUT_MS } from './virtual-world.ts';

interface Watched {
  readonly nowMs: () => number;
  readonly rows: () => ReadonlyMap<string, Row>;
  /** The keys of rows that nobody can read. */
  readonly poisoned: ReadonlySet<string>;
}

type Held = ExecutionIn<'executing' | 'executed'>;

/** Looks at every commit as it lands: what must be true of the stored rows at each moment, not only at rest. */
export class CommitWatch {
  readonly #watched: Watched;
  readonly #before = new Map<string, Row>();
  /** Whether it succeeded, by quarantine, call and order. */
  readonly #answers = new Map<string, boolean>();
  #pausedSinceMs: number | null = null;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Whether the switch has said `paused` since then, or longer. */
  isPausedSince(ms: number): boolean {
    return this.#pausedSinceMs !== null && this.#pausedSinceMs < ms;
  }

  /** How IAM answered the call that was sent to a quarantine's principal at that order, or that it didn't. */
  noteAnswer(key: string, call: 'attach' | 'detach', calledAt: Instant | null, result: IamCallResult | 'failed'): void {
    this.#answers.set(`${key} ${call} ${calledAt}`, result === 'ok' || (result === 'gone' && call === 'detach'));
  }

  /** Throws `Broken` where the commit that just landed breaks a promise. The same commit may be shown twice. */
  check(commit: Commit): void {
    const recorded = new Set(commit.records.map(({ subjectId }) => subjectId));
    for (const { row } of commit.writes) {
      const before = this.#before.get(row.key) ?? null;
      if (before?.commitId === row.commitId) continue;
      this.#before.set(row.key, row);
      if (this.#watched.poisoned.has(row.key)) continue;
      const last = commit.records.find(({ subjectId }) => subjectId === row.key);
      if (last !== undefined && (row.chain.seq !== last.seq || row.chain.hash !== last.hash))
        throw new Broken(`3: ${row.key} doesn't keep the head of its chain`);
      if (isAudited(row) && !recorded.has(row.key) && !isSameStep(before, row)) throw new Broken(`3: ${row.key} was changed without its audit record`);
      if (row.key === SWITCH_KEY) this.#pausedSinceMs = (row.value as Control).killSwitch === 'paused' ? this.#watched.nowMs() : null;
      if (row.kind === 'quarantine') this.#checkQuarantine((before?.value as Quarantine | undefined) ?? null, row.value as Quarantine);
      if (row.kind === 'execution') this.#checkExecution((before?.value as Execution | undefined) ?? null, row.value as Execution);
      if (row.kind === 'event') this.#checkEvent(row.value as EventRow, row.key);
    }
    for (const { row } of commit.writes) if (!this.#watched.poisoned.has(row.key)) this.#checkHold(row);
  }

  #checkQuarantine(before: Quarantine | null, after: Quarantine): void {
    if (before === null) return;
    if (before.phase === 'attaching' && after.phase === 'attached' && after.holders.length === 0)
      throw new Broken(`10: ${after.principal.arn} is held, and nobody wants it`);
    this.#checkAnswer(before, after);
    for (const { executionId } of before.holders) {
      if (!isOneOf(after, executionId)) this.#checkLoss(executionId, after);
    }
  }

  // Nobody leaves before their time but with their execution.
  #checkLoss(executionId: string, quarantine: Quarantine): void {
    const key = `execution#${executionId}`;
    const execution = this.#watched.rows().get(key)?.value as Execution | undefined;
    if (execution === undefined || this.#watched.poisoned.has(key) || !isHeld(execution) || isOver(execution.order.expiresAt, this.#watched.nowMs())) return;
    throw new Broken(`6: ${executionId} lost its hold on ${quarantine.principal.arn} before its time`);
  }

  // What the log says of a call is what IAM said of that very call.
  #checkAnswer(before: Quarantine, after: Quarantine): void {
    if (before.phase !== after.phase || (after.phase !== 'attaching' && after.phase !== 'detaching') || before.calledAt !== after.calledAt) return;
    if (!('answer' in before) || before.answer !== 'none' || after.answer === 'none') return;
    const call = after.phase === 'attaching' ? 'attach' : 'detach';
    if (this.#answers.get(`${quarantineKeyOf(after.principal.arn, after.denyPolicyName)} ${call} ${after.calledAt}`) === (after.answer === 'ok')) return;
    throw new Broken(`3: the ${call} of ${after.denyPolicyName} at ${after.principal.arn} is recorded as ${after.answer}, which IAM did not answer to it`);
  }

  #checkExecution(before: Execution | null, after: Execution): void {
    if (before === null) {
      this.#checkMerged(after);
      return;
    }
    const id = after.executionId;
    if (before.status === 'awaiting_approval' && after.status === 'executing') {
      const late = after.order.approvals.find(({ approvedAt }) => approvedAt >= before.request.expiresAt);
      if (late !== undefined) throw new Broken(`4: ${id} was approved at ${late.approvedAt}, and its request ended at ${before.request.expiresAt}`);
    }
    if (!isHeld(before) || !isHeld(after)) return;
    const [was, is] = [before.order.expiresAt, after.order.expiresAt];
    if (was === is) return;
    if (was === null || (is !== null && is < was)) throw new Broken(`6: the end of ${id} was moved from ${was ?? 'never'} to ${is}, which is earlier`);
    if (this.isPausedSince(this.#watched.nowMs() - FUNCTION_TIMEOUT_MS)) throw new Broken(`4: ${id} was extended while the engine was paused`);
  }

  // An alert joins only what still goes on: else nothing would come of it. A function may take its time between looking and committing.
  #checkMerged(execution: Execution): void {
    if (execution.status !== 'merged') return;
    const key = `execution#${execution.into}`;
    const open = this.#watched.rows().get(key)?.value as Execution | undefined;
    if (open === undefined || this.#watched.poisoned.has(key)) return;
    const latestMs = this.#watched.nowMs() - FUNCTION_TIMEOUT_MS;
    const isOpen = open.status === 'awaiting_approval' ? !isOver(open.request.expiresAt, latestMs) : isHeld(open) && !isOver(open.order.expiresAt, latestMs);
    if (!isOpen) throw new Broken(`7: ${execution.executionId} joins ${open.executionId}, which is over`);
  }

  // What an alert led to stands before the alert counts as done; nothing came of it only where a person had said no before.
  #checkEvent({ outcomes }: EventRow, key: string): void {
    const rows = this.#watched.rows();
    for (const { policyId, outcome, executionId } of outcomes) {
      if (executionId !== null && !rows.has(`execution#${executionId}`)) throw new Broken(`7: ${key} is done, and ${executionId} of ${policyId} is not there`);
      if (executionId === null && outcome !== 'exempt' && !this.#wasRejected(policyId))
        throw new Broken(`7: ${key} is done, and nothing came of ${policyId}, which is ${outcome}`);
    }
  }

  #wasRejected(policyId: string): boolean {
    const prefix = incidentKeyOf(policyId, '');
    return [...this.#watched.rows().values()].some(({ key, value }) => key.startsWith(prefix) && (value as IncidentRow).lastRejection !== null);
  }

  // An execution and the quarantines of its plan say the same of it, at every moment.
  #checkHold({ kind, value }: Row): void {
    if (kind === 'quarantine') this.#checkHolders(value as Quarantine);
    if (kind !== 'execution') return;
    const execution = value as Execution;
    if (!isHeld(execution) || isOver(execution.order.expiresAt, this.#watched.nowMs())) return;
    for (const { arn } of execution.plan.principals) {
      const key = quarantineKeyOf(arn, execution.plan.denyPolicyName);
      const quarantine = this.#watched.rows().get(key)?.value as Quarantine | undefined;
      if (quarantine === undefined || this.#watched.poisoned.has(key)) continue;
      if (!isOneOf(quarantine, execution.executionId)) throw new Broken(`6: ${execution.executionId} lost its hold on ${arn} before its time`);
      this.#checkHolders(quarantine);
    }
  }

  #checkHolders(quarantine: Quarantine): void {
    for (const { executionId, expiresAt } of quarantine.holders) {
      if (isOver(expiresAt, this.#watched.nowMs())) continue;
      const key = `execution#${executionId}`;
      const execution = this.#watched.rows().get(key)?.value as Execution | undefined;
      const where = `${executionId} at ${quarantine.principal.arn}`;
      if (execution === undefined || this.#watched.poisoned.has(key)) continue;
      if (!isHeld(execution)) throw new Broken(`10: ${where} is a holder, and is ${execution.status}`);
      if (execution.order.expiresAt !== expiresAt)
        throw new Broken(`6: ${where} is a holder until ${expiresAt}, and was ordered until ${execution.order.expiresAt}`);
    }
  }
}

const AUDITED: readonly string[] = ['event', 'execution', 'quarantine', 'control'];

function isAudited({ kind }: Row): boolean {
  return AUDITED.includes(kind);
}

// When somebody must look again is no step.
function isSameStep(before: Row | null, after: Row): boolean {
  return before !== null && isSameValue({ ...(before.value as object), dueAt: null }, { ...(after.value as object), dueAt: null });
}

function isHeld(execution: Execution): execution is Held {
  return execution.status === 'executing' || execution.status === 'executed';
}

function isOver(expiresAt: string | null, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs;
}

function isOneOf({ holders, refusals }: Quarantine, executionId: string): boolean {
  return holders.some((holder) => holder.executionId === executionId) || refusals.some((refusal) => refusal.executionId === executionId);
}
