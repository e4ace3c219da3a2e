import type { RecordedAlerts, UnreadableRecord } from '../app/recorded-alerts.ts';
import type { TimedAlert } from '../app/replay-alerts.ts';
import { count, type Paint, printable } from './terminal-text.ts';

/** Where an alert is recorded, and as of when it was decided. */
export function renderSource({ files, event, decidedAt }: TimedAlert): string {
  const own = event.sentAt === decidedAt ? "the alert's own time" : 'the alert has no time of its own';
  return `${files.join(', ')}, decided as of ${decidedAt} (${own})`;
}

/** What was read, and each signal that gave no alert. */
export function renderRecorded(recorded: RecordedAlerts, paint: Paint): string {
  const lines = recorded.unreadable.map((one) => `  ${printable(describeUnreadable(one))} ${paint('dim', `[${one.reason}]`)}\n`);
  return `${describeRecorded(recorded)}\n${lines.join('')}`;
}

/** What was read, in one sentence. */
export function describeRecorded({ files, alerts, copies, unreadable }: RecordedAlerts): string {
  const noAlerts = unreadable.filter(({ reason }) => reason === 'not_an_alert').length;
  const lost = unreadable.length - noAlerts;
  return [
    `${count(alerts.length, 'alert', 'alerts')} in ${count(files, 'file', 'files')}`,
    ...(copies > 0 ? [`${count(copies, 'copy was', 'copies were')} not decided again`] : []),
    ...(noAlerts > 0 ? [`${count(noAlerts, 'signal is', 'signals are')} no alert`] : []),
    ...(lost > 0 ? [`${count(lost, 'signal', 'signals')} can't be read`] : []),
  ].join(', ');
}

function describeUnreadable({ file, record, message }: UnreadableRecord): string {
  return `${file}${record === null || record === 1 ? '' : ` (signal ${record})`}: ${message}`;
}
