import type { Reason, ReasonCode } from './reason.ts';

type Sentence = (expected: string, actual: string) => string;

// One sentence for each code, so that people never have to read the code itself. The policy is "it", the alert is "this".
const SENTENCES: Readonly<Record<ReasonCode, Sentence>> = {
  source_met: (_expected, actual) => `it listens to ${actual}`,
  account_met: (_expected, actual) => `the account is ${actual}`,
  amount_met: (expected, actual) => `${actual} is ${expected}`,
  service_met: (_expected, actual) => `the service is ${actual}`,
  region_met: (_expected, actual) => `the region is ${actual}`,
  budget_name_met: (_expected, actual) => `the budget is ${actual}`,
  alert_type_met: (_expected, actual) => `the alert is ${actual}`,
  impact_met: (expected, actual) => `an impact of ${actual} is ${expected}`,
  source_differs: (expected, actual) => `it listens to ${expected}, this is from ${actual}`,
  account_differs: (expected, actual) => `its account is ${expected}, this is about ${actual}`,
  amount_below_min: (expected, actual) => `it asks for ${expected}, this is ${actual}`,
  amount_above_max: (expected, actual) => `it asks for ${expected}, this is ${actual}`,
  amount_not_in_usd: (expected, actual) => `it asks for ${expected}, and ${actual} is not in US dollars`,
  service_differs: (expected, actual) => `its service is ${expected}, this names ${actual}`,
  region_differs: (expected, actual) => `its region is ${expected}, this names ${actual}`,
  no_single_root_cause: () => 'its account, service and region are met, but by no single root cause',
  budget_name_differs: (expected, actual) => `its budget is ${expected}, this names ${actual}`,
  alert_type_differs: (expected, actual) => `it answers ${expected} alerts, this is ${actual}`,
  impact_below_min: (expected, actual) => `it asks for an impact of ${expected}, this is ${actual}`,
  account_excepted: (_expected, actual) => `account ${actual} is excepted`,
  all_principals_excluded: () => 'every principal that it names is excepted or protected',
  notify_only: () => 'it only notifies',
  spend_below_threshold: (_expected, actual) => `the alert is on spend below a threshold (${actual})`,
  time_window: (expected, actual) => `it only tells in its time window: ${expected.replace(/^not /, '')} (it is ${actual})`,
  forecast: () => 'a forecast is no spend yet, and alert_types does not name forecasted',
  not_in_usd: (_expected, actual) => `${actual} is not in US dollars`,
  plausibility_ceiling: (expected, actual) => `${actual} is hard to believe: the ceiling is ${expected}`,
  plausibility_ratio: (expected, actual) => `${actual} is hard to believe: the limit is ${expected}`,
  stale_signal: (_expected, actual) => `the alert is older than 24 hours (${actual})`,
  breaker_full: (expected, actual) => `the breaker lets through ${expected} (${actual})`,
  paused: () => 'the engine is paused',
};

/** A reason as a clause for people, such as `$1,046.29 is at least $200.00`. */
export function explainReason({ code, expected, actual }: Reason): string {
  return SENTENCES[code](expected, actual);
}
