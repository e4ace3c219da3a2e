import type { Actor, AuditEntry } from '../core/audit-record.ts';
import { type Execution, type ExecutionIn, executionDueAt, type Release } from '../core/execution.ts';
import { expiryByHand } from '../core/extension.ts';
import type { Instant } from '../core/instant.ts';
import { afterWakeUp, type Change, commitChanges } from './commit-changes.ts';
import { wake } from './evaluate-signal.ts';
import { extendHolds, leaveHolds, quarantineKeys } from './hold-changes.ts';
import { noticeChange } from './notices.ts';
import type { Row } from './ports.ts';
import type { Answerer } from './resolve-approval.ts';
import { keyOf, readKillSwitch, readRow } from './rows.ts';

type Held = ExecutionIn<'executing' | 'executed'>;

/** What the person is told. */
export type ReleaseOutcome = 'released' | 'not_held' | 'unknown' | 'busy';
export type ExtendOutcome = 'extended' | 'not_held' | 'unknown' | 'busy' | 'paused' | 'too_long' | 'not_longer';

const TRIES = 5;

/** Lets go by hand, at once and always: paused or not, whatever state each of its quarantines is in. */
export async function releaseExecution(deps: Answerer, executionId: string, by: Actor, why: string): Promise<ReleaseOutcome> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const row = await readRow(deps.store, 'execution', keyOf('execution', executionId));
    if (row === null) return 'unknown';
    if (!isHeld(row.value)) return 'not_held';
    const { plan } = row.value;
    const state = releasing(row.value, { kind: 'by_hand', by, why, releasedAt: deps.now() });
    const entry = { action: 'execution.release_ordered', actor: by, details: { from: row.value.status, to: state.status, why } };
    const changes = [...(await executionChanges(deps, row, state, entry)), ...(await leaveHolds(deps, executionId, plan, by, why))];
    if ((await commitChanges(deps, changes)).kind === 'conflict') continue;
    await wake(
      deps,
      quarantineKeys(plan).map((key) => ({ kind: 'quarantine', key })),
    );
    return 'released';
  }
  return 'busy';
}

/** Moves the end of a hold to so many minutes from now: further, never nearer, and never while the engine is paused. */
export async function extendExecution(deps: Answerer, executionId: string, by: Actor, minutes: number, maxTtlMinutes: number): Promise<ExtendOutcome> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const row = await readRow(deps.store, 'execution', keyOf('execution', executionId));
    if (row === null) return 'unknown';
    const execution = row.value;
    const expiresAt = expiryByHand(minutes, maxTtlMinutes, deps.now());
    if (!isHeld(execution)) return 'not_held';
    const refusal = extensionRefusal(execution, expiresAt, deps.now());
    if (refusal !== null || expiresAt === null) return refusal ?? 'too_long';
    if ((await readKillSwitch(deps.store)) === 'paused') return 'paused';
    const holds = await extendHolds(deps, executionId, execution.plan, expiresAt, by);
    if (holds.length === 0) return 'not_held'; // its time ended a moment ago
    const entry = { action: 'execution.extended', actor: by, details: { from_expires_at: execution.order.expiresAt, expires_at: expiresAt } };
    const changes = [...(await executionChanges(deps, row, extended(execution, expiresAt), entry)), ...holds];
    if ((await commitChanges(deps, changes)).kind === 'committed') return 'extended';
  }
  return 'busy';
}

function extensionRefusal({ order }: Held, expiresAt: Instant | null, now: Instant): ExtendOutcome | null {
  if (order.expiresAt === null || order.expiresAt <= now) return 'not_held';
  if (expiresAt === null) return 'too_long';
  return expiresAt <= order.expiresAt ? 'not_longer' : null;
}

function extended(execution: Held, expiresAt: Instant): Execution {
  const order = { ...execution.order, expiresAt };
  return execution.status === 'executed' ? { ...execution, order, endIsNear: false } : { ...execution, order };
}

function releasing(execution: Held, release: Release): Execution {
  if (execution.status === 'executing') return { ...execution, status: 'releasing', heldAt: null, release };
  const { refusals: _refusals, endIsNear: _endIsNear, ...facts } = execution;
  return { ...facts, status: 'releasing', release };
}

async function executionChanges(deps: Answerer, before: Row<Execution>, state: Execution, entry: AuditEntry): Promise<readonly Change[]> {
  const dueAt = afterWakeUp(executionDueAt(state), deps.now());
  return [{ key: before.key, kind: 'execution', before, value: state, dueAt, entry }, await noticeChange(deps, state)];
}

function isHeld(execution: Execution): execution is Held {
  return execution.status === 'executing' || execution.status === 'executed';
}
