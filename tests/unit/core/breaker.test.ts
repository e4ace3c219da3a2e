import fc from 'fast-check';
import { type BreakerState, breakerRoom, EMPTY_BREAKER, withPlacesTaken } from '../../../src/core/breaker.ts';
import { addMinutes, type Instant, minutesBetween } from '../../../src/core/instant.ts';
import { at } from '../../support/builders.ts';

const limit = { maxQuarantines: 5, perMinutes: 60 };
const noon = at('2026-03-10T12:00:00Z');

describe('the breaker', () => {
  it('has room for its number, and again once the time of the first is over', () => {
    const three = withPlacesTaken(EMPTY_BREAKER, limit, 3, noon);
    expect(three).toEqual({ startedAt: [noon, noon, noon] });
    expect(breakerRoom(three, limit, addMinutes(noon, 59))).toBe(2);
    expect(breakerRoom(three, limit, addMinutes(noon, 60))).toBe(5);
    expect(withPlacesTaken(three, limit, 1, addMinutes(noon, 60))).toEqual({ startedAt: [addMinutes(noon, 60)] });
  });

  it('counts a time from a clock that runs ahead', () => {
    expect(breakerRoom({ startedAt: [addMinutes(noon, 5)] }, limit, noon)).toBe(4);
  });

  it('has no room below zero when the limit was lowered since', () => {
    expect(breakerRoom({ startedAt: [noon, noon, noon] }, { maxQuarantines: 2, perMinutes: 60 }, noon)).toBe(0);
  });

  it('never lets more than its number through in any window, and remembers no more than that', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ wait: fc.integer({ min: 0, max: 40 }), targets: fc.integer({ min: 0, max: 6 }) }), { maxLength: 40 }), (orders) => {
        let state: BreakerState = EMPTY_BREAKER;
        let now: Instant = noon;
        const held: Instant[] = [];
        for (const { wait, targets } of orders) {
          now = addMinutes(now, wait);
          if (targets > breakerRoom(state, limit, now)) continue;
          state = withPlacesTaken(state, limit, targets, now);
          held.push(...Array<Instant>(targets).fill(now));
          expect(state.startedAt.length).toBeLessThanOrEqual(limit.maxQuarantines);
          expect(held.filter((startedAt) => minutesBetween(startedAt, now) < limit.perMinutes).length).toBeLessThanOrEqual(limit.maxQuarantines);
        }
      }),
    );
  });
});
