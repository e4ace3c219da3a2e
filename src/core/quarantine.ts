import { contentId } from './content-hash.ts';
import type { Instant } from './instant.ts';
import type { Principal } from './principal.ts';

/** Somebody who wants the quarantine to stand: an execution, until a time. */
export interface Holder {
  readonly executionId: string;
  readonly planHash: string;
  readonly orderedAt: Instant;
  /** Null: until it is released by hand. */
  readonly expiresAt: Instant | null;
}

/** Why a holder could not have its quarantine. */
export const REFUSALS = [
  'policy_gone',
  'not_found',
  'other_principal',
  'foreign_account',
  'unmodifiable',
  'protected',
  'policy_changed',
  'paused',
  'too_late',
  'quota',
  'access_denied',
  'too_many_holders',
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** A holder that was refused. It is kept for its execution to take note. */
export interface Refusal {
  readonly executionId: string;
  readonly why: RefusalCode;
  readonly refusedAt: Instant;
}

/** How a call to IAM ended, as far as is known: `none` also after a crash, when nobody will ever know. */
type CallAnswer = 'none' | 'ok' | 'failed';

/** Attempts at the call that is under way: the schedule of the next one follows from it. */
interface Calling {
  readonly calledAt: Instant;
  readonly answer: CallAnswer;
  /** Failed or unanswered calls in a row, this one included once it failed. */
  readonly failures: number;
  /** Since when IAM refuses us the right to make the call; null where it doesn't. */
  readonly deniedSince: Instant | null;
}

/** How sure we are that the hold stands, by looking now and then. */
interface Watching {
  readonly calledAt: Instant;
  readonly attachedAt: Instant;
  readonly nextLookAt: Instant;
  /** Since when a look found nothing; null where it is there. */
  readonly missingSince: Instant | null;
  readonly driftTold: boolean;
}

interface Common {
  readonly quarantineId: string;
  readonly principal: Principal;
  readonly denyPolicyName: string;
  /** SHA-256 of the deny policy's document. */
  readonly documentHash: string;
  readonly holders: readonly Holder[];
  readonly refusals: readonly Refusal[];
  /** When the first attach was answered; null before that. Extensions are counted from it. */
  readonly firstAttachedAt: Instant | null;
  /** Whether the attachment was met there before we attached it. */
  readonly wasThere: boolean;
  /** When somebody must look at it again; null where nothing is owed. */
  readonly dueAt: Instant | null;
}

/** One principal under one deny policy: who wants it held, and what is known of the real attachment. */
export type Quarantine = Common &
  (
    | { readonly phase: 'absent'; readonly calledAt: Instant | null }
    | ({ readonly phase: 'attaching' } & Calling)
    | ({ readonly phase: 'attached' } & Watching)
    | ({ readonly phase: 'detaching' } & Calling)
  );

/** At most so many executions may want one quarantine. */
export const MAX_HOLDERS = 100;

// Room for all holders refused at once, and as many before that whose executions may still have to take note.
const MAX_REFUSALS = 2 * MAX_HOLDERS;

/** The id of a quarantine. IAM's names ignore case, so the same principal written otherwise is the same quarantine. */
export function quarantineIdOf(principalArn: string, denyPolicyName: string): string {
  return contentId('qua', [principalArn.toLowerCase(), denyPolicyName.toLowerCase()]);
}

/** A quarantine that nobody wants yet. */
export function emptyQuarantine(principal: Principal, denyPolicyName: string, documentHash: string): Quarantine {
  return {
    quarantineId: quarantineIdOf(principal.arn, denyPolicyName),
    principal,
    denyPolicyName,
    documentHash,
    holders: [],
    refusals: [],
    firstAttachedAt: null,
    wasThere: false,
    dueAt: null,
    phase: 'absent',
    calledAt: null,
  };
}

/** The holders whose time is not over. */
export function liveHolders(quarantine: Quarantine, now: Instant): readonly Holder[] {
  return quarantine.holders.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
}

/** The quarantine without the holders that were refused. The last refusals are kept, not all for ever. */
export function withRefusals<Q extends Quarantine>(quarantine: Q, refusals: readonly Refusal[]): Q {
  const left = new Set(refusals.map(({ executionId }) => executionId));
  return {
    ...quarantine,
    holders: quarantine.holders.filter(({ executionId }) => !left.has(executionId)),
    refusals: [...quarantine.refusals.filter(({ executionId }) => !left.has(executionId)), ...refusals].slice(-MAX_REFUSALS),
  };
}
