import { addMinutes, earliest, type Instant, latest } from './instant.ts';

/** What a hold's end depends on. */
export interface HoldTime {
  /** Null where the hold stands until somebody lets go. */
  readonly expiresAt: Instant | null;
  readonly firstAttachedAt: Instant;
}

/**
 * The end of a hold after another event of the same incident: a full TTL from now, at most `maxTtlMinutes` after the first attach,
 * and never earlier than it was. A hold without an end keeps none.
 */
export function extendedExpiry(hold: HoldTime, ttlMinutes: number, maxTtlMinutes: number, now: Instant): Instant | null {
  if (hold.expiresAt === null || ttlMinutes === 0) return hold.expiresAt;
  return latest(hold.expiresAt, earliest(addMinutes(now, ttlMinutes), addMinutes(hold.firstAttachedAt, maxTtlMinutes)));
}

/** The end of a hold that a person extends: so many minutes from now. Null where that is not between 1 and `maxTtlMinutes`. */
export function expiryByHand(minutes: number, maxTtlMinutes: number, now: Instant): Instant | null {
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= maxTtlMinutes ? addMinutes(now, minutes) : null;
}
