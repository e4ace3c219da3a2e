import { type Instant, wallClockAt, weekdayBefore } from './instant.ts';
import type { TimeWindow } from './policy.ts';

/**
 * Whether a moment falls in the window, by the clock on the wall of its zone. The end is exclusive. A window whose end is not after
 * its start crosses midnight and belongs to the day on which it starts; equal start and end are the whole of that day.
 */
export function isInTimeWindow(window: TimeWindow, at: Instant): boolean {
  const { weekday, minuteOfDay } = wallClockAt(at, window.timezone);
  const startsToday = window.days.includes(weekday);
  if (window.start === window.end) return startsToday;
  if (window.start < window.end) return startsToday && minuteOfDay >= window.start && minuteOfDay < window.end;
  return (startsToday && minuteOfDay >= window.start) || (window.days.includes(weekdayBefore(weekday)) && minuteOfDay < window.end);
}

/** For people: `09:00 to 17:00 Asia/Tokyo on mon, tue`. */
export function describeTimeWindow(window: TimeWindow): string {
  const days = window.days.length === 7 ? '' : ` on ${window.days.join(', ')}`;
  return `${clockTime(window.start)} to ${clockTime(window.end)} ${window.timezone}${days}`;
}

function clockTime(minuteOfDay: number): string {
  const [hours, minutes] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
