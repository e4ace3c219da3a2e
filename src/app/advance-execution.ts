import { advanceRequest } from '../core/approval.ts';
import { END_IS_NEAR_MINUTES, type Execution, executionDueAt } from '../core/execution.ts';
import { addMinutes, type Instant } from '../core/instant.ts';
import type { Transition } from '../core/transition.ts';
import { afterWakeUp, type Base, type Change, commitChanges } from './commit-changes.ts';
import { noticeChange } from './notices.ts';
import type { Row } from './ports.ts';
import { keyOf, readRow } from './rows.ts';
import { closeIncident, settleExecution } from './settle-execution.ts';

const TRIES = 5;

/** What an execution owes by the clock alone: to end a request that nobody answered, to remind people, to take note of its quarantines. */
export async function advanceExecution(base: Base, executionId: string): Promise<void> {
  await settleExecution(base, executionId);
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const row = await readRow(base.store, 'execution', keyOf('execution', executionId));
    if (row === null) return;
    const transition = stepOf(row.value, base.now());
    const changes = transition === null ? notNow(row, base.now()) : await changesFor(base, row, transition);
    if (changes.length === 0 || (await commitChanges(base, changes)).kind === 'committed') return;
  }
}

// Nothing to do yet, and due all the same: it is looked at again a minute later, not in every sweep.
function notNow(row: Row<Execution>, now: Instant): readonly Change[] {
  if (row.dueAt === null || row.dueAt > now) return [];
  const isAtRest = executionDueAt(row.value) === null;
  return [{ key: row.key, kind: 'execution', before: row, value: row.value, dueAt: isAtRest ? null : addMinutes(now, 1), entry: null }];
}

async function changesFor(base: Base, row: Row<Execution>, { state, entry }: Transition<Execution>): Promise<readonly Change[]> {
  return [
    { key: row.key, kind: 'execution', before: row, value: state, dueAt: afterWakeUp(executionDueAt(state), base.now()), entry },
    await noticeChange(base, state),
    ...(state.status === 'expired' ? await closeIncident(base, state) : []),
  ];
}

function stepOf(execution: Execution, now: Instant): Transition<Execution> | null {
  if (execution.status === 'awaiting_approval') return advanceRequest(execution, now);
  if (execution.status !== 'executed' || execution.endIsNear || execution.order.expiresAt === null) return null;
  if (now < addMinutes(execution.order.expiresAt, -END_IS_NEAR_MINUTES)) return null;
  const details = { expires_at: execution.order.expiresAt };
  return { state: { ...execution, endIsNear: true }, entry: { action: 'execution.end_is_near', actor: 'system', details } };
}
