import type { Match, Mode, Policy } from '../core/policy.ts';
import type { PolicySet, Settings } from '../core/policy-set.ts';

/** A policy as it was and as it is; null where there was or is none. */
export type PolicyPair =
  | { readonly before: Policy; readonly after: Policy }
  | { readonly before: null; readonly after: Policy }
  | { readonly before: Policy; readonly after: null };

/** What happened to a policy between two sets. */
export interface PolicyChange {
  readonly kind: 'added' | 'removed' | 'renamed' | 'enabled' | 'disabled' | 'edited';
  /** The id that it has; for a removed one, that it had. */
  readonly policyId: string;
  /** The id that it had, where that was another. */
  readonly formerId: string | null;
  /** What is written differently, by the keys of the policy file; for one that was added or removed, nothing. */
  readonly keys: readonly string[];
  /** Null on the side where it is not there or disabled. */
  readonly mode: { readonly before: Mode | null; readonly after: Mode | null };
}

const POLICY_KEYS: Readonly<Record<Exclude<keyof Policy, 'policyId' | 'enabled' | 'match' | 'response' | 'exceptions'>, string>> = {
  description: 'description',
  mode: 'mode',
  ttlMinutes: 'ttl_minutes',
  principals: 'scope.principals',
  notify: 'notify',
  approval: 'approval',
  metadata: 'metadata',
};

const MATCH_KEYS: Readonly<Record<keyof Match, string>> = {
  sources: 'match.source',
  accountIds: 'match.account_ids',
  minAmount: 'match.min_amount_usd',
  maxAmount: 'match.max_amount_usd',
  services: 'match.services',
  regions: 'match.regions',
  budgetNames: 'match.budget_names',
  alertTypes: 'match.alert_types',
  minImpactPercent: 'match.min_impact_percent',
};

const EXCEPTION_KEYS: Readonly<Record<keyof Policy['exceptions'], string>> = {
  accountIds: 'exceptions.accounts',
  principals: 'exceptions.principals',
  timeWindows: 'exceptions.time_windows',
};

const SETTINGS_KEYS: Readonly<Record<keyof Settings, string>> = {
  notify: 'notify',
  tellUnmatched: 'tell_unmatched',
  slack: 'slack',
  approval: 'approval',
  plausibilityCeiling: 'plausibility_ceiling_usd',
  plausibilityRatio: 'plausibility_ratio',
  breaker: 'breaker',
  protectedPrincipals: 'protected_principals',
  maxTtlMinutes: 'max_ttl_minutes',
  allowUnknownActions: 'allow_unknown_actions',
};

/**
 * Puts each policy of one set beside what it is in the other: by its id, else by being the same in all but its id and its
 * description. Ordered by id.
 */
export function pairPolicies(before: PolicySet, after: PolicySet): readonly PolicyPair[] {
  const earlier = new Map(before.policies.map((policy) => [policy.policyId, policy]));
  const kept = new Set(after.policies.map(({ policyId }) => policyId));
  const gone = before.policies.filter(({ policyId }) => !kept.has(policyId));
  const pairs = after.policies.map((policy): PolicyPair => {
    const same = earlier.get(policy.policyId);
    if (same !== undefined) return { before: same, after: policy };
    const at = gone.findIndex((other) => keysThatDiffer(other, policy).every((key) => key === 'description') && other.enabled === policy.enabled);
    const [renamed = null] = at < 0 ? [] : gone.splice(at, 1);
    return { before: renamed, after: policy };
  });
  const removed = gone.map((policy): PolicyPair => ({ before: policy, after: null }));
  return [...pairs, ...removed].sort((a, b) => (policyIdOf(a) < policyIdOf(b) ? -1 : 1));
}

/** What happened to the policies, whether or not a recorded alert shows it. A policy that is as it was is not there. */
export function policyChanges(pairs: readonly PolicyPair[]): readonly PolicyChange[] {
  return pairs.flatMap((pair): readonly PolicyChange[] => {
    const { before, after } = pair;
    const common = { policyId: policyIdOf(pair), formerId: null, mode: { before: modeOf(before), after: modeOf(after) } };
    if (before === null) return [{ ...common, kind: 'added', keys: [] }];
    if (after === null) return [{ ...common, kind: 'removed', keys: [] }];
    const keys = keysThatDiffer(before, after);
    if (before.policyId !== after.policyId) return [{ ...common, kind: 'renamed', formerId: before.policyId, keys }];
    if (before.enabled !== after.enabled) return [{ ...common, kind: after.enabled ? 'enabled' : 'disabled', keys }];
    return keys.length > 0 ? [{ ...common, kind: 'edited', keys }] : [];
  });
}

/** The keys of `settings.yaml` whose values differ. */
export function settingsThatDiffer(before: Settings, after: Settings): readonly string[] {
  return differing(SETTINGS_KEYS, before, after);
}

function keysThatDiffer(before: Policy, after: Policy): readonly string[] {
  const { regions: regionsBefore, ...responseBefore } = { regions: null, ...before.response };
  const { regions: regionsAfter, ...responseAfter } = { regions: null, ...after.response };
  return [
    ...differing(POLICY_KEYS, before, after),
    ...differing(MATCH_KEYS, before.match, after.match),
    ...(isSame(regionsBefore, regionsAfter) ? [] : ['scope.regions']),
    ...(isSame(responseBefore, responseAfter) ? [] : ['actions']),
    ...differing(EXCEPTION_KEYS, before.exceptions, after.exceptions),
  ].sort();
}

function differing<Key extends string>(
  names: Readonly<Record<Key, string>>,
  before: Readonly<Record<Key, unknown>>,
  after: Readonly<Record<Key, unknown>>,
): readonly string[] {
  return keysOf(names).flatMap((key) => (isSame(before[key], after[key]) ? [] : [names[key]]));
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): readonly Key[] {
  return Object.keys(record).filter((key): key is Key => Object.hasOwn(record, key));
}

// Both sides were built by the same code, so equal values have their keys in the same order.
function isSame(a: unknown, b: unknown): boolean {
  return textOf(a) === textOf(b);
}

function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item));
}

/** The id that the policy has; where it is gone, that it had. */
export function policyIdOf({ before, after }: PolicyPair): string {
  return after === null ? before.policyId : after.policyId;
}

function modeOf(policy: Policy | null): Mode | null {
  return policy?.enabled ? policy.mode : null;
}
