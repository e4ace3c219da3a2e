import type { Mode } from '../../src/core/policy.ts';
import type { LoweringCode } from '../../src/core/reason.ts';

/** How far the engine still goes where this speaks against more, and when it does. */
export interface LoweringSentence {
  readonly to: Mode;
  readonly when: string;
}

/** What lowers a policy's mode, for the documentation; `lowerMode` in src/core is what does it. */
export const LOWERING_SENTENCES: Readonly<Record<LoweringCode, LoweringSentence>> = {
  notify_only: { to: 'dry_run', when: 'The policy has no other action than `notify_only`.' },
  spend_below_threshold: { to: 'dry_run', when: 'The alert is on spend *below* a threshold: nobody is held for spending little.' },
  time_window: { to: 'dry_run', when: 'It is a time of `exceptions.time_windows`.' },
  forecast: { to: 'manual', when: 'The alert is on a forecast, and `match.alert_types` does not name `forecasted`.' },
  not_in_usd: { to: 'manual', when: 'The amount is in another currency, or in a unit of usage.' },
  plausibility_ceiling: { to: 'manual', when: 'The amount is above `plausibility_ceiling_usd`, so it is hard to believe.' },
  plausibility_ratio: { to: 'manual', when: "The amount is above `plausibility_ratio` times the budget's limit." },
  stale_signal: { to: 'manual', when: 'The alert was sent more than 24 hours ago.' },
  breaker_full: { to: 'manual', when: '`auto` would hold more principals than `breaker` lets through.' },
  paused: { to: 'dry_run', when: 'An operator has paused the engine.' },
};
