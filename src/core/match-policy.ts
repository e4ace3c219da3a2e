import { alertTypeOf, type CostEvent, type RootCause } from './cost-event.ts';
import { globMatches, globMatchesIgnoringCase } from './glob.ts';
import { type Amount, addDecimals, type Decimal, formatAmount, formatUsdForPeople, roundToCents } from './money.ts';
import type { Match, Policy } from './policy.ts';
import { type ExemptionCode, type MatchCode, MISMATCH_CODES, type MismatchCode, type Reason } from './reason.ts';

/** What a policy's `match` and its excepted accounts say of an event. */
export type MatchResult =
  | { readonly kind: 'met'; readonly reasons: readonly Reason<MatchCode>[] }
  | { readonly kind: 'exempt'; readonly reasons: readonly Reason<MatchCode | ExemptionCode>[] }
  | { readonly kind: 'no_match'; readonly reasons: readonly Reason<MismatchCode>[] };

/** The part of an event's spend that account, service and region must be met by together: a root cause, or the event as a whole. */
interface SpendPart {
  readonly accountId: string | null;
  readonly service: string | null;
  readonly region: string | null;
  readonly contribution: Decimal | null;
}

type Finding = Reason<MatchCode> | Reason<MismatchCode>;

/**
 * Compares an event with a policy, matcher by matcher, and says of each why. All matchers must be met; account, service and region
 * by one and the same root cause. Excepted accounts take their causes out; where that leaves none, the policy is exempt.
 */
export function matchPolicy(policy: Policy, event: CostEvent): MatchResult {
  const { match } = policy;
  const parts = spendPartsOf(event);
  const met = parts.filter((part) => accountMet(match, part) && serviceMet(match, part) && regionMet(match, part));
  const counted = met.filter((part) => part.accountId === null || !policy.exceptions.accountIds.includes(part.accountId));
  const amount = amountThatCounts(event, parts, counted.length > 0 ? counted : met);
  const findings = [
    sourceFinding(match, event),
    ...partFindings(match, parts, met),
    ...amountFindings(match, amount),
    ...budgetNameFindings(match, event),
    ...alertTypeFindings(match, event),
    ...impactFindings(match, event),
  ];
  const mismatches = findings.filter(isMismatch);
  if (mismatches.length > 0) return { kind: 'no_match', reasons: mismatches };
  const reasons = findings.filter((finding) => !isMismatch(finding));
  return counted.length > 0 ? { kind: 'met', reasons } : { kind: 'exempt', reasons: [...reasons, accountExcepted(policy, met)] };
}

function isMismatch(finding: Finding): finding is Reason<MismatchCode> {
  return (MISMATCH_CODES as readonly string[]).includes(finding.code);
}

function spendPartsOf(event: CostEvent): readonly SpendPart[] {
  if (event.source === 'budgets') return [{ accountId: event.accountId, service: null, region: null, contribution: null }];
  if (event.source === 'billing_alarm') return [{ accountId: event.accountId, service: event.service, region: null, contribution: null }];
  const linked = event.rootCauses.some((cause) => cause.accountId !== null);
  const owner = { accountId: event.ownerAccountId, service: null, region: null, contribution: null };
  if (event.rootCauses.length === 0) return [owner];
  return event.rootCauses.map((cause: RootCause) => (linked ? cause : { ...cause, accountId: event.ownerAccountId }));
}

function accountMet(match: Match, part: SpendPart): boolean {
  return match.accountIds === '*' || (part.accountId !== null && match.accountIds.includes(part.accountId));
}

function serviceMet(match: Match, part: SpendPart): boolean {
  const { service } = part;
  if (match.services === null) return true;
  // Cost Explorer says `Amazon Elastic Compute Cloud - Compute` where people write `Amazon Elastic Compute Cloud`.
  return service !== null && match.services.some((glob) => globMatchesIgnoringCase(glob, service) || globMatchesIgnoringCase(`${glob} - *`, service));
}

function regionMet(match: Match, part: SpendPart): boolean {
  const { region } = part;
  return match.regions === null || (region !== null && match.regions.some((glob) => globMatchesIgnoringCase(glob, region)));
}

function amountThatCounts(event: CostEvent, parts: readonly SpendPart[], counted: readonly SpendPart[]): Amount {
  const contributions = counted.map((part) => part.contribution).filter((contribution) => contribution !== null);
  const first = contributions[0];
  if (first === undefined || parts.some((part) => part.contribution === null)) return event.amount;
  return { kind: 'usd', usd: roundToCents(contributions.slice(1).reduce(addDecimals, first)) };
}

