import type { BreakerState } from '../core/breaker.ts';
import type { Execution } from '../core/execution.ts';
import type { IncidentState } from '../core/incident.ts';
import type { Instant } from '../core/instant.ts';
import type { KillSwitch } from '../core/lower-mode.ts';
import type { Quarantine } from '../core/quarantine.ts';
import { OutsideError, type Row, type Store } from './ports.ts';

/** What people are owed about an execution or about the engine: told is behind wanted until they know. */
export interface Notice {
  readonly channel: string;
  /** The key of the row that it is about. */
  readonly about: string;
  /** Requests go first. */
  readonly isRequest: boolean;
  readonly wanted: number;
  readonly told: number;
  /** Since when somebody has been telling it; null where nobody is. While that may still go on, nobody else does. */
  readonly tellingSince: Instant | null;
  readonly failures: number;
}

/** The operators' switch. */
export interface Control {
  readonly killSwitch: KillSwitch;
  readonly by: string;
}

/** One item for each policy and incident. What the open execution is like stands in its own row alone. */
export interface IncidentRow {
  readonly openExecutionId: string | null;
  readonly lastRejection: IncidentState['lastRejection'];
}

/** What was read from one signal, and what came of it. Put last, so that a redelivery before it decides anew. */
export interface EventRow {
  /** The signal as it arrived, bounded. */
  readonly text: string;
  readonly reading: 'event' | 'unreadable';
  readonly reason: string | null;
  readonly revision: string;
  readonly killSwitch: KillSwitch;
  readonly outcomes: readonly { readonly policyId: string; readonly outcome: string; readonly executionId: string | null }[];
}

interface ValueOf {
  readonly event: EventRow;
  readonly execution: Execution;
  readonly quarantine: Quarantine;
  readonly incident: IncidentRow;
  readonly notice: Notice;
  readonly breaker: BreakerState;
  readonly control: Control;
}

export const SWITCH_KEY = 'control#switch';
export const BREAKER_KEY = 'breaker#auto';

/** The key of a row from its kind and id. */
export function keyOf(kind: keyof ValueOf, id: string): string {
  return `${kind}#${id}`;
}

/** Rows as they were found: those that are what their kind says, by key, and those that nobody can read. */
export interface FoundRows<Value> {
  readonly rows: ReadonlyMap<string, Row<Value>>;
  readonly unreadable: readonly Row[];
}

/** Reads rows of one kind, as they are now, each for itself. Missing ones are left out. */
export async function findRows<Kind extends keyof ValueOf>(store: Pick<Store, 'read'>, kind: Kind, keys: readonly string[]): Promise<FoundRows<ValueOf[Kind]>> {
  const found = await store.read(keys);
  const rows = new Map<string, Row<ValueOf[Kind]>>();
  const unreadable: Row[] = [];
  for (const [key, row] of found) {
    if (isOf(kind, row)) rows.set(key, row);
    else unreadable.push(row);
  }
  return { rows, unreadable };
}

/** Reads rows of one kind, as they are now. Missing ones are left out. Throws `OutsideError` where one can't be read. */
export async function readRows<Kind extends keyof ValueOf>(
  store: Pick<Store, 'read'>,
  kind: Kind,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Row<ValueOf[Kind]>>> {
  const { rows, unreadable } = await findRows(store, kind, keys);
  const [first] = unreadable;
  if (first !== undefined) throw unreadableRow(first);
  return rows;
}

/** What to tell the log of a row that nobody can read. */
export function unreadableRow({ key, kind, version }: Row): OutsideError {
  return new OutsideError(
    `${key} can't be read: its version ${version} is no ${kind}. It was written by hand or by another version of the engine. Write it anew, or delete it.`,
  );
}

/** Reads one row; null where there is none. */
export async function readRow<Kind extends keyof ValueOf>(store: Pick<Store, 'read'>, kind: Kind, key: string): Promise<Row<ValueOf[Kind]> | null> {
  return (await readRows(store, kind, [key])).get(key) ?? null;
}

/** The switch as it stands: absent is normal. */
export async function readKillSwitch(store: Pick<Store, 'read'>): Promise<KillSwitch> {
  return (await readRow(store, 'control', SWITCH_KEY))?.value.killSwitch ?? 'normal';
}

// By the fields that tell the kinds apart: every writer goes by the kind, and what somebody else wrote has none of them.
const MARKS: { readonly [Kind in keyof ValueOf]: (value: { readonly [field: string]: unknown }) => boolean } = {
  event: ({ text }) => typeof text === 'string',
  execution: ({ executionId, status }) => typeof executionId === 'string' && typeof status === 'string',
  quarantine: ({ quarantineId, holders, refusals, phase }) =>
    typeof quarantineId === 'string' && typeof phase === 'string' && Array.isArray(holders) && Array.isArray(refusals),
  incident: ({ openExecutionId }) => openExecutionId === null || typeof openExecutionId === 'string',
  notice: ({ channel, wanted, told }) => typeof channel === 'string' && typeof wanted === 'number' && typeof told === 'number',
  breaker: ({ startedAt }) => Array.isArray(startedAt),
  control: ({ killSwitch }) => killSwitch === 'normal' || killSwitch === 'paused',
};

function isOf<Kind extends keyof ValueOf>(kind: Kind, row: Row): row is Row<ValueOf[Kind]> {
  const { value } = row;
  return typeof value === 'object' && value !== null && MARKS[kind]({ ...value });
}
