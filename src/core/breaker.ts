import { type Instant, minutesBetween } from './instant.ts';
import type { BreakerLimit } from './policy-set.ts';

/** When the last targets were ordered without a person's word, oldest first; never more than the limit lets through. */
export interface BreakerState {
  readonly startedAt: readonly Instant[];
}

export const EMPTY_BREAKER: BreakerState = { startedAt: [] };

/** How many more targets `auto` may order now. A place is free again once its time is over. */
export function breakerRoom(state: BreakerState, limit: BreakerLimit, now: Instant): number {
  return Math.max(0, limit.maxQuarantines - placesTaken(state, limit, now).length);
}

/** The state after an order of so many targets. Ask `breakerRoom` first: all of an order's targets are let through, or none. */
export function withPlacesTaken(state: BreakerState, limit: BreakerLimit, targets: number, now: Instant): BreakerState {
  return { startedAt: [...placesTaken(state, limit, now), ...Array<Instant>(targets).fill(now)] };
}

// A time from a clock that runs ahead counts as taken: the breaker errs on the side of asking people.
function placesTaken(state: BreakerState, limit: BreakerLimit, now: Instant): readonly Instant[] {
  return state.startedAt.filter((startedAt) => minutesBetween(startedAt, now) < limit.perMinutes);
}