function sourceFinding(match: Match, event: CostEvent): Finding {
  const code = match.sources.includes(event.source) ? 'source_met' : 'source_differs';
  return { code, expected: oneOf(match.sources), actual: event.source };
}

function partFindings(match: Match, parts: readonly SpendPart[], met: readonly SpendPart[]): readonly Finding[] {
  const found = met.length > 0 ? met : parts;
  const account = { expected: oneOf(match.accountIds === '*' ? ['any account'] : match.accountIds), actual: listed(found.map((part) => part.accountId)) };
  const service = { expected: oneOf(match.services ?? []), actual: listed(found.map((part) => part.service)) };
  const region = { expected: oneOf(match.regions ?? []), actual: listed(found.map((part) => part.region)) };
  if (met.length > 0) {
    return [
      { code: 'account_met', ...account },
      ...(match.services === null ? [] : [{ code: 'service_met', ...service } as const]),
      ...(match.regions === null ? [] : [{ code: 'region_met', ...region } as const]),
    ];
  }
  const differing: Finding[] = [
    ...(parts.some((part) => accountMet(match, part)) ? [] : [{ code: 'account_differs', ...account } as const]),
    ...(parts.some((part) => serviceMet(match, part)) ? [] : [{ code: 'service_differs', ...service } as const]),
    ...(parts.some((part) => regionMet(match, part)) ? [] : [{ code: 'region_differs', ...region } as const]),
  ];
  if (differing.length > 0) return differing;
  return [{ code: 'no_single_root_cause', expected: 'account, service and region in one root cause', actual: 'each in another one' }];
}

function amountFindings(match: Match, amount: Amount): readonly Finding[] {
  const { minAmount, maxAmount } = match;
  if (minAmount === null && maxAmount === null) return [];
  const bounds = [
    ...(minAmount === null ? [] : [`at least ${formatUsdForPeople(minAmount)}`]),
    ...(maxAmount === null ? [] : [`at most ${formatUsdForPeople(maxAmount)}`]),
  ];
  return [{ code: amountCode(match, amount), expected: bounds.join(' and '), actual: formatAmount(amount) }];
}

function amountCode(match: Match, amount: Amount): Finding['code'] {
  const { minAmount, maxAmount } = match;
  // A minimum of 0 is how people write "any amount", so it asks for no currency either.
  if (amount.kind === 'other') return maxAmount === null && minAmount === 0n ? 'amount_met' : 'amount_not_in_usd';
  if (minAmount !== null && minAmount > 0n && amount.usd < minAmount) return 'amount_below_min';
  return maxAmount !== null && amount.usd > maxAmount ? 'amount_above_max' : 'amount_met';
}

function budgetNameFindings(match: Match, event: CostEvent): readonly Finding[] {
  if (match.budgetNames === null) return [];
  const name = event.source === 'budgets' ? event.budgetName : null;
  const met = name !== null && match.budgetNames.some((glob) => globMatches(glob, name));
  return [{ code: met ? 'budget_name_met' : 'budget_name_differs', expected: oneOf(match.budgetNames), actual: listed([name]) }];
}

function alertTypeFindings(match: Match, event: CostEvent): readonly Finding[] {
  if (match.alertTypes === null) return [];
  const alertType = alertTypeOf(event);
  const met = alertType !== null && match.alertTypes.includes(alertType);
  return [{ code: met ? 'alert_type_met' : 'alert_type_differs', expected: oneOf(match.alertTypes), actual: listed([alertType]) }];
}

function impactFindings(match: Match, event: CostEvent): readonly Finding[] {
  if (match.minImpactPercent === null) return [];
  const impact = event.source === 'anomaly' ? event.impactPercent : null;
  const met = impact !== null && (impact === 'infinite' || impact >= match.minImpactPercent);
  const actual = impact === null || impact === 'infinite' ? (impact ?? 'none') : `${impact} %`;
  return [{ code: met ? 'impact_met' : 'impact_below_min', expected: `at least ${match.minImpactPercent} %`, actual }];
}

function accountExcepted(policy: Policy, met: readonly SpendPart[]): Reason<ExemptionCode> {
  return { code: 'account_excepted', expected: `none of ${oneOf(policy.exceptions.accountIds)}`, actual: listed(met.map((part) => part.accountId)) };
}

function oneOf(values: readonly string[]): string {
  return values.join(' or ');
}

function listed(values: readonly (string | null)[]): string {
  const known = [...new Set(values.filter((value) => value !== null))];
  return known.length > 0 ? known.join(', ') : 'none';
}
