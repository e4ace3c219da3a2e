import { type Instant, instantFromMs } from '../../core/instant.ts';

/** The instant so many milliseconds later. Throws a `RangeError` past the end of the year 9999. */
export function later(instant: Instant, ms: number): Instant {
  const found = instantFromMs(Date.parse(instant) + ms);
  if (found === null) throw new RangeError(`${instant} plus ${ms} ms is beyond the instants that compare as strings (years 0 to 9999).`);
  return found;
}
