import {
  addMinutes,
  dayBefore,
  dayOf,
  earliest,
  endOfDay,
  instantFromMs,
  isTimezone,
  latest,
  minutesBetween,
  parseCalendarDay,
  parseInstant,
  wallClockAt,
  weekdayBefore,
} from '../../../src/core/instant.ts';
import { at, day } from '../../support/builders.ts';

describe('parseInstant', () => {
  it.each([
    ['2026-01-28T11:52:33.584Z', '2026-01-28T11:52:33.584Z'],
    ['2026-01-28T11:52:33Z', '2026-01-28T11:52:33.000Z'],
    ['2026-01-28T11:52Z', '2026-01-28T11:52:00.000Z'],
    ['2017-10-30T13:20:35.831+0000', '2017-10-30T13:20:35.831Z'],
    ['2026-01-28T11:52:33+09:00', '2026-01-28T02:52:33.000Z'],
    ['2026-01-28T11:52:33.123456789Z', '2026-01-28T11:52:33.123Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-01-28',
    '2026-01-28T11:52:33',
    '2026-02-30T00:00:00Z',
    '2026-01-28T25:00:00Z',
    '2026-01-28T11:52:33+99:00',
    ' 2026-01-28T11:52:33Z',
    '+012026-01-28T11:52:33Z',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe('instantFromMs', () => {
  it('keeps to the years that compare as strings', () => {
    expect(instantFromMs(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(instantFromMs(253_402_300_799_999)).toBe('9999-12-31T23:59:59.999Z');
    expect(instantFromMs(253_402_300_800_000)).toBeNull();
    expect(instantFromMs(-62_167_219_200_001)).toBeNull();
    expect(instantFromMs(Number.NaN)).toBeNull();
  });
});

describe('arithmetic of time', () => {
  it('adds, subtracts and compares', () => {
    const noon = at('2026-03-01T12:00:00Z');
    expect(addMinutes(noon, 90)).toBe('2026-03-01T13:30:00.000Z');
    expect(addMinutes(noon, -1440)).toBe('2026-02-28T12:00:00.000Z');
    expect(minutesBetween(noon, addMinutes(noon, 30))).toBe(30);
    expect(minutesBetween(addMinutes(noon, 30), noon)).toBe(-30);
    expect(earliest(noon, addMinutes(noon, 1))).toBe(noon);
    expect(earliest(addMinutes(noon, 1), noon)).toBe(noon);
    expect(latest(noon, addMinutes(noon, -1))).toBe(noon);
    expect(latest(addMinutes(noon, -1), noon)).toBe(noon);
  });

  it('knows the calendar', () => {
    expect(parseCalendarDay('2024-02-29')).toBe('2024-02-29');
    expect(parseCalendarDay('2026-02-29')).toBeNull();
    expect(parseCalendarDay('2026-13-01')).toBeNull();
    expect(parseCalendarDay('2026-1-1')).toBeNull();
    expect(dayBefore(day('2026-01-01'))).toBe('2025-12-31');
    expect(endOfDay(day('2026-01-01'))).toBe('2026-01-01T23:59:59.999Z');
    expect(dayOf(at('2026-01-01T23:30:00-05:00'))).toBe('2026-01-02');
    expect([weekdayBefore('mon'), weekdayBefore('thu')]).toEqual(['sun', 'wed']);
  });
});

describe('wallClockAt', () => {
  it.each([
    ['2026-01-28T15:30:00Z', 'Asia/Tokyo', 'thu', 30],
    ['2026-01-28T00:00:00Z', 'UTC', 'wed', 0],
    ['2026-03-29T00:59:00Z', 'Europe/Berlin', 'sun', 119],
    ['2026-03-29T01:00:00Z', 'Europe/Berlin', 'sun', 180],
    ['2026-01-28T18:15:00Z', 'Asia/Kathmandu', 'thu', 0],
  ])('at %s in %s shows %s, minute %d', (instant, timezone, weekday, minuteOfDay) => {
    expect(wallClockAt(at(instant), timezone)).toEqual({ weekday, minuteOfDay });
  });

  it('knows the names of zones, and that an offset is none', () => {
    expect(['Asia/Tokyo', 'UTC', 'America/Argentina/Buenos_Aires'].map(isTimezone)).toEqual([true, true, true]);
    expect(['Mars/Olympus', '', '+09:00', 'GMT+9 ', 'BST', 'JST', 'PST', 'utc'].filter(isTimezone)).toEqual([]);
  });
});
