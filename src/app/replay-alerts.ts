import { EMPTY_BREAKER } from '../core/breaker.ts';
import { type Decision, decide } from '../core/decide.ts';
import type { Instant } from '../core/instant.ts';
import type { Circumstances } from '../core/lower-mode.ts';
import { indexPolicies } from '../core/policy-index.ts';
import type { PolicySet } from '../core/policy-set.ts';
import type { RecordedAlert } from './recorded-alerts.ts';

/** A recorded alert with the time as of which it is decided. */
export interface TimedAlert extends RecordedAlert {
  readonly decidedAt: Instant;
}

/** What every enabled policy would say of a recorded alert. */
export interface ReplayedAlert extends TimedAlert {
  readonly decisions: readonly Decision[];
}

/** Gives each alert its own time; where it has none, the one given. */
export function timeAlerts(alerts: readonly RecordedAlert[], otherwise: Instant): readonly TimedAlert[] {
  return alerts.map((alert) => ({ ...alert, decidedAt: alert.event.sentAt ?? otherwise }));
}

/** Decides each alert by itself: as if nobody were held, and the engine not paused. */
export function replayAlerts(alerts: readonly TimedAlert[], policySet: PolicySet): readonly ReplayedAlert[] {
  const index = indexPolicies(policySet);
  return alerts.map((alert) => ({ ...alert, decisions: decide(alert.event, index, circumstancesAt(alert.decidedAt)) }));
}

/** What holds for each replayed alert besides its time: nobody is held, and the engine is not paused. */
export function circumstancesAt(now: Instant): Circumstances {
  return { now, killSwitch: 'normal', breaker: EMPTY_BREAKER };
}
