import { type Answer, type AnswerRefusal, answerRequest } from '../core/approval.ts';
import { type Execution, executionDueAt } from '../core/execution.ts';
import type { Severity } from '../core/incident.ts';
import { afterWakeUp, type Base, type Change, commitChanges } from './commit-changes.ts';
import { wakeUpsFor } from './commit-decision.ts';
import { type Evaluator, wake } from './evaluate-signal.ts';
import { orderHolds } from './hold-changes.ts';
import { noticeChange } from './notices.ts';
import type { Row } from './ports.ts';
import { type IncidentRow, keyOf, readKillSwitch, readRow } from './rows.ts';
import { incidentKeyOf } from './settle-execution.ts';

export type Answerer = Base & Pick<Evaluator, 'wakeUps' | 'report'>;

/** What the person is told. */
export type AnswerOutcome =
  | { readonly kind: 'recorded' | 'approved' | 'rejected' }
  | { readonly kind: 'refused'; readonly why: AnswerRefusal | 'unknown' | 'busy' };

const TRIES = 5;

/** Takes a person's answer to a request: one effect at most, whoever else answers at the same time, and the truth about it. */
export async function resolveApproval(deps: Answerer, executionId: string, answer: Answer, severity: Severity): Promise<AnswerOutcome> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const row = await readRow(deps.store, 'execution', keyOf('execution', executionId));
    if (row === null) return { kind: 'refused', why: 'unknown' };
    const result = answerRequest(row.value, answer, deps.now(), await readKillSwitch(deps.store));
    if (result.kind === 'refused') return result;
    const { state, entry } = result.transition;
    const changes = [
      { key: row.key, kind: 'execution', before: row, value: state, dueAt: afterWakeUp(executionDueAt(state), deps.now()), entry } as const,
      await noticeChange(deps, state),
      ...(state.status === 'executing' ? await orderHolds(deps, executionId, state.plan, state.order, answer.by) : []),
      ...(state.status === 'rejected' ? await rememberRejection(deps, row, severity) : []),
    ];
    if ((await commitChanges(deps, changes)).kind === 'conflict') continue;
    await wake(deps, wakeUpsFor(state));
    return { kind: result.kind };
  }
  return { kind: 'refused', why: 'busy' };
}

async function rememberRejection(deps: Base, row: Row<Execution>, severity: Severity): Promise<readonly Change[]> {
  const key = incidentKeyOf(row.value.policyId, row.value.incidentId);
  const before = await readRow(deps.store, 'incident', key);
  const openExecutionId = before?.value.openExecutionId === row.value.executionId ? null : (before?.value.openExecutionId ?? null);
  const value: IncidentRow = { openExecutionId, lastRejection: { rejectedAt: deps.now(), severity } };
  return [{ key, kind: 'incident', before, value, dueAt: null, entry: null }];
}
