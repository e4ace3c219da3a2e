import type { Execution } from '../core/execution.ts';
import { addMinutes } from '../core/instant.ts';
import type { Base, Change } from './commit-changes.ts';
import { findRows, keyOf, type Notice } from './rows.ts';

/** Owes people a message about an execution as it is now: the next telling renders what is stored then. */
export async function noticeChange(base: Base, execution: Execution): Promise<Change> {
  return await owe(base, execution.executionId, {
    channel: execution.channel,
    about: keyOf('execution', execution.executionId),
    isRequest: execution.status === 'awaiting_approval',
  });
}

/** Owes people a message about a row. */
export async function owe(base: Base, noticeId: string, what: Pick<Notice, 'channel' | 'about' | 'isRequest'>): Promise<Change> {
  const key = keyOf('notice', noticeId);
  const { rows, unreadable } = await findRows(base.store, 'notice', [key]);
  const before = rows.get(key) ?? unreadable[0] ?? null;
  // What can't be read must not keep anybody from being let go: it is written anew. Its version is above all that it ever wanted.
  const { wanted, told, tellingSince } = rows.get(key)?.value ?? { wanted: before?.version ?? 0, told: 0, tellingSince: null };
  const value: Notice = { ...what, wanted: wanted + 1, told, tellingSince, failures: 0 };
  return { key, kind: 'notice', before, value, dueAt: addMinutes(base.now(), 0.5), entry: null };
}
