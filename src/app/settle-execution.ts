import { type Execution, type ExecutionIn, executionDueAt } from '../core/execution.ts';
import { quarantineIdOf } from '../core/quarantine.ts';
import { settle, targetState } from '../core/settle.ts';
import { afterWakeUp, type Base, type Change, commitChanges } from './commit-changes.ts';
import { noticeChange } from './notices.ts';
import type { Row } from './ports.ts';
import { type IncidentRow, keyOf, readRow, readRows } from './rows.ts';

const TRIES = 5;

/** Lets an execution take note of what its quarantines say, and tells people. It changes no quarantine. */
export async function settleExecution(base: Base, executionId: string): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const row = await readRow(base.store, 'execution', keyOf('execution', executionId));
    if (row === null || !isOrdered(row.value)) return;
    const changes = await changesFor(base, row, row.value);
    if (changes.length === 0 || (await commitChanges(base, changes)).kind === 'committed') return;
  }
}

async function changesFor(base: Base, row: Row<Execution>, execution: Ordered): Promise<readonly Change[]> {
  const keys = execution.plan.principals.map(({ arn }) => keyOf('quarantine', quarantineIdOf(arn, execution.plan.denyPolicyName)));
  const quarantines = await readRows(base.store, 'quarantine', keys);
  const now = base.now();
  const targets = [...quarantines.values()].map(({ value }) => targetState(value, execution.executionId, now));
  const transition = settle(execution, targets, now);
  if (transition === null) return [];
  const { state, entry } = transition;
  return [
    { key: row.key, kind: 'execution', before: row, value: state, dueAt: afterWakeUp(executionDueAt(state), now), entry },
    await noticeChange(base, state),
    ...(isOpen(state) ? [] : await closeIncident(base, state)),
  ];
}

type Ordered = ExecutionIn<'executing' | 'executed' | 'releasing'>;

function isOrdered(execution: Execution): execution is Ordered {
  return execution.status === 'executing' || execution.status === 'executed' || execution.status === 'releasing';
}

function isOpen(execution: Execution): boolean {
  return isOrdered(execution) || execution.status === 'awaiting_approval';
}

/** What ends the incident's open execution, where it is this one. */
export async function closeIncident(base: Base, execution: Execution): Promise<readonly Change[]> {
  const key = incidentKeyOf(execution.policyId, execution.incidentId);
  const row = await readRow(base.store, 'incident', key);
  if (row === null || row.value.openExecutionId !== execution.executionId) return [];
  const value: IncidentRow = { ...row.value, openExecutionId: null };
  return [{ key, kind: 'incident', before: row, value, dueAt: null, entry: null }];
}

/** The one item per policy and incident. */
export function incidentKeyOf(policyId: string, incidentId: string): string {
  return keyOf('incident', `${policyId}#${incidentId}`);
}
