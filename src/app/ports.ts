import type { AuditRecord, ChainHead } from '../core/audit-record.ts';
import type { Instant } from '../core/instant.ts';
import type { Principal } from '../core/principal.ts';

/** What kinds of thing are stored. A row's key begins with its kind: `quarantine#qua-…`. */
export type RowKind = 'event' | 'execution' | 'incident' | 'quarantine' | 'notice' | 'breaker' | 'control' | 'chain';

/** One stored state. What is owed about it stays in the row, as `dueAt`, until the commit that records it done. */
export interface Row<Value = unknown> {
  readonly key: string;
  readonly kind: RowKind;
  /** From 1; every commit that writes the row adds one. */
  readonly version: number;
  /** Null, booleans, finite numbers, bigints, strings, and arrays and plain objects of them. It comes back as it was. */
  readonly value: Value;
  readonly dueAt: Instant | null;
  readonly createdAt: Instant;
  /** The last record of this subject's chain. */
  readonly chain: ChainHead;
  /** The commit that wrote this version: by it a commit whose answer was lost recognises itself. */
  readonly commitId: string;
}

/** A row to write, if it still has the version that it was read at; 0 where it must not exist yet. */
export interface Write {
  readonly row: Row;
  readonly expectedVersion: number;
}

/**
 * All or nothing: rows, and the audit records of the steps that led to them. 1 to 100 items, each once; at most 400 KB in one and 4 MB
 * together. What breaks this is a mistake, and throws another error than `OutsideError`.
 */
export interface Commit {
  /** 1 to 36 characters. For 10 minutes the same commit again is `committed` and changes nothing; another one under this id throws. */
  readonly commitId: string;
  readonly writes: readonly Write[];
  readonly records: readonly AuditRecord[];
}

/** `conflict`: a row had another version, a record existed already, or another transaction was under way. Nothing was written. */
export type CommitResult = { readonly kind: 'committed' } | { readonly kind: 'conflict' };

/** Where state and audit log live. Every method throws `OutsideError` where it can't tell what happened. */
export interface Store {
  /** Reads rows as they are now: a commit that was answered before is seen. Missing rows are left out. */
  readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>;
  readonly commit: (commit: Commit) => Promise<CommitResult>;
  /** The keys of rows of a kind that are due, earliest first. From an index: it may lag either way, so read the row before acting. */
  readonly findDue: (kind: RowKind, until: Instant, limit: number) => Promise<readonly string[]>;
  /** All audit records of a subject, in order. */
  readonly readTrail: (subjectId: string) => Promise<readonly AuditRecord[]>;
}

/** Somebody should look at a row now. A wake-up carries no facts: lost, late or doubled, it changes nothing. */
export type WakeUp = { readonly kind: 'quarantine' | 'execution'; readonly key: string } | { readonly kind: 'channel'; readonly channel: string };

export interface WakeUpSender {
  readonly send: (wakeUps: readonly WakeUp[]) => Promise<void>;
}

/** A principal as IAM knows it; null where there is none of that name. */
export interface FoundPrincipal {
  readonly arn: string;
}

/** A deny policy as IAM holds it. */
export interface FoundDenyPolicy {
  readonly defaultVersion: string;
  /** SHA-256 of the document of version `v1`. */
  readonly documentHash: string;
}

/** How a call that changes IAM ended. Anything unexpected is thrown as `OutsideError`. */
export type IamCallResult = 'ok' | 'gone' | 'quota' | 'access_denied';

/** The calls to IAM that the engine makes. None of them can create or change a policy. */
export interface Iam {
  readonly attach: (principal: Principal, denyPolicyName: string) => Promise<IamCallResult>;
  readonly detach: (principal: Principal, denyPolicyName: string) => Promise<IamCallResult>;
  /** The names of the policies under `/guardrails/` that are attached, maybe stale; empty where there is no such principal. */
  readonly listAttached: (principal: Principal) => Promise<readonly string[]>;
  /** Asks by type and name alone, as IAM does: the ARN that comes back is the one that counts. */
  readonly findPrincipal: (principal: Principal) => Promise<FoundPrincipal | null>;
  /** Null where there is no such policy in the account of the principal. */
  readonly findDenyPolicy: (principal: Principal, denyPolicyName: string) => Promise<FoundDenyPolicy | null>;
}

/** The clock that makes a row due sooner than the sweep would. Nothing relies on it. */
export interface ExpiryScheduler {
  /** Sets the wake-up of a quarantine to a time, or takes it away. */
  readonly schedule: (quarantineKey: string, at: Instant | null) => Promise<void>;
}

/** A message about something, rendered from what is stored at the time of telling. */
export interface Telling {
  readonly channel: string;
  readonly noticeKey: string;
  /** Rises with every change: what is older than what was told last must not be told. */
  readonly wanted: number;
}

export interface Messenger {
  readonly tell: (telling: Telling) => Promise<void>;
}

/** A call to the outside that failed, or whose answer was lost: what it did is not known. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';
}
