import fc from 'fast-check';
import { expiryByHand, extendedExpiry } from '../../../src/core/extension.ts';
import { addMinutes } from '../../../src/core/instant.ts';
import { at } from '../../support/builders.ts';

const start = at('2026-03-10T12:00:00Z');

describe('extendedExpiry', () => {
  const hold = { expiresAt: addMinutes(start, 180), firstAttachedAt: start };

  it('gives a full TTL from now', () => {
    expect(extendedExpiry(hold, 180, 10_080, addMinutes(start, 60))).toBe(addMinutes(start, 240));
  });

  it('stops at the longest time that settings allow, counted from the first attach', () => {
    expect(extendedExpiry(hold, 180, 200, addMinutes(start, 60))).toBe(addMinutes(start, 200));
  });

  it('keeps a hold without an end as it is', () => {
    expect(extendedExpiry({ expiresAt: null, firstAttachedAt: start }, 180, 10_080, start)).toBeNull();
    expect(extendedExpiry(hold, 0, 10_080, start)).toBe(hold.expiresAt);
  });

  it('never shortens, and never goes beyond the longest time unless it was beyond already', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), fc.nat(10_080), fc.nat(10_080), (ends, now, ttl, max) => {
        const expiresAt = addMinutes(start, ends);
        const extended = extendedExpiry({ expiresAt, firstAttachedAt: start }, ttl, max, addMinutes(start, now)) ?? start;
        expect(extended >= expiresAt).toBe(true);
        expect(extended <= addMinutes(start, Math.max(ends, max))).toBe(true);
      }),
    );
  });
});

describe('expiryByHand', () => {
  it.each([
    [1, addMinutes(start, 1)],
    [10_080, addMinutes(start, 10_080)],
    [10_081, null],
    [0, null],
    [-5, null],
    [1.5, null],
    [Number.NaN, null],
  ])('of %d minutes is %s', (minutes, expected) => {
    expect(expiryByHand(minutes, 10_080, start)).toBe(expected);
  });
});
