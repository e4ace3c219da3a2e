import fc from 'fast-check';
import { type BreakerState, breakerRoom, EMPTY_BREAKER, takeBreakerPlaces } from '../../../src/core/breaker.ts';
import { addMinutes, type Instant, minutesBetween } from '../../../src/core/instant.ts';
import { at } from '../../support/builders.ts';

const limit = { maxQuarantines: 5, perMinutes: 60 };
const noon = at('2026-03-10T12:00:00Z');

describe('the breaker', () => {
  it('lets its number through, and then none until the time of the first is over', () => {
    const three = takeBreakerPlaces(EMPTY_BREAKER, limit, 3, noon);
    expect(three).toEqual({ startedAt: [noon, noon, noon] });
    expect(breakerRoom(three ?? EMPTY_BREAKER, limit, addMinutes(noon, 1))).toBe(2);
    expect(takeBreakerPlaces(three ?? EMPTY_BREAKER, limit, 3, addMinutes(noon, 59))).toBeNull();
    expect(takeBreakerPlaces(three ?? EMPTY_BREAKER, limit, 5, addMinutes(noon, 60))).toEqual({ startedAt: Array(5).fill(addMinutes(noon, 60)) });
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
          const next = takeBreakerPlaces(state, limit, targets, now);
          if (next === null) continue;
          state = next;
          held.push(...Array<Instant>(targets).fill(now));
          expect(state.startedAt.length).toBeLessThanOrEqual(limit.maxQuarantines);
          expect(held.filter((startedAt) => minutesBetween(startedAt, now) < limit.perMinutes).length).toBeLessThanOrEqual(limit.maxQuarantines);
        }
      }),
    );
  });
});
