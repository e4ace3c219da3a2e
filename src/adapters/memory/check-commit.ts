import type { Commit, Write } from '../../app/ports.ts';
import type { AuditRecord } from '../../core/audit-record.ts';
import { sealValue } from './stored-value.ts';

// Source: "Service, account, and table quotas" in the DynamoDB developer guide, and TransactWriteItems in its API reference.
const MAX_ITEMS = 100;
const MAX_ITEM_BYTES = 400 * 1024;
const MAX_COMMIT_BYTES = 4 * 1024 * 1024;
const MAX_TOKEN_LENGTH = 36;

/** Freezes what is to be stored, and throws where DynamoDB would answer `ValidationException`, or the commit contradicts itself. */
export function checkCommit(commit: Commit): void {
  const { commitId, writes, records } = commit;
  const items = writes.length + records.length;
  if (items < 1 || items > MAX_ITEMS) throw wrong(commit, `${items} items (rows and records), expected 1 to ${MAX_ITEMS}`);
  if (commitId.length < 1 || commitId.length > MAX_TOKEN_LENGTH)
    throw wrong(commit, `an id of ${commitId.length} characters, expected 1 to ${MAX_TOKEN_LENGTH}`);
  for (const write of writes) checkWrite(commit, write);
  const places = [...writes.map(({ row }) => row.key), ...records.map(placeOf)];
  if (new Set(places).size !== items) throw wrong(commit, `an item twice in ${places.join(', ')}, expected each once`);
  let size = 0;
  for (const { row } of writes) size += sizeOf(commit, row, row.key);
  for (const record of records) size += sizeOf(commit, record, placeOf(record));
  if (size > MAX_COMMIT_BYTES) throw wrong(commit, `${size} bytes, expected at most ${MAX_COMMIT_BYTES}`);
}

function checkWrite(commit: Commit, { row, expectedVersion }: Write): void {
  if (row.version !== expectedVersion + 1)
    throw wrong(commit, `${row.key} with version ${row.version}, expected ${expectedVersion + 1}: one more than it was read at`);
  if (row.commitId !== commit.commitId) throw wrong(commit, `${row.key} with the commit id ${row.commitId}, expected its own`);
  if (!row.key.startsWith(`${row.kind}#`)) throw wrong(commit, `${row.key}, expected a key that begins with ${row.kind}#`);
}

function placeOf({ subjectId, seq }: AuditRecord): string {
  return `${subjectId} ${seq}`;
}

// A text has at most three bytes for each of its units; only what might be too large by that measure is measured exactly.
function sizeOf(commit: Commit, item: object, where: string): number {
  const bound = sealValue(item, where, (text) => 3 * text.length);
  if (bound <= MAX_COMMIT_BYTES / MAX_ITEMS) return bound;
  const exact = sealValue(item, where, (text) => Buffer.byteLength(text));
  if (exact > MAX_ITEM_BYTES) throw wrong(commit, `${where} with ${exact} bytes, expected at most ${MAX_ITEM_BYTES}`);
  return exact;
}

function wrong(commit: Commit, found: string): Error {
  return new Error(`The commit ${commit.commitId} can't be written: found ${found}.`);
}
