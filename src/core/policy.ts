import type { JsonValue } from './content-hash.ts';
import type { AlertType, Source } from './cost-event.ts';
import type { Weekday } from './instant.ts';
import type { Usd } from './money.ts';
import type { Principal } from './principal.ts';

export const MODES = ['dry_run', 'manual', 'auto'] as const;
/** How far the engine may go by itself: tell people, ask people, or act and tell. */
export type Mode = (typeof MODES)[number];

/** What an event must be like for the policy to answer it. Null means: no condition. */
export interface Match {
  readonly sources: readonly Source[];
  /** Twelve digits each, or `*` for every account. */
  readonly accountIds: readonly string[] | '*';
  /** Inclusive. */
  readonly minAmount: Usd | null;
  /** Inclusive. */
  readonly maxAmount: Usd | null;
  /** Globs, case ignored. `X` also meets `X - …`. */
  readonly services: readonly string[] | null;
  /** Globs, case ignored. */
  readonly regions: readonly string[] | null;
  /** Globs. */
  readonly budgetNames: readonly string[] | null;
  readonly alertTypes: readonly AlertType[] | null;
  /** Percent above the expected spend, inclusive. */
  readonly minImpactPercent: number | null;
}

/** What the policy does when it is met. */
export type Response =
  | { readonly kind: 'notify_only' }
  | {
      readonly kind: 'deny';
      /** IAM action patterns, those of the deny sets included; sorted, without repetition. */
      readonly actions: readonly string[];
      /** The deny holds in these regions only; null means everywhere. */
      readonly regions: readonly string[] | null;
      /** Whether the document also closes the indirect ways around it (new roles, PassRole, access keys, AssumeRole). */
      readonly seal: boolean;
    };

/** Where people are told. */
export type Notify = {
  readonly channelHint: string | null;
  readonly mentionUsers: readonly string[];
} & ({ readonly kind: 'webhook'; readonly ssmParameter: string } | { readonly kind: 'channel'; readonly channelId: string });

/** Who may answer a request, how many must agree, and for how long it stands. */
export interface ApprovalRule {
  /** Slack ids (`U…`, `W…`, `S…` for a group) and IAM ARNs (for the command line). */
  readonly approvers: readonly string[];
  readonly minApprovals: number;
  readonly expiresMinutes: number;
}

/** A time of day, in a zone, in which the policy only tells. `start` and `end` are minutes since midnight; `end` is exclusive. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
  readonly timezone: string;
  /** The days on which the window starts. */
  readonly days: readonly Weekday[];
}

export interface Exceptions {
  readonly accountIds: readonly string[];
  /** Globs over ARNs. */
  readonly principals: readonly string[];
  readonly timeWindows: readonly TimeWindow[];
}

/** One policy, validated and complete: every default is filled in. */
export interface Policy {
  readonly policyId: string;
  readonly description: string | null;
  readonly enabled: boolean;
  readonly mode: Mode;
  /** Minutes that a principal is held; 0 means until somebody lets it go. */
  readonly ttlMinutes: number;
  readonly match: Match;
  /** Empty only where the response is `notify_only`. */
  readonly principals: readonly Principal[];
  readonly response: Response;
  readonly notify: Notify;
  readonly approval: ApprovalRule;
  readonly exceptions: Exceptions;
  /** Free text for people: owner, runbook_url, … */
  readonly metadata: Readonly<Record<string, JsonValue>>;
}
