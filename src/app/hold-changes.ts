import type { Actor } from '../core/audit-record.ts';
import type { Order } from '../core/execution.ts';
import { addHolder, extendHolder, removeHolder } from '../core/hold-steps.ts';
import type { Instant } from '../core/instant.ts';
import type { Plan } from '../core/plan.ts';
import { emptyQuarantine, type Quarantine, quarantineIdOf } from '../core/quarantine.ts';
import type { Transition } from '../core/transition.ts';
import { afterWakeUp, type Base, type Change } from './commit-changes.ts';
import type { Row } from './ports.ts';
import { findRows, keyOf, readRows } from './rows.ts';

/** The execution begins to want every quarantine of its plan. */
export async function orderHolds(base: Base, executionId: string, plan: Plan, order: Order, by: Actor): Promise<readonly Change[]> {
  const holder = { executionId, planHash: plan.planHash, orderedAt: order.orderedAt, expiresAt: order.expiresAt };
  const rows = await readRows(base.store, 'quarantine', quarantineKeys(plan));
  return plan.principals.map((principal) => {
    const key = quarantineKey(plan, principal.arn);
    const before = rows.get(key) ?? null;
    const quarantine = before?.value ?? emptyQuarantine(principal, plan.denyPolicyName, plan.documentHash);
    return holdChange(key, before, addHolder(quarantine, holder, by, base.now()), base.now());
  });
}

/** The execution leaves every quarantine of its plan, whatever state each is in. */
export async function leaveHolds(base: Base, executionId: string, plan: Plan, by: Actor, why: string | null): Promise<readonly Change[]> {
  return await eachHold(base, plan, (quarantine) => removeHolder(quarantine, executionId, by, why, base.now()));
}

/** The execution wants every quarantine of its plan until another time. */
export async function extendHolds(base: Base, executionId: string, plan: Plan, expiresAt: Instant, by: Actor): Promise<readonly Change[]> {
  return await eachHold(base, plan, (quarantine) => extendHolder(quarantine, executionId, expiresAt, by, base.now()));
}

/** The keys of the quarantines of a plan. */
export function quarantineKeys(plan: Plan): readonly string[] {
  return plan.principals.map(({ arn }) => quarantineKey(plan, arn));
}

async function eachHold(base: Base, plan: Plan, step: (quarantine: Quarantine) => Transition<Quarantine> | null): Promise<readonly Change[]> {
  // One that can't be read must not keep the others from being let go.
  const { rows } = await findRows(base.store, 'quarantine', quarantineKeys(plan));
  return [...rows.values()].flatMap((row) => {
    const transition = step(row.value);
    return transition === null ? [] : [holdChange(row.key, row, transition, base.now())];
  });
}

function quarantineKey(plan: Plan, arn: string): string {
  return keyOf('quarantine', quarantineIdOf(arn, plan.denyPolicyName));
}

function holdChange(key: string, before: Row<Quarantine> | null, { state, entry }: Transition<Quarantine>, now: Instant): Change {
  const dueAt = afterWakeUp(state.dueAt, now);
  return { key, kind: 'quarantine', before, value: { ...state, dueAt }, dueAt, entry };
}
