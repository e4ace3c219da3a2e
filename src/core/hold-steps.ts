import type { Actor } from './audit-record.ts';
import { dueFor } from './converge-steps.ts';
import type { Instant } from './instant.ts';
import { type Holder, liveHolders, MAX_HOLDERS, type Quarantine, withRefusals } from './quarantine.ts';
import type { Transition } from './transition.ts';

/** An execution begins to want the quarantine. Where too many do already, it is refused, and its execution takes note. */
export function addHolder(quarantine: Quarantine, holder: Holder, by: Actor, now: Instant): Transition<Quarantine> {
  const live = liveHolders(quarantine, now).filter(({ executionId }) => executionId !== holder.executionId);
  const details = { ...describe(quarantine), execution_id: holder.executionId, expires_at: holder.expiresAt };
  if (live.length >= MAX_HOLDERS) {
    const refusal = { executionId: holder.executionId, why: 'too_many_holders', refusedAt: now } as const;
    return { state: withRefusals(quarantine, [refusal]), entry: { action: 'quarantine.refused', actor: by, details: { ...details, why: refusal.why } } };
  }
  const refusals = quarantine.refusals.filter(({ executionId }) => executionId !== holder.executionId);
  return { state: { ...quarantine, holders: [...live, holder], refusals, dueAt: now }, entry: { action: 'quarantine.ordered', actor: by, details } };
}

/**
 * An execution wants it no longer: its time is over, as of the moment of its order, by whatever clock. Others keep their hold; without
 * any, the next step takes it off, and tells this execution. Null where it was no holder whose time runs.
 */
export function removeHolder(quarantine: Quarantine, executionId: string, by: Actor, why: string | null, now: Instant): Transition<Quarantine> | null {
  const leaver = liveHolders(quarantine, now).find((holder) => holder.executionId === executionId);
  if (leaver === undefined) return null;
  const holders = quarantine.holders.map((holder) => (holder === leaver ? { ...holder, expiresAt: holder.orderedAt } : holder));
  const details = { ...describe(quarantine), execution_id: executionId, why };
  return { state: { ...quarantine, holders, dueAt: now }, entry: { action: 'quarantine.let_go', actor: by, details } };
}

/** Moves a holder's end to a later time, never to an earlier one. Null where it is no holder whose time runs, or nothing would change. */
export function extendHolder(quarantine: Quarantine, executionId: string, expiresAt: Instant, by: Actor, now: Instant): Transition<Quarantine> | null {
  const holder = liveHolders(quarantine, now).find((some) => some.executionId === executionId);
  if (holder === undefined || holder.expiresAt === null || expiresAt <= holder.expiresAt) return null;
  const state = { ...quarantine, holders: quarantine.holders.map((some) => (some === holder ? { ...holder, expiresAt } : some)) };
  const details = { ...describe(quarantine), execution_id: executionId, from_expires_at: holder.expiresAt, expires_at: expiresAt };
  return { state: { ...state, dueAt: dueFor(state, now) }, entry: { action: 'quarantine.extended', actor: by, details } };
}

function describe(quarantine: Quarantine) {
  return { principal: quarantine.principal.arn, deny_policy: quarantine.denyPolicyName, phase: quarantine.phase };
}
