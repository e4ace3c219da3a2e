import { SOURCES, type Source } from './cost-event.ts';
import { formatUsd } from './money.ts';
import { type MatchDraft, type PolicyDraft, readItems } from './policy-draft.ts';
import { childPath, errorAt, type Finding, warningAt } from './problem.ts';

/** Which sources carry the value that a matcher compares. A policy that asks others for it is never met by them. */
const CARRIED_BY = {
  services: ['anomaly', 'billing_alarm'],
  regions: ['anomaly'],
  budget_names: ['budgets'],
  alert_types: ['budgets'],
  min_impact_percent: ['anomaly'],
} as const satisfies Record<string, readonly Source[]>;

type Matcher = keyof typeof CARRIED_BY;

/** What is wrong, or useless, in what the policy wants to be met by. */
export function checkMatch(draft: PolicyDraft): readonly Finding[] {
  return [...checkAmounts(draft.match), ...checkSources(draft.match), ...checkEmptyConditions(draft.match), ...checkAccounts(draft)];
}

function checkAmounts({ minAmount, maxAmount }: MatchDraft): readonly Finding[] {
  if (minAmount === null || maxAmount === null || maxAmount > minAmount) return [];
  const found = `max_amount_usd is ${formatUsd(maxAmount)} and min_amount_usd is ${formatUsd(minAmount)}`;
  return [errorAt('/match/max_amount_usd', 'max_not_above_min', `${found}; expected the maximum to be above the minimum. Raise it, or leave it out.`)];
}

function checkSources(match: MatchDraft): readonly Finding[] {
  const sources = SOURCES.filter((source) => match.sources.includes(source));
  const matchers = matchersOf(match);
  const perMatcher = matchers.flatMap((matcher) => checkMatcher(matcher, sources));
  const possible = sources.filter((source) => matchers.every((matcher) => carries(matcher, source)));
  if (sources.length === 0 || possible.length > 0 || perMatcher.some((finding) => finding.code === 'never_matches')) return perMatcher;
  const message = `No alert can meet this policy: none of its sources (${sources.join(', ')}) carries ${matchers.join(' and ')} together.`;
  return [warningAt('/match', 'never_matches', `${message} Make one policy for each source.`)];
}

function checkMatcher(matcher: Matcher, sources: readonly Source[]): readonly Finding[] {
  const lacking = sources.filter((source) => !carries(matcher, source));
  if (lacking.length === 0) return [];
  const path = childPath('/match', matcher);
  const carriers = CARRIED_BY[matcher].join(' and ');
  const message = `Alerts of ${lacking.join(' and ')} carry nothing to compare ${matcher} with (those of ${carriers} do), so they never meet this policy.`;
  if (lacking.length === sources.length) return [warningAt(path, 'never_matches', `${message} Take the key out, or add a source that carries it.`)];
  return [warningAt(path, 'source_never_matches', `${message} Take the key out, or take ${lacking.join(' and ')} out of match.source.`)];
}

function checkEmptyConditions(match: MatchDraft): readonly Finding[] {
  const lists = { services: match.services, regions: match.regions, budget_names: match.budgetNames, alert_types: match.alertTypes };
  return Object.entries(lists)
    .filter(([, list]) => list !== null && list.length === 0)
    .map(([key]) =>
      warningAt(childPath('/match', key), 'never_matches', `${key} is an empty list, which nothing meets. Leave the key out to set no condition.`),
    );
}

function checkAccounts({ match, mode, actions, exceptions }: PolicyDraft): readonly Finding[] {
  const any = match.accountIds.includes('*');
  const acts = readItems(actions).some((action) => action.kind === 'deny');
  return match.accountIds.flatMap((accountId, index) => {
    const path = childPath('/match/account_ids', index);
    if (accountId === '*') {
      if (mode !== 'auto' || !acts) return [];
      return [
        warningAt(path, 'auto_any_account', 'In mode auto, "*" lets an alert of any account hold these principals. Name the accounts whose spend they cause.'),
      ];
    }
    if (accountId === null) return [];
    if (any) return [warningAt(path, 'redundant_account', `"${accountId}" adds nothing beside "*". Take one of them out.`)];
    if (!exceptions.accountIds.includes(accountId)) return [];
    return [warningAt(path, 'excepted_account', `exceptions.accounts names ${accountId} too, so its alerts never count here. Take it out of one of them.`)];
  });
}

function matchersOf(match: MatchDraft): readonly Matcher[] {
  const set: Record<Matcher, boolean> = {
    services: match.services !== null,
    regions: match.regions !== null,
    budget_names: match.budgetNames !== null,
    alert_types: match.alertTypes !== null,
    min_impact_percent: match.minImpactPercent !== null,
  };
  return MATCHERS.filter((matcher) => set[matcher]);
}

const MATCHERS: readonly Matcher[] = ['services', 'regions', 'budget_names', 'alert_types', 'min_impact_percent'];

function carries(matcher: Matcher, source: Source): boolean {
  const carriers: readonly Source[] = CARRIED_BY[matcher];
  return carriers.includes(source);
}
