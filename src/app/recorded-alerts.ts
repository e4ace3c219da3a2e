import type { CostEvent } from '../core/cost-event.ts';
import { readSignals } from '../sources/read-signal.ts';
import type { UnreadableReason } from '../sources/unreadable.ts';

/** A file of recorded signals, by the name that people know it by, or why it could not be read. */
export type RecordedFile =
  | { readonly kind: 'read'; readonly name: string; readonly text: string }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string };

/** One alert among recorded signals, whatever the number of its copies. */
export interface RecordedAlert {
  /** As the copy tells it that was sent first. */
  readonly event: CostEvent;
  /** The files that hold a copy, in the order in which they were read. */
  readonly files: readonly string[];
}

/** A recorded signal that gave no event. */
export interface UnreadableRecord {
  readonly file: string;
  /** Its place among the file's signals, from 1; null where the file itself can't be read. */
  readonly record: number | null;
  readonly reason: UnreadableReason | 'unreadable_file';
  readonly message: string;
}

export interface RecordedAlerts {
  readonly files: number;
  /** In the order in which their first copies were read. */
  readonly alerts: readonly RecordedAlert[];
  /** How many signals repeated an alert. */
  readonly copies: number;
  readonly unreadable: readonly UnreadableRecord[];
}

/** Reads the alerts of recorded files, each in any envelope and with any number of signals. Copies of an alert are one. Never throws. */
export function readRecordedAlerts(files: readonly RecordedFile[]): RecordedAlerts {
  const alerts = new Map<string, RecordedAlert>();
  const unreadable: UnreadableRecord[] = [];
  let copies = 0;
  for (const file of files) {
    if (file.kind === 'failed') {
      unreadable.push({ file: file.name, record: null, reason: 'unreadable_file', message: file.message });
      continue;
    }
    for (const [index, reading] of readSignals(file.text).entries()) {
      if (reading.kind === 'unreadable') {
        unreadable.push({ file: file.name, record: index + 1, ...reading.error });
        continue;
      }
      const known = alerts.get(reading.event.eventId);
      if (known !== undefined) copies += 1;
      alerts.set(reading.event.eventId, withCopy(known, reading.event, file.name));
    }
  }
  return { files: files.length, alerts: [...alerts.values()], copies, unreadable };
}

function withCopy(known: RecordedAlert | undefined, event: CostEvent, file: string): RecordedAlert {
  if (known === undefined) return { event, files: [file] };
  return { event: sentFirst(known.event, event), files: known.files.includes(file) ? known.files : [...known.files, file] };
}

// A redelivery comes later, and a bare text knows only its day: the earliest time is the one at which the alert really came.
function sentFirst(a: CostEvent, b: CostEvent): CostEvent {
  if (b.sentAt === null) return a;
  return a.sentAt === null || b.sentAt < a.sentAt ? b : a;
}
