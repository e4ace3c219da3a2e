import type { Usd } from './money.ts';
import type { ApprovalRule, Notify, Policy } from './policy.ts';

/** How many principals `auto` may hold within so many minutes before people are asked instead. */
export interface BreakerLimit {
  readonly maxQuarantines: number;
  readonly perMinutes: number;
}

/** How the engine talks to Slack; null where the webhook of a policy is all there is. */
export interface SlackSettings {
  readonly teamId: string | null;
  readonly appId: string | null;
  readonly signingSecretSsmParameter: string | null;
  readonly botTokenSsmParameter: string | null;
}

/** What holds for all policies of a directory (`settings.yaml`). */
export interface Settings {
  /** Where the engine's own messages go, and those of policies without a `notify`; null where none is set. */
  readonly notify: Notify | null;
  readonly tellUnmatched: boolean;
  readonly slack: SlackSettings | null;
  readonly approval: ApprovalRule;
  /** An amount above it is not believed: at most people are asked. */
  readonly plausibilityCeiling: Usd;
  /** A budget's amount above so many times its limit is not believed. */
  readonly plausibilityRatio: number;
  readonly breaker: BreakerLimit;
  /** Globs over ARNs that no policy may hold. */
  readonly protectedPrincipals: readonly string[];
  readonly maxTtlMinutes: number;
  /** IAM actions that are newer than the list this program was built with. */
  readonly allowUnknownActions: readonly string[];
}

/** All policies of a directory at one revision, ordered by `policyId`, with its settings. */
export interface PolicySet {
  /** A git commit, with `-dirty` where the directory differs from it, or `sha256:…` of the content outside git. */
  readonly revision: string;
  readonly settings: Settings;
  readonly policies: readonly Policy[];
}

export const DEFAULT_SETTINGS: Settings = {
  notify: null,
  tellUnmatched: true,
  slack: null,
  approval: { approvers: [], minApprovals: 1, expiresMinutes: 60 },
  plausibilityCeiling: 1_000_000_00n as Usd,
  plausibilityRatio: 100,
  breaker: { maxQuarantines: 5, perMinutes: 60 },
  protectedPrincipals: [],
  maxTtlMinutes: 10_080,
  allowUnknownActions: [],
};
