import { canonicalJson, type JsonValue, sha256Hex } from './content-hash.ts';
import type { Instant } from './instant.ts';

/** Who did a step: the engine itself, or a person by Slack or by IAM. */
export type Actor = 'system' | `slack:${string}` | `iam:${string}`;

/** What a step says of itself, before it has its place in a chain. */
export interface AuditEntry {
  /** What happened, such as `execution.approved`. */
  readonly action: string;
  readonly actor: Actor;
  /** Why and what exactly: policy, revision, event, reasons, from and to, until when. */
  readonly details: { readonly [key: string]: JsonValue };
}

/** One step in the append-only log of its subject. */
export interface AuditRecord extends AuditEntry {
  readonly subjectId: string;
  /** From 1, without a gap. */
  readonly seq: number;
  readonly at: Instant;
  /** The hash of the record before; of the first, `CHAIN_START`. */
  readonly prevHash: string;
  /** SHA-256 of everything above, in canonical JSON. */
  readonly hash: string;
}

/** The last link of a subject's chain, kept in its state row: by it a chain that was cut off shows. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/**
 * What `verifyChain` found wrong, and where. `changed`: the record there is not the one that was written. `missing`: none stands from
 * there to the next one. `inserted`: a record that belongs nowhere. `reordered`: the right record, out of its place. `cut_off`: none
 * stands from there to the end. `deleted`: none stands at all. `unclaimed`: no state row knows of the chain.
 */
export interface ChainFault {
  readonly kind: 'changed' | 'missing' | 'inserted' | 'reordered' | 'cut_off' | 'deleted' | 'unclaimed';
  readonly subjectId: string;
  readonly seq: number;
}

const CHAIN_START = '0'.repeat(64);

export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: CHAIN_START };

/** Gives an entry its place behind the chain's last record. */
export function linkRecord(head: ChainHead, subjectId: string, entry: AuditEntry, at: Instant): AuditRecord {
  const { action, actor, details } = entry;
  const content = { action, actor, details, subjectId, seq: head.seq + 1, at, prevHash: head.hash };
  return { ...content, hash: hashOf(content) };
}

export function headOf(record: AuditRecord): ChainHead {
  return { seq: record.seq, hash: record.hash };
}

/**
 * Compares a subject's records, in the order in which they were read, with one another and with the head in its state row, both ways.
 * `head` is null where no state row stands. The faults are ordered by `seq`; a gap is told once, at its first number. Each record is
 * vouched for by the one after it, and the last one by the head. It shows that a chain was tampered with, not that nobody could.
 * What it can't find:
 * - state and log that were written anew together, set back together to an earlier step, or deleted together;
 * - a record that was written anew with its hash right before a gap: what vouched for it is gone;
 * - where a run of records that were written anew with their hashes begins: it tells the last of them;
 * - whether records beyond the head were added or the head was set back (it tells them as `inserted`), and whether the last record or
 *   the head was changed (it tells the record).
 * A changed record that names another record before it than stands there accuses that one too.
 */
export function verifyChain(subjectId: string, records: readonly AuditRecord[], head: ChainHead | null): readonly ChainFault[] {
  const all = records.map((record) => ({ ...record })); // one object each, also where the same one was handed over twice
  const own = all.filter((record) => record.subjectId === subjectId);
  const { faults, placed, moved } = walkBack(own, head);
  const unclaimed: readonly Fault[] = head === null && own.length > 0 ? [{ kind: 'unclaimed', seq: 1 }] : [];
  const read = own.filter((record) => placed.has(record));
  const late = read.filter(({ seq }, index) => seq < (read[index - 1]?.seq ?? 0)).map(({ seq }): Fault => ({ kind: 'reordered', seq }));
  const inserted = all.filter((record) => !placed.has(record) && !moved.has(record)).map(({ seq }): Fault => ({ kind: 'inserted', seq }));
  return [...unclaimed, ...faults, ...late, ...inserted].sort((a, b) => a.seq - b.seq).map(({ kind, seq }) => ({ kind, subjectId, seq }));
}

type Fault = Omit<ChainFault, 'subjectId'>;

