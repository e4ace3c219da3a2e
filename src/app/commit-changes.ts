import { type AuditEntry, EMPTY_CHAIN, headOf, linkRecord } from '../core/audit-record.ts';
import { addMinutes, type Instant } from '../core/instant.ts';
import { type Commit, type CommitResult, OutsideError, type Row, type RowKind, type Store } from './ports.ts';

/** A row's next state, and what the audit log says of the step. */
export interface Change {
  readonly key: string;
  readonly kind: RowKind;
  /** As it was read; null where there was none. */
  readonly before: Row | null;
  readonly value: unknown;
  readonly dueAt: Instant | null;
  /** Null where the step is told by another row's record of the same commit. */
  readonly entry: AuditEntry | null;
}

/** What every use case needs. */
export interface Base {
  readonly store: Pick<Store, 'read' | 'commit'>;
  readonly now: () => Instant;
  /** A new id at each call: of commits, and of nothing that must be found again by content. */
  readonly newId: () => string;
}

const TRIES = 3;

/** A wake-up follows each commit; by the time that a row is due, so long after it, only what was lost is left for the sweep. Minutes. */
const WAKE_UP_MINUTES = 0.5;

/**
 * Commits changes and their audit records, all or nothing. Where the answer is lost it commits the very same again, which changes
 * nothing a second time; a conflict with what this commit itself wrote is success. Throws `OutsideError` where that can't be told.
 */
export async function commitChanges(base: Base, changes: readonly Change[]): Promise<CommitResult> {
  const commit = buildCommit(base.newId(), base.now(), changes);
  for (let tries = 1; ; tries += 1) {
    try {
      const result = await base.store.commit(commit);
      return result.kind === 'committed' || (tries > 1 && (await isOurs(base, commit))) ? { kind: 'committed' } : result;
    } catch (error) {
      if (!(error instanceof OutsideError) || tries >= TRIES) throw error;
    }
  }
}

/** The time at which the sweep may take up what the wake-up of this commit was to start. */
export function afterWakeUp(dueAt: Instant | null, now: Instant): Instant | null {
  const earliest = addMinutes(now, WAKE_UP_MINUTES);
  return dueAt !== null && dueAt < earliest ? earliest : dueAt;
}

async function isOurs(base: Base, commit: Commit): Promise<boolean> {
  const rows = await base.store.read(commit.writes.map(({ row }) => row.key));
  return commit.writes.some(({ row }) => rows.get(row.key)?.commitId === commit.commitId);
}

function buildCommit(commitId: string, now: Instant, changes: readonly Change[]): Commit {
  const linked = changes.map(({ key, kind, before, value, dueAt, entry }) => {
    const head = before?.chain ?? EMPTY_CHAIN;
    const record = entry === null ? null : linkRecord(head, key, entry, now);
    const row: Row = {
      key,
      kind,
      version: (before?.version ?? 0) + 1,
      value,
      dueAt,
      createdAt: before?.createdAt ?? now,
      chain: record === null ? head : headOf(record),
      commitId,
    };
    return { write: { row, expectedVersion: before?.version ?? 0 }, record };
  });
  return { commitId, writes: linked.map(({ write }) => write), records: linked.flatMap(({ record }) => record ?? []) };
}
