import type { JsonValue } from './content-hash.ts';
import type { AlertType, Source } from './cost-event.ts';
import { DENY_SETS, type DenySetName } from './deny-sets.ts';
import type { Usd } from './money.ts';
import type { ApprovalRule, Exceptions, Mode, Notify, Policy, Response, TimeWindow } from './policy.ts';
import type { Settings } from './policy-set.ts';
import type { PrincipalType } from './principal.ts';

/** A list as far as it could be read: a wrong item is null, so that the others keep their place. A list that is wrong as a whole is one null. */
export type DraftList<Item> = readonly (Item | null)[];

export type ActionDraft =
  | { readonly kind: 'notify_only' }
  | { readonly kind: 'deny'; readonly patterns: DraftList<string>; readonly sets: DraftList<DenySetName>; readonly seal: boolean };

export interface MatchDraft {
  readonly sources: DraftList<Source>;
  /** May hold `*`. */
  readonly accountIds: DraftList<string>;
  readonly minAmount: Usd | null;
  readonly maxAmount: Usd | null;
  readonly services: DraftList<string> | null;
  readonly regions: DraftList<string> | null;
  readonly budgetNames: DraftList<string> | null;
  readonly alertTypes: DraftList<AlertType> | null;
  readonly minImpactPercent: number | null;
}

export interface PrincipalDraft {
  readonly type: PrincipalType | null;
  readonly arn: string | null;
}

export type DestinationDraft = { readonly kind: 'webhook'; readonly ssmParameter: string } | { readonly kind: 'channel'; readonly channelId: string };

export interface NotifyDraft {
  /** As many as the policy names; one is right. */
  readonly destinations: DraftList<DestinationDraft>;
  readonly channelHint: string | null;
  readonly mentionUsers: DraftList<string>;
}

export interface ApprovalDraft {
  readonly approvers: DraftList<string> | null;
  readonly minApprovals: number | null;
  readonly expiresMinutes: number | null;
}

export interface TimeWindowDraft {
  readonly start: number | null;
  readonly end: number | null;
  readonly timezone: string | null;
  readonly days: TimeWindow['days'];
}

export interface ExceptionsDraft {
  readonly accountIds: DraftList<string>;
  readonly principals: DraftList<string>;
  readonly timeWindows: DraftList<TimeWindowDraft>;
}

/**
 * A policy as far as it could be read, so that one mistake doesn't hide the next. Null is what is absent, and what is wrong and
 * reported already; a policy without any error can be completed.
 */
export interface PolicyDraft {
  readonly policyId: string | null;
  readonly description: string | null;
  readonly enabled: boolean;
  readonly mode: Mode;
  readonly ttlMinutes: number | null;
  readonly match: MatchDraft;
  readonly principals: DraftList<PrincipalDraft>;
  readonly scopeRegions: DraftList<string> | null;
  readonly actions: DraftList<ActionDraft>;
  /** Null where the settings' one holds. */
  readonly notify: NotifyDraft | null;
  readonly approval: ApprovalDraft;
  readonly exceptions: ExceptionsDraft;
  readonly metadata: Readonly<Record<string, JsonValue>>;
}

const DEFAULT_TTL_MINUTES = 180;

/** The list without what could not be read. */
export function readItems<Item>(list: DraftList<Item>): readonly Item[] {
  return list.filter((item) => item !== null);
}

/** The policy with every default filled in; null where something that has no default is missing. */
export function completePolicy(draft: PolicyDraft, settings: Settings): Policy | null {
  const notify = draft.notify === null ? settings.notify : completeNotify(draft.notify);
  if (draft.policyId === null || notify === null) return null;
  const { description, enabled, mode, metadata } = draft;
  return {
    policyId: draft.policyId,
    description,
    enabled,
    mode,
    // A directory may allow less than the default.
    ttlMinutes: draft.ttlMinutes ?? Math.min(DEFAULT_TTL_MINUTES, settings.maxTtlMinutes),
    match: completeMatch(draft.match),
    principals: readItems(draft.principals).flatMap(({ type, arn }) => (type === null || arn === null ? [] : [{ type, arn }])),
    response: responseOf(draft),
    notify,
    approval: completeApproval(draft.approval, settings.approval),
    exceptions: completeExceptions(draft.exceptions),
    metadata,
  };
}

/** What the policy does: all its deny lists and deny sets as one sorted list, or nothing but telling people. */
export function responseOf(draft: Pick<PolicyDraft, 'actions' | 'scopeRegions'>): Response {
  const denials = readItems(draft.actions).flatMap((action) => (action.kind === 'deny' ? [action] : []));
  if (denials.length === 0) return { kind: 'notify_only' };
  const patterns = denials.flatMap((denial) => [...readItems(denial.patterns), ...readItems(denial.sets).flatMap((name) => DENY_SETS[name])]);
  const regions = sortedWithoutRepetition(readItems(draft.scopeRegions ?? []));
  const seal = denials.some((denial) => denial.seal);
  return { kind: 'deny', actions: sortedWithoutRepetition(patterns), regions: regions.length === 0 ? null : regions, seal };
}

/** The destination with its label and mentions, where exactly one is named; else null. */
export function completeNotify(draft: NotifyDraft): Notify | null {
  const [destination = null, ...others] = draft.destinations;
  if (destination === null || others.length > 0) return null;
  return { ...destination, channelHint: draft.channelHint, mentionUsers: readItems(draft.mentionUsers) };
}

/** The rule, with the default's value where the draft has none. */
export function completeApproval(draft: ApprovalDraft, defaults: ApprovalRule): ApprovalRule {
  return {
    approvers: draft.approvers === null ? defaults.approvers : readItems(draft.approvers),
    minApprovals: draft.minApprovals ?? defaults.minApprovals,
    expiresMinutes: draft.expiresMinutes ?? defaults.expiresMinutes,
  };
}

function completeMatch(draft: MatchDraft): Policy['match'] {
  const accountIds = readItems(draft.accountIds);
  return {
    sources: [...new Set(readItems(draft.sources))],
    accountIds: accountIds.includes('*') ? '*' : accountIds,
    minAmount: draft.minAmount,
    maxAmount: draft.maxAmount,
    services: draft.services === null ? null : readItems(draft.services),
    regions: draft.regions === null ? null : readItems(draft.regions),
    budgetNames: draft.budgetNames === null ? null : readItems(draft.budgetNames),
    alertTypes: draft.alertTypes === null ? null : readItems(draft.alertTypes),
    minImpactPercent: draft.minImpactPercent,
  };
}

function completeExceptions(draft: ExceptionsDraft): Exceptions {
  const timeWindows = readItems(draft.timeWindows).flatMap(({ start, end, timezone, days }) => {
    return start === null || end === null || timezone === null ? [] : [{ start, end, timezone, days }];
  });
  return { accountIds: readItems(draft.accountIds), principals: readItems(draft.principals), timeWindows };
}

/** IAM ignores case: of two spellings the first in order stays. */
function sortedWithoutRepetition(patterns: readonly string[]): readonly string[] {
  const bySpelling = new Map<string, string>();
  for (const pattern of [...patterns].sort()) {
    const key = pattern.toLowerCase();
    if (!bySpelling.has(key)) bySpelling.set(key, pattern);
  }
  return [...bySpelling.values()];
}
