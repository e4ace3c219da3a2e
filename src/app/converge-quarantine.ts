import { type CallResult, type Known, nextStep, recordAnswer, type Step } from '../core/converge-steps.ts';
import type { Instant } from '../core/instant.ts';
import type { PolicyIndex } from '../core/policy-index.ts';
import type { Quarantine } from '../core/quarantine.ts';
import { quarantineAlarm } from '../core/quarantine-alarm.ts';
import type { Transition } from '../core/transition.ts';
import { checkAttach } from './check-attach.ts';
import { type Base, type Change, commitChanges } from './commit-changes.ts';
import { owe } from './notices.ts';
import { type CommitResult, type ExpiryScheduler, type Iam, OutsideError, type Row } from './ports.ts';
import { readRow } from './rows.ts';
import { settleExecution } from './settle-execution.ts';

/** What `enforce` works with. It alone may change IAM. */
export interface Enforcer extends Base {
  readonly iam: Iam;
  readonly scheduler: ExpiryScheduler;
  /** The policies of this function's own revision. */
  readonly policies: PolicyIndex;
  /** Where the engine's own messages go; null where settings name no place. */
  readonly engineChannel: string | null;
  /** Tells the log of a failure that must not stop anything else. */
  readonly report: (step: string, id: string, error: unknown) => void;
}

const ROUNDS = 8;

/**
 * Brings one quarantine nearer to what its holders want: a few committed steps and at most one call that changes IAM. Doubled, late
 * and concurrent runs are harmless; what can't be done now stays due in its row.
 */
export async function convergeQuarantine(deps: Enforcer, key: string): Promise<void> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const row = await readRow(deps.store, 'quarantine', key);
    if (row === null) return;
    const now = deps.now();
    const step = await findStep(deps, row.value, now);
    if (step.kind === 'rest') return await keepDue(deps, row, step.dueAt, now);
    if (step.kind !== 'commit' && step.kind !== 'call') return;
    const { state } = step.transition;
    if ((await commitStep(deps, row, step.transition)).kind === 'conflict') continue;
    // The call first: nothing that is only told may keep a principal from being let go.
    if (step.kind === 'call') return await makeCall(deps, row, state, step.call);
    await settleAll(deps, row.value, state);
  }
}

async function findStep(deps: Enforcer, quarantine: Quarantine, now: Instant): Promise<Step> {
  let known: Known = {};
  for (;;) {
    const step = nextStep(quarantine, now, known);
    if (step.kind === 'ask_list') known = { ...known, listed: await isListed(deps, quarantine) };
    else if (step.kind === 'ask_checks') known = { ...known, verdicts: await checkAttach(deps, quarantine, step.holders, now) };
    else return step;
  }
}

async function isListed(deps: Enforcer, { principal, denyPolicyName }: Quarantine): Promise<boolean> {
  const names = await deps.iam.listAttached(principal);
  return names.some((name) => name.toLowerCase() === denyPolicyName.toLowerCase());
}

// A row that rests but is still marked as due would come up in every sweep.
async function keepDue(deps: Enforcer, row: Row<Quarantine>, dueAt: Instant | null, now: Instant): Promise<void> {
  await settleAll(deps, row.value, row.value);
  if (row.dueAt === null || row.dueAt > now || row.dueAt === dueAt) return;
  await commitChanges(deps, [{ ...changeOf(row, { ...row.value, dueAt }, null), dueAt }]);
}

async function makeCall(deps: Enforcer, before: Row<Quarantine>, ordered: Quarantine, call: 'attach' | 'detach'): Promise<void> {
  const { principal, denyPolicyName, dueAt } = ordered;
  const { key } = before;
  const [result] = await Promise.all([resultOf(deps.iam[call](principal, denyPolicyName)), setClock(deps, key, dueAt)]);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const row = await readRow(deps.store, 'quarantine', key);
    // Somebody has moved on since: the answer of an older call says nothing about the one that is under way now.
    if (row === null || row.value.phase !== ordered.phase || row.value.calledAt !== ordered.calledAt) return;
    const transition = recordAnswer(row.value, result, deps.now());
    if (transition === null) return;
    if ((await commitStep(deps, row, transition)).kind === 'conflict') continue;
    return await settleAll(deps, before.value, transition.state);
  }
}

async function resultOf(call: Promise<CallResult>): Promise<CallResult> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof OutsideError) return 'failed';
    throw error;
  }
}

// Only a convenience: the sweep finds what this clock misses.
async function setClock(deps: Enforcer, key: string, at: Instant | null): Promise<void> {
  try {
    await deps.scheduler.schedule(key, at);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
  }
}

async function settleAll(deps: Enforcer, before: Quarantine, after: Quarantine): Promise<void> {
  const ids = [...before.holders, ...after.holders, ...after.refusals].map(({ executionId }) => executionId);
  for (const executionId of new Set(ids)) {
    try {
      await settleExecution(deps, executionId);
    } catch (error) {
      deps.report('settle', executionId, error); // it stays due in its own row
    }
  }
}

async function commitStep(deps: Enforcer, row: Row<Quarantine>, { state, entry }: Transition<Quarantine>): Promise<CommitResult> {
  const { engineChannel } = deps;
  const alarm = quarantineAlarm(row.value, state);
  const isTold = alarm !== null && engineChannel !== null;
  const notices = isTold ? [await owe(deps, `${state.quarantineId}-${alarm}`, { channel: engineChannel, about: row.key, isRequest: false })] : [];
  return await commitChanges(deps, [changeOf(row, state, entry), ...notices]);
}

function changeOf(row: Row<Quarantine>, value: Quarantine, entry: Change['entry']): Change {
  return { key: row.key, kind: 'quarantine', before: row, value, dueAt: value.dueAt, entry };
}
