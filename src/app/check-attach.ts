import type { Verdict } from '../core/converge-steps.ts';
import { GRACE_MINUTES } from '../core/converge-steps.ts';
import { globMatchesIgnoringCase } from '../core/glob.ts';
import { type Instant, minutesBetween } from '../core/instant.ts';
import type { KillSwitch } from '../core/lower-mode.ts';
import type { PolicyIndex } from '../core/policy-index.ts';
import { parsePrincipalArn, untouchableReason } from '../core/principal.ts';
import type { Holder, Quarantine, RefusalCode } from '../core/quarantine.ts';
import type { FoundDenyPolicy, FoundPrincipal, Iam, Store } from './ports.ts';
import { OutsideError } from './ports.ts';
import { readKillSwitch } from './rows.ts';

/** An order that could not be carried out for so long is not carried out any more, in minutes. */
export const ORDER_MINUTES = 15;

interface Seen {
  readonly principal: FoundPrincipal | null;
  readonly denyPolicy: FoundDenyPolicy | null;
  readonly killSwitch: KillSwitch;
}

/** Asks everything that speaks against an attach, fresh and at once, and says of each holder whether it may have it. */
export async function checkAttach(
  deps: { readonly store: Pick<Store, 'read'>; readonly iam: Pick<Iam, 'findPrincipal' | 'findDenyPolicy'>; readonly policies: PolicyIndex },
  quarantine: Quarantine,
  holders: readonly Holder[],
  now: Instant,
): Promise<ReadonlyMap<string, Verdict>> {
  const seen = await look(deps, quarantine);
  return new Map(holders.map((holder) => [holder.executionId, verdictOn(holder, quarantine, seen, deps.policies, now)]));
}

async function look(deps: Parameters<typeof checkAttach>[0], quarantine: Quarantine): Promise<Seen | null> {
  try {
    const [principal, denyPolicy, killSwitch] = await Promise.all([
      deps.iam.findPrincipal(quarantine.principal),
      deps.iam.findDenyPolicy(quarantine.principal, quarantine.denyPolicyName),
      readKillSwitch(deps.store),
    ]);
    return { principal, denyPolicy, killSwitch };
  } catch (error) {
    if (error instanceof OutsideError) return null;
    throw error;
  }
}

function verdictOn(holder: Holder, quarantine: Quarantine, seen: Seen | null, policies: PolicyIndex, now: Instant): Verdict {
  if (minutesBetween(holder.orderedAt, now) >= ORDER_MINUTES) return { kind: 'refused', why: 'too_late' };
  if (seen === null) return { kind: 'wait' };
  const why = objection(quarantine, seen, policies);
  if (why !== null) return { kind: 'refused', why };
  const planStands = policies.prepared.some(({ plan }) => plan?.planHash === holder.planHash && plan.denyPolicyName === quarantine.denyPolicyName);
  if (planStands) return { kind: 'ok' };
  return minutesBetween(holder.orderedAt, now) < GRACE_MINUTES ? { kind: 'wait' } : { kind: 'refused', why: 'policy_gone' };
}

function objection(quarantine: Quarantine, seen: Seen, policies: PolicyIndex): RefusalCode | null {
  const { arn } = quarantine.principal;
  const wanted = parsePrincipalArn(arn);
  if (seen.killSwitch === 'paused') return 'paused';
  if (seen.principal === null) return 'not_found';
  if (seen.principal.arn !== arn) return parsePrincipalArn(seen.principal.arn)?.accountId === wanted?.accountId ? 'other_principal' : 'foreign_account';
  const untouchable = wanted === null ? 'engine_role' : untouchableReason(wanted);
  if (untouchable === 'service_linked_role' || untouchable === 'identity_center_role') return 'unmodifiable';
  if (untouchable !== null || policies.settings.protectedPrincipals.some((glob) => globMatchesIgnoringCase(glob, arn))) return 'protected';
  const { denyPolicy } = seen;
  return denyPolicy === null || denyPolicy.defaultVersion !== 'v1' || denyPolicy.documentHash !== quarantine.documentHash ? 'policy_changed' : null;
}
