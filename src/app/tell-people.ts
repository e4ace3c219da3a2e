import { LEASE_MINUTES } from '../core/converge-steps.ts';
import { addMinutes, type Instant, minutesBetween } from '../core/instant.ts';
import { type Base, commitChanges } from './commit-changes.ts';
import type { Evaluator } from './evaluate-signal.ts';
import type { Messenger, Row, Store, Telling } from './ports.ts';
import { findRows, type Notice, readRow, unreadableRow } from './rows.ts';

/** What `notify` works with: it talks to people, and records that it did. */
export interface Teller extends Base, Pick<Evaluator, 'report'> {
  readonly store: Pick<Store, 'read' | 'commit' | 'findDue'>;
  readonly messenger: Messenger;
}

const LIMIT = 1000;
const TRIES = 5;
const RETRY_MINUTES = [1, 2, 4, 5];

/** Tells one channel what it is owed: requests first, then the oldest. Each message for itself; what fails stays owed. */
export async function tellPeople(deps: Teller, channel: string): Promise<void> {
  // Far ahead: whoever was woken up tells at once what the sweep would only find half a minute later.
  const keys = await deps.store.findDue('notice', addMinutes(deps.now(), 1), LIMIT);
  const { rows, unreadable } = await findRows(deps.store, 'notice', keys);
  for (const row of unreadable) deps.report('tell', row.key, unreadableRow(row));
  const owed = [...rows.values()].filter(({ value }) => value.channel === channel && value.told < value.wanted);
  for (const row of owed.sort(inOrder)) {
    try {
      await tell(deps, row);
    } catch (error) {
      deps.report('tell', row.key, error);
    }
  }
}

// One at a time for each message: a slow telling of older news could otherwise land after the newer.
async function tell(deps: Teller, row: Row<Notice>): Promise<void> {
  const now = deps.now();
  const { channel, wanted, tellingSince } = row.value;
  if (tellingSince !== null && minutesBetween(tellingSince, now) < LEASE_MINUTES) return;
  const claimed: Notice = { ...row.value, tellingSince: now };
  const claim = { key: row.key, kind: 'notice', before: row, value: claimed, dueAt: addMinutes(now, LEASE_MINUTES), entry: null } as const;
  if ((await commitChanges(deps, [claim])).kind === 'conflict') return;
  const told = await isTold(deps, { channel, noticeKey: row.key, wanted });
  await record(deps, row.key, now, (notice) =>
    told ? { ...notice, told: Math.max(notice.told, wanted), failures: 0 } : { ...notice, failures: notice.failures + 1 },
  );
}

async function isTold(deps: Teller, telling: Telling): Promise<boolean> {
  try {
    await deps.messenger.tell(telling);
    return true;
  } catch (error) {
    deps.report('messenger', telling.noticeKey, error);
    return false;
  }
}

async function record(deps: Teller, key: string, claimedAt: Instant, step: (notice: Notice) => Notice): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const row = await readRow(deps.store, 'notice', key);
    if (row === null || row.value.tellingSince !== claimedAt) return;
    const value = { ...step(row.value), tellingSince: null };
    const wait = value.failures === 0 ? 0 : (RETRY_MINUTES[value.failures - 1] ?? 5);
    const dueAt = value.told >= value.wanted ? null : addMinutes(deps.now(), wait);
    if ((await commitChanges(deps, [{ key, kind: 'notice', before: row, value, dueAt, entry: null }])).kind === 'committed') return;
  }
}

function inOrder(a: Row<Notice>, b: Row<Notice>): number {
  if (a.value.isRequest !== b.value.isRequest) return a.value.isRequest ? -1 : 1;
  return a.createdAt < b.createdAt ? -1 : 1;
}
