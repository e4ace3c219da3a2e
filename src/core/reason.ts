/** Why a policy was met, matcher by matcher. */
export const MATCH_CODES = ['source_met', 'account_met', 'amount_met', 'service_met', 'region_met', 'budget_name_met', 'alert_type_met', 'impact_met'] as const;

/** Why a policy was not met. */
export const MISMATCH_CODES = [
  'source_differs',
  'account_differs',
  'amount_below_min',
  'amount_above_max',
  'amount_not_in_usd',
  'service_differs',
  'region_differs',
  'no_single_root_cause',
  'budget_name_differs',
  'alert_type_differs',
  'impact_below_min',
] as const;

/** Why a policy that was met does nothing to anybody. */
export const EXEMPTION_CODES = ['account_excepted', 'all_principals_excluded'] as const;

/** What lowered the mode of a policy that was met. */
export const LOWERING_CODES = [
  'notify_only',
  'spend_below_threshold',
  'time_window',
  'forecast',
  'not_in_usd',
  'plausibility_ceiling',
  'plausibility_ratio',
  'stale_signal',
  'breaker_full',
  'paused',
] as const;

export type MatchCode = (typeof MATCH_CODES)[number];
export type MismatchCode = (typeof MISMATCH_CODES)[number];
export type ExemptionCode = (typeof EXEMPTION_CODES)[number];
export type LoweringCode = (typeof LOWERING_CODES)[number];
export type ReasonCode = MatchCode | MismatchCode | ExemptionCode | LoweringCode;

/** One step of a decision, in words that a person and a program can both read: what the policy asks, and what was found. */
export interface Reason<Code extends ReasonCode = ReasonCode> {
  readonly code: Code;
  readonly expected: string;
  readonly actual: string;
}
