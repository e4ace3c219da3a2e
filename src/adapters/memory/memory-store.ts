import type { Commit, CommitResult, Row, RowKind, Store } from '../../app/ports.ts';
import type { AuditRecord } from '../../core/audit-record.ts';
import type { Instant } from '../../core/instant.ts';
import { checkCommit } from './check-commit.ts';
import { DueIndex } from './due-index.ts';
import { askFaults, type FaultSource, NO_FAULTS, outsideError } from './fault-source.ts';
import { later } from './later.ts';
import { isSameValue } from './stored-value.ts';

/** The store's calls and their faults. `store.index` is asked for every row written: `delayed`, and `findDue` learns of it later. */
export const STORE_FAULTS = {
  'store.read': ['fails_before'],
  'store.commit': ['fails_before', 'fails_after', 'conflict'],
  'store.find_due': ['fails_before'],
  'store.read_trail': ['fails_before'],
  'store.index': ['delayed'],
} as const;

export interface MemoryStoreOptions {
  /** Must never go backwards. */
  readonly now: () => Instant;
  readonly faults?: FaultSource;
  /** The longest that `findDue` may lag behind a row, in milliseconds; 5,000 unless told. */
  readonly maxIndexLagMs?: number;
}

// Source: ClientRequestToken of TransactWriteItems in the DynamoDB API reference.
const TOKEN_MS = 10 * 60_000;

/**
 * State and audit log in memory, with DynamoDB's promises and limits. What is committed gets frozen, so that nobody changes it from
 * outside. A commit that DynamoDB would refuse as malformed throws a plain `Error`: a mistake in the caller, which no retry cures.
 */
export class MemoryStore implements Store {
  readonly #now: () => Instant;
  readonly #faults: FaultSource;
  readonly #ask;
  readonly #maxIndexLagMs: number;
  readonly #rows = new Map<string, Row>();
  readonly #trails = new Map<string, AuditRecord[]>();
  readonly #due = new DueIndex();
  readonly #committed = new Map<string, { readonly commit: Commit; readonly at: Instant }>();

  constructor({ now, faults = NO_FAULTS, maxIndexLagMs = 5000 }: MemoryStoreOptions) {
    this.#now = now;
    this.#faults = faults;
    this.#ask = askFaults(faults, STORE_FAULTS);
    this.#maxIndexLagMs = maxIndexLagMs;
  }

  readonly read = async (keys: readonly string[]): Promise<ReadonlyMap<string, Row>> => {
    this.#mayFail('store.read');
    const found = new Map<string, Row>();
    for (const key of keys) {
      const row = this.#rows.get(key);
      if (row !== undefined) found.set(key, row);
    }
    return found;
  };

  readonly commit = async (commit: Commit): Promise<CommitResult> => {
    checkCommit(commit);
    const now = this.#now();
    const repeated = this.#isRepeated(commit, now);
    const fault = this.#ask('store.commit', repeated ? ['fails_before', 'fails_after'] : STORE_FAULTS['store.commit']);
    if (fault === 'fails_before') throw outsideError('store.commit', fault);
    const holds = repeated || (fault !== 'conflict' && this.#conditionsHold(commit));
    if (holds && !repeated) this.#write(commit, now);
    if (fault === 'fails_after') throw outsideError('store.commit', fault);
    return holds ? { kind: 'committed' } : { kind: 'conflict' };
  };

  readonly findDue = async (kind: RowKind, until: Instant, limit: number): Promise<readonly string[]> => {
    this.#mayFail('store.find_due');
    return this.#due.find(kind, until, limit, this.#now());
  };

  readonly readTrail = async (subjectId: string): Promise<readonly AuditRecord[]> => {
    this.#mayFail('store.read_trail');
    return [...(this.#trails.get(subjectId) ?? [])];
  };

  /** All rows by key: a view that goes with the store, for whoever looks in from outside. Asks for no fault. */
  rows(): ReadonlyMap<string, Row> {
    return this.#rows;
  }

  /** All records by subject, each trail in order: a view that goes with the store. Asks for no fault. */
  trails(): ReadonlyMap<string, readonly AuditRecord[]> {
    return this.#trails;
  }

  #mayFail(call: 'store.read' | 'store.find_due' | 'store.read_trail'): void {
    const fault = this.#ask(call);
    if (fault !== 'none') throw outsideError(call, fault);
  }

  // As with DynamoDB's token: what was committed under this id within 10 minutes isn't done again; the same id for something else is a mistake.
  #isRepeated(commit: Commit, now: Instant): boolean {
    const before = this.#committed.get(commit.commitId);
    if (before === undefined || before.at <= later(now, -TOKEN_MS)) return false;
    if (!isSameValue(before.commit, commit))
      throw new Error(`The commit id ${commit.commitId} was used for another commit less than 10 minutes ago. Take a new one.`);
    return true;
  }

  // A long run must not keep every commit for ever, nor a short one look through them each time.
  #remember(commit: Commit, now: Instant): void {
    this.#committed.set(commit.commitId, { commit, at: now });
    if (this.#committed.size % 1000 !== 0) return;
    const forgotten = later(now, -TOKEN_MS);
    for (const [commitId, { at }] of this.#committed) {
      if (at <= forgotten) this.#committed.delete(commitId);
    }
  }

  #conditionsHold({ writes, records }: Commit): boolean {
    const asRead = writes.every(({ row, expectedVersion }) => (this.#rows.get(row.key)?.version ?? 0) === expectedVersion);
    return asRead && !records.some((record) => this.#isRecorded(record));
  }

  // Nearly every record is the next of its trail: then there is nothing to search.
  #isRecorded({ subjectId, seq }: AuditRecord): boolean {
    const trail = this.#trails.get(subjectId) ?? [];
    return (trail.at(-1)?.seq ?? 0) >= seq && trail.some((record) => record.seq === seq);
  }

  #write(commit: Commit, now: Instant): void {
    this.#remember(commit, now);
    for (const { row } of commit.writes) {
      this.#rows.set(row.key, row);
      const lags = this.#ask('store.index') === 'delayed';
      this.#due.put(row, now, lags ? later(now, 1 + this.#faults.below('store.index', this.#maxIndexLagMs)) : now);
    }
    for (const record of commit.records) {
      const trail = this.#trails.get(record.subjectId) ?? [];
      this.#trails.set(record.subjectId, trail);
      trail.push(record);
      if ((trail.at(-2)?.seq ?? 0) > record.seq) trail.sort((a, b) => a.seq - b.seq);
    }
  }
}
