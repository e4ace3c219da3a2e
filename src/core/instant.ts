/**
 * The one file of the core that touches `Date` and `Intl`, and never their clock: each function gets its time as an argument.
 */

/** A moment as `YYYY-MM-DDTHH:MM:SS.mmmZ`. One form only, so that two instants compare as strings. */
export type Instant = string & { readonly brand: 'Instant' };

/** A day of the calendar as `YYYY-MM-DD`, without a zone. */
export type CalendarDay = string & { readonly brand: 'CalendarDay' };

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** What a clock on the wall shows: the day of the week, and the minutes since that day's midnight (0 to 1439). */
export interface WallClock {
  readonly weekday: Weekday;
  readonly minuteOfDay: number;
}

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
const LAST_MS = 253_402_300_799_999; // the end of the year 9999: later instants would not compare as strings
const ISO = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})$/;

/** Reads an ISO-8601 time with a zone (`Z`, `+00:00` or `+0000`, as CloudWatch writes it). Anything else is null. */
export function parseInstant(text: string): Instant | null {
  const [, day, time, zone] = ISO.exec(text) ?? [];
  if (day === undefined || time === undefined || zone === undefined || parseCalendarDay(day) === null) return null;
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  return instantFromMs(new Date(`${day}T${time.slice(0, 12)}${offset}`).getTime());
}

/** The instant of so many milliseconds since 1970 (UTC); null where it is no number or falls outside the years 0 to 9999. */
export function instantFromMs(ms: number): Instant | null {
  if (!Number.isFinite(ms) || ms < -62_167_219_200_000 || ms > LAST_MS) return null;
  return new Date(ms).toISOString() as Instant;
}

/** Milliseconds since 1970 (UTC). */
function msOf(instant: Instant): number {
  return new Date(instant).getTime();
}

/** The instant so many minutes later (earlier, where negative). */
export function addMinutes(instant: Instant, minutes: number): Instant {
  return new Date(msOf(instant) + minutes * MS_PER_MINUTE).toISOString() as Instant;
}

/** Minutes from one instant to another, with a fraction; negative where `to` is the earlier one. */
export function minutesBetween(from: Instant, to: Instant): number {
  return (msOf(to) - msOf(from)) / MS_PER_MINUTE;
}

export function earliest(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

export function latest(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

/** Reads `YYYY-MM-DD`; null where there is no such day (`2026-02-30`). */
export function parseCalendarDay(text: string): CalendarDay | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = new Date(`${text}T00:00:00.000Z`).getTime();
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text) ? (text as CalendarDay) : null;
}

/** The day on which the instant falls in UTC. */
export function dayOf(instant: Instant): CalendarDay {
  return instant.slice(0, 10) as CalendarDay;
}

export function dayBefore(day: CalendarDay): CalendarDay {
  return new Date(msOf(`${day}T00:00:00.000Z` as Instant) - MS_PER_DAY).toISOString().slice(0, 10) as CalendarDay;
}

/** The last millisecond of the day, in UTC. */
export function endOfDay(day: CalendarDay): Instant {
  return `${day}T23:59:59.999Z` as Instant;
}

// The names of the IANA database that have no region before a `/`, but for those that are kept for old programs alone.
const ZONES_WITHOUT_REGION = ['UTC', 'GMT', 'UCT', 'Zulu', 'Japan', 'Singapore', 'Hongkong', 'Israel', 'Iran', 'Turkey', 'Egypt', 'Cuba', 'Jamaica', 'Iceland'];
const MORE_ZONES_WITHOUT_REGION = ['Portugal', 'Poland', 'Eire', 'GB', 'NZ', 'PRC', 'ROC', 'ROK', 'Libya', 'Navajo', 'CET', 'MET', 'EET', 'WET'];

/**
 * Whether the name is one of the IANA time zone database (`Asia/Tokyo`, `UTC`). Bare offsets (`+09:00`) are not, nor are letters that
 * JavaScript takes for some zone or other: to it `BST` is Bangladesh, not Britain.
 */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]+\//.test(name) && ![...ZONES_WITHOUT_REGION, ...MORE_ZONES_WITHOUT_REGION].includes(name)) return false;
  try {
    wallClockFormat(name);
    return true;
  } catch {
    return false;
  }
}

/** What a clock on the wall of that zone shows at that instant, daylight saving included. */
export function wallClockAt(instant: Instant, timezone: string): WallClock {
  const parts = new Map(
    wallClockFormat(timezone)
      .formatToParts(msOf(instant))
      .map((part) => [part.type, part.value]),
  );
  const weekday = String(parts.get('weekday')).toLowerCase() as Weekday;
  return { weekday, minuteOfDay: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

/** The day of the week before. */
export function weekdayBefore(weekday: Weekday): Weekday {
  return WEEKDAYS[(WEEKDAYS.indexOf(weekday) + 6) % 7] as Weekday;
}

const formats = new Map<string, Intl.DateTimeFormat>();

// Making a format costs about 1,000 times what using it does; the result depends on the name alone, so keeping it is invisible.
function wallClockFormat(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timezone, format);
  return format;
}