/** What a walk along a chain found: its faults, the records at their own place in it, and those at another. */
interface Walk {
  readonly bySeq: ReadonlyMap<number, readonly AuditRecord[]>;
  readonly byHash: ReadonlyMap<string, readonly AuditRecord[]>;
  readonly faults: Fault[];
  readonly placed: Set<AuditRecord>;
  readonly moved: Set<AuditRecord>;
}

/** A place in a chain, and the hash that the record there must have; null where nobody vouches for it. */
interface Place {
  readonly seq: number;
  readonly hash: string | null;
}

// Backwards, from what vouches for the rest: only so does it show which record was changed, and not only that two disagree.
function walkBack(own: readonly AuditRecord[], head: ChainHead | null): Walk {
  const walk: Walk = { bySeq: groupBy(own, ({ seq }) => seq), byHash: groupBy(own, ({ hash }) => hash), faults: [], placed: new Set(), moved: new Set() };
  // Beyond it a step back would lead to the same number again.
  const end = Math.min(head?.seq ?? highest(own, Number.POSITIVE_INFINITY), Number.MAX_SAFE_INTEGER);
  let place: Place = { seq: end, hash: head?.hash ?? null };
  while (place.seq >= 1) {
    const here = walk.bySeq.get(place.seq) ?? [];
    const right = rightRecord(walk, here, place);
    const there = here.find((record) => !walk.moved.has(record));
    if (right !== undefined) place = keep(walk, right, place.seq);
    else if (there !== undefined) place = blame(walk, there, place);
    else place = skip(walk, own, place.seq, end);
  }
  if (place.hash !== null && place.hash !== CHAIN_START) walk.faults.push({ kind: 'changed', seq: 1 });
  return walk;
}

function rightRecord(walk: Walk, here: readonly AuditRecord[], { seq, hash }: Place): AuditRecord | undefined {
  const vouchedFor = hash === null ? here : (walk.byHash.get(hash) ?? []);
  const right = vouchedFor.filter((record) => hashOf({ ...record, seq }) === record.hash);
  return right.find((record) => record.seq === seq) ?? right[0];
}

function keep(walk: Walk, right: AuditRecord, seq: number): Place {
  if (right.seq === seq) walk.placed.add(right);
  else {
    walk.moved.add(right);
    walk.faults.push({ kind: 'reordered', seq });
  }
  return { seq: seq - 1, hash: right.prevHash };
}

function blame(walk: Walk, changed: AuditRecord, { seq, hash }: Place): Place {
  walk.placed.add(changed);
  walk.faults.push({ kind: 'changed', seq });
  if (seq === 1) return { seq: 0, hash: null };
  // Where nothing but its link was changed, the record before it is the right one.
  const before = walk.bySeq.get(seq - 1)?.find((record) => hashOf({ ...changed, prevHash: record.hash }) === (hash ?? changed.hash));
  return { seq: seq - 1, hash: before?.hash ?? changed.prevHash };
}

function skip(walk: Walk, own: readonly AuditRecord[], seq: number, end: number): Place {
  const below = highest(
    own.filter((record) => !walk.moved.has(record)),
    seq,
  );
  const atEnd = below === 0 ? 'deleted' : 'cut_off';
  walk.faults.push({ kind: seq === end ? atEnd : 'missing', seq: below + 1 });
  return { seq: below, hash: null };
}

// The highest number below the limit that a record bears; 0 where there is none.
function highest(own: readonly AuditRecord[], limit: number): number {
  return own.reduce((top, { seq }) => (Number.isSafeInteger(seq) && seq < limit ? Math.max(top, seq) : top), 0);
}

function groupBy<Key>(records: readonly AuditRecord[], keyOf: (record: AuditRecord) => Key): ReadonlyMap<Key, readonly AuditRecord[]> {
  const groups = new Map<Key, AuditRecord[]>();
  for (const record of records) groups.set(keyOf(record), [...(groups.get(keyOf(record)) ?? []), record]);
  return groups;
}

function hashOf(content: Omit<AuditRecord, 'hash'>): string {
  const { action, actor, details, subjectId, seq, at, prevHash } = content;
  return sha256Hex(canonicalJson({ action, actor, details, subjectId, seq, at, prevHash }));
}
