import type { Commit, Row, RowKind } from '../../src/app/ports.ts';
import { type AuditRecord, type ChainHead, EMPTY_CHAIN, linkRecord } from '../../src/core/audit-record.ts';
import type { Instant } from '../../src/core/instant.ts';
import { at } from './builders.ts';

const CREATED_AT = at('2026-01-15T10:00:00.000Z');

interface RowParts {
  readonly version?: number;
  readonly value?: unknown;
  readonly dueAt?: Instant | null;
}

/** A commit that writes rows by their keys (`quarantine#a`), each at its first version unless told, and these records. */
export function aCommit(commitId: string, rows: Readonly<Record<string, RowParts>>, records: readonly AuditRecord[] = []): Commit {
  const writes = Object.entries(rows).map(([key, { version = 1, value = 'a value', dueAt = null }]) => {
    const kind = key.split('#')[0] as RowKind;
    const row: Row = { key, kind, version, value, dueAt, createdAt: CREATED_AT, chain: EMPTY_CHAIN, commitId };
    return { row, expectedVersion: version - 1 };
  });
  return { commitId, writes, records };
}

/** So many records of one subject, linked. */
export function aTrail(subjectId: string, length: number): readonly AuditRecord[] {
  let head: ChainHead = EMPTY_CHAIN;
  return Array.from({ length }, (_, index) => {
    const record = linkRecord(head, subjectId, { action: 'execution.planned', actor: 'system', details: { step: index } }, CREATED_AT);
    head = { seq: record.seq, hash: record.hash };
    return record;
  });
}
