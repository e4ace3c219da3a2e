import { WEEKDAYS } from '../../../src/core/instant.ts';
import type { TimeWindow } from '../../../src/core/policy.ts';
import { describeTimeWindow, isInTimeWindow } from '../../../src/core/time-window.ts';
import { at } from '../../support/builders.ts';

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const window = (start: string, end: string, days: TimeWindow['days'] = WEEKDAYS, timezone = 'UTC'): TimeWindow => ({
  start: minutes(start),
  end: minutes(end),
  timezone,
  days,
});

describe('isInTimeWindow', () => {
  // 2026-03-09 is a Monday.
  it.each([
    ['09:00', '17:00', ['mon'], '2026-03-09T08:59:59Z', false],
    ['09:00', '17:00', ['mon'], '2026-03-09T09:00:00Z', true],
    ['09:00', '17:00', ['mon'], '2026-03-09T16:59:59Z', true],
    ['09:00', '17:00', ['mon'], '2026-03-09T17:00:00Z', false],
    ['09:00', '17:00', ['tue'], '2026-03-09T12:00:00Z', false],
    // across midnight: the window belongs to the day on which it starts
    ['22:00', '06:00', ['mon'], '2026-03-09T05:00:00Z', false],
    ['22:00', '06:00', ['mon'], '2026-03-09T22:00:00Z', true],
    ['22:00', '06:00', ['mon'], '2026-03-10T05:59:59Z', true],
    ['22:00', '06:00', ['mon'], '2026-03-10T06:00:00Z', false],
    ['22:00', '06:00', ['mon'], '2026-03-10T22:00:00Z', false],
    ['22:00', '06:00', ['sun'], '2026-03-09T05:00:00Z', true],
    // equal start and end: the whole day
    ['00:00', '00:00', ['mon'], '2026-03-09T00:00:00Z', true],
    ['00:00', '00:00', ['mon'], '2026-03-09T23:59:59Z', true],
    ['00:00', '00:00', ['mon'], '2026-03-10T00:00:00Z', false],
    ['09:00', '09:00', ['mon'], '2026-03-09T08:00:00Z', true],
    ['09:00', '09:00', ['mon'], '2026-03-10T08:00:00Z', false],
  ] as const)('%s to %s on %j, at %s: %s', (start, end, days, instant, expected) => {
    expect(isInTimeWindow(window(start, end, days), at(instant))).toBe(expected);
  });

  it('reads the clock of its own zone, daylight saving included', () => {
    const berlin = window('09:00', '17:00', WEEKDAYS, 'Europe/Berlin');
    expect(isInTimeWindow(berlin, at('2026-01-12T08:00:00Z'))).toBe(true); // 09:00 in winter
    expect(isInTimeWindow(berlin, at('2026-07-13T07:00:00Z'))).toBe(true); // 09:00 in summer
    expect(isInTimeWindow(berlin, at('2026-07-13T15:00:00Z'))).toBe(false); // 17:00 in summer
    const tokyoMonday = window('00:00', '00:00', ['mon'], 'Asia/Tokyo');
    expect(isInTimeWindow(tokyoMonday, at('2026-03-08T15:00:00Z'))).toBe(true);
  });
});

describe('describeTimeWindow', () => {
  it('names the days only where they are not all', () => {
    expect(describeTimeWindow(window('09:00', '17:30', ['mon', 'fri'], 'Asia/Tokyo'))).toBe('09:00 to 17:30 Asia/Tokyo on mon, fri');
    expect(describeTimeWindow(window('22:00', '06:05'))).toBe('22:00 to 06:05 UTC');
  });
});
