import { type CostEvent, SOURCES } from './cost-event.ts';
import { globMatchesIgnoringCase } from './glob.ts';
import { roundToCents, type Usd } from './money.ts';
import { type Plan, planFor } from './plan.ts';
import type { Policy } from './policy.ts';
import type { PolicySet, Settings } from './policy-set.ts';
import { type Principal, parsePrincipalArn, untouchableReason } from './principal.ts';

/** A principal that the policy names and that stays untouched all the same. */
export interface ExcludedPrincipal {
  readonly arn: string;
  readonly reason: 'excepted' | 'protected';
}

/** A policy with all that follows from it and the settings alone, worked out once and not for every event. */
export interface PreparedPolicy {
  readonly policy: Policy;
  /** The principals that it names and may hold; none where it only notifies. */
  readonly targets: readonly Principal[];
  readonly excluded: readonly ExcludedPrincipal[];
  /** Null where it only notifies, or nobody is left to hold. */
  readonly plan: Plan | null;
}

/** A policy set made ready to be asked: an event finds the few policies that it could meet without looking at the others. */
export interface PolicyIndex {
  readonly revision: string;
  readonly settings: Settings;
  /** The enabled policies, ordered by id. */
  readonly prepared: readonly PreparedPolicy[];
  /** The same, by what an event must have for the policy to be met at all; each list ordered by minimum amount. */
  readonly buckets: ReadonlyMap<string, readonly BucketEntry[]>;
}

interface BucketEntry {
  readonly position: number;
  readonly prepared: PreparedPolicy;
  /** Null where any amount will do, also one that is not in US dollars. */
  readonly minAmount: Usd | null;
}

const ANY = '*';

/** Prepares the enabled policies of a set, and files each under the narrowest key that every event meeting it must have. */
export function indexPolicies(policySet: PolicySet): PolicyIndex {
  const { revision, settings } = policySet;
  const prepared = policySet.policies.filter(({ enabled }) => enabled).map((policy) => preparePolicy(policy, settings));
  const buckets = new Map<string, BucketEntry[]>();
  for (const [position, one] of prepared.entries()) {
    const { minAmount } = one.policy.match;
    const entry = { position, prepared: one, minAmount: minAmount === 0n ? null : minAmount };
    for (const key of policyKeys(one.policy)) {
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [entry]);
      else bucket.push(entry);
    }
  }
  for (const bucket of buckets.values()) bucket.sort((a, b) => compareAmounts(a.minAmount, b.minAmount));
  return { revision, settings, prepared, buckets };
}

/** The policies that the event could meet, ordered by id. None that it meets is missing; some may not be met after all. */
export function candidatesFor(event: CostEvent, index: PolicyIndex): readonly PreparedPolicy[] {
  const atMost = greatestAmountThatCounts(event);
  const found = new Map<number, PreparedPolicy>();
  for (const key of eventKeys(event)) {
    for (const { position, prepared, minAmount } of index.buckets.get(key) ?? []) {
      if (minAmount !== null && (atMost === null || minAmount > atMost)) break;
      found.set(position, prepared);
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, prepared]) => prepared);
}

function preparePolicy(policy: Policy, settings: Settings): PreparedPolicy {
  const named = policy.response.kind === 'notify_only' ? [] : policy.principals;
  const excluded = named.flatMap((principal) => exclusionOf(principal, policy, settings));
  const targets = named.filter((principal) => !excluded.some(({ arn }) => arn === principal.arn));
  return { policy, targets, excluded, plan: targets.length > 0 ? planFor(policy, targets) : null };
}

// Validation already refuses a policy that names a protected principal. It is asked again here, where the harm would be done.
function exclusionOf(principal: Principal, policy: Policy, settings: Settings): readonly ExcludedPrincipal[] {
  const { arn } = principal;
  const parsed = parsePrincipalArn(arn);
  const untouchable = parsed === null || untouchableReason(parsed) !== null;
  if (untouchable || settings.protectedPrincipals.some((glob) => globMatchesIgnoringCase(glob, arn))) return [{ arn, reason: 'protected' }];
  return policy.exceptions.principals.some((glob) => globMatchesIgnoringCase(glob, arn)) ? [{ arn, reason: 'excepted' }] : [];
}

// Every event that meets the policy has one of these keys: source and account, narrowed by budget or service where no glob stands in the way.
function policyKeys({ match }: Policy): readonly string[] {
  const accounts = match.accountIds === '*' ? [ANY] : match.accountIds;
  const names = match.budgetNames?.some(isGlob) === false ? match.budgetNames : null;
  const services = match.services?.some(isGlob) === false ? match.services.map((service) => service.toLowerCase()) : null;
  const narrow = names?.map((name) => `budget:${name}`) ?? services?.map((service) => `service:${service}`) ?? [''];
  return [...new Set(match.sources.flatMap((source) => accounts.flatMap((account) => narrow.map((part) => keyOf(source, account, part)))))];
}

function eventKeys(event: CostEvent): ReadonlySet<string> {
  const accounts = [ANY, ...accountsOfParts(event)];
  const narrow = ['', ...(event.source === 'budgets' ? [`budget:${event.budgetName}`] : serviceKeys(event))];
  return new Set(accounts.flatMap((account) => narrow.map((part) => keyOf(event.source, account, part))));
}

function accountsOfParts(event: CostEvent): readonly string[] {
  if (event.source !== 'anomaly') return [event.accountId];
  return [event.ownerAccountId, ...event.rootCauses.map(({ accountId }) => accountId).filter((accountId) => accountId !== null)];
}

// `Amazon Elastic Compute Cloud` also meets `Amazon Elastic Compute Cloud - Compute`: each beginning before a ` - ` is a key.
function serviceKeys(event: Exclude<CostEvent, { source: 'budgets' }>): readonly string[] {
  const services = event.source === 'anomaly' ? event.rootCauses.map(({ service }) => service) : [event.service];
  return services.flatMap((service) => {
    const parts = service === null ? [] : service.toLowerCase().split(' - ');
    return parts.map((_, index) => `service:${parts.slice(0, index + 1).join(' - ')}`);
  });
}

function keyOf(source: CostEvent['source'], account: string, narrow: string): string {
  return `${SOURCES.indexOf(source)}:${account}:${narrow}`;
}

function isGlob(text: string): boolean {
  return text.includes('*');
}

// Shares of root causes may add up to more than the total that AWS gives. Null: only policies that take any amount can be met.
function greatestAmountThatCounts(event: CostEvent): Usd | null {
  if (event.amount.kind === 'other') return null;
  const shares = event.source === 'anomaly' ? event.rootCauses.map(({ contribution }) => (contribution === null ? 0n : roundToCents(contribution))) : [];
  // Each share was rounded by itself, so their sum may be short by up to a cent for each.
  const sum = shares.reduce<bigint>((total, share) => (share > 0n ? total + share + 1n : total), 0n);
  return (sum > event.amount.usd ? sum : event.amount.usd) as Usd;
}

function compareAmounts(a: Usd | null, b: Usd | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return a < b ? -1 : Number(a > b);
}
