import type { JsonValue } from '../../core/content-hash.ts';
import { ALERT_TYPES, SOURCES } from '../../core/cost-event.ts';
import { DENY_SET_NAMES } from '../../core/deny-sets.ts';
import { WEEKDAYS } from '../../core/instant.ts';
import { ceilToCents, type Decimal, floorToCents, parseDecimal, type Usd } from '../../core/money.ts';
import { MODES } from '../../core/policy.ts';
import {
  type ActionDraft,
  type ApprovalDraft,
  type DestinationDraft,
  type ExceptionsDraft,
  type MatchDraft,
  type NotifyDraft,
  type PolicyDraft,
  type PrincipalDraft,
  readItems,
  type TimeWindowDraft,
} from '../../core/policy-draft.ts';
import { PRINCIPAL_TYPES } from '../../core/principal.ts';
import { booleanOf, choiceAmong, choiceOf, listOf, numberOf, textAsIs, textOf, valueIn } from './plain-data.ts';
import type { YamlDocument } from './yaml-document.ts';
import { WRONG } from './yaml-node.ts';

type RawScalar = YamlDocument['rawScalar'];

/** The policy of a document, as far as it could be read: here, and nowhere else, snake_case becomes camelCase. */
export function toPolicyDraft(value: unknown, rawScalar: RawScalar): PolicyDraft {
  const scope = valueIn(value, 'scope');
  return {
    policyId: textOf(value, 'policy_id'),
    description: textOf(value, 'description'),
    enabled: booleanOf(value, 'enabled') ?? true,
    mode: choiceOf(value, 'mode', MODES) ?? 'dry_run',
    ttlMinutes: numberOf(value, 'ttl_minutes'),
    match: toMatch(valueIn(value, 'match'), rawScalar),
    principals: listOf(scope, 'principals', toPrincipal) ?? [null],
    scopeRegions: listOf(scope, 'regions', textAsIs),
    actions: listOf(value, 'actions', toAction) ?? [null],
    notify: toNotify(valueIn(value, 'notify')),
    approval: toApproval(valueIn(value, 'approval')),
    exceptions: toExceptions(valueIn(value, 'exceptions')),
    metadata: toMetadata(valueIn(value, 'metadata'), rawScalar),
  };
}

/** A `notify` mapping, of a policy or of settings; null where there is none. */
export function toNotify(notify: unknown): NotifyDraft | null {
  if (notify === null) return null;
  const webhook = toDestination(notify, 'slack_webhook_ssm_param', (ssmParameter) => ({ kind: 'webhook', ssmParameter }));
  const channel = toDestination(notify, 'slack_channel', (channelId) => ({ kind: 'channel', channelId }));
  return {
    destinations: notify === WRONG ? [null] : [...webhook, ...channel],
    channelHint: textOf(notify, 'channel_hint'),
    mentionUsers: listOf(notify, 'mention_users', textAsIs) ?? [],
  };
}

/** An `approval` mapping, of a policy or of settings. */
export function toApproval(approval: unknown): ApprovalDraft {
  return {
    approvers: listOf(approval, 'approvers', textAsIs),
    minApprovals: numberOf(approval, 'min_approvals'),
    expiresMinutes: numberOf(approval, 'expires_minutes'),
  };
}

/** An amount by the digits that were written, so that nothing is lost on the way; null where there is none. */
export function exactAmount(mapping: unknown, key: string, path: string, rawScalar: RawScalar): Decimal | null {
  const number = numberOf(mapping, key);
  return number === null ? null : (parseDecimal(rawScalar(path) ?? '') ?? parseDecimal(String(number)));
}

function toMatch(match: unknown, rawScalar: RawScalar): MatchDraft {
  const amount = (key: string, round: (exact: Decimal) => Usd): Usd | null => {
    const exact = exactAmount(match, key, `/match/${key}`, rawScalar);
    return exact === null ? null : round(exact);
  };
  return {
    sources: listOf(match, 'source', (source) => choiceAmong(source, SOURCES)) ?? [null],
    accountIds: valueIn(match, 'account_ids') === '*' ? ['*'] : (listOf(match, 'account_ids', textAsIs) ?? [null]),
    minAmount: amount('min_amount_usd', ceilToCents),
    maxAmount: amount('max_amount_usd', floorToCents),
    services: listOf(match, 'services', textAsIs),
    regions: listOf(match, 'regions', textAsIs),
    budgetNames: listOf(match, 'budget_names', textAsIs),
    alertTypes: listOf(match, 'alert_types', (type) => choiceAmong(type, ALERT_TYPES)),
    minImpactPercent: numberOf(match, 'min_impact_percent'),
  };
}

function toPrincipal(principal: unknown): PrincipalDraft {
  return { type: choiceOf(principal, 'type', PRINCIPAL_TYPES), arn: textOf(principal, 'arn') };
}

function toAction(action: unknown): ActionDraft | null {
  const kind = choiceOf(action, 'type', ['attach_deny_policy', 'notify_only']);
  if (kind !== 'attach_deny_policy') return kind === null ? null : { kind };
  return {
    kind: 'deny',
    patterns: listOf(action, 'deny', textAsIs) ?? [],
    sets: listOf(action, 'deny_sets', (name) => choiceAmong(name, DENY_SET_NAMES)) ?? [],
    seal: booleanOf(action, 'seal') ?? false,
  };
}

/** Nothing, one destination, or one null where its value is wrong. */
function toDestination(notify: unknown, key: string, of: (value: string) => DestinationDraft): readonly (DestinationDraft | null)[] {
  if (valueIn(notify, key) === null) return [];
  const text = textOf(notify, key);
  return [text === null ? null : of(text)];
}

function toExceptions(exceptions: unknown): ExceptionsDraft {
  return {
    accountIds: listOf(exceptions, 'accounts', textAsIs) ?? [],
    principals: listOf(exceptions, 'principals', textAsIs) ?? [],
    timeWindows: listOf(exceptions, 'time_windows', toTimeWindow) ?? [],
  };
}

function toTimeWindow(window: unknown): TimeWindowDraft {
  const days = listOf(window, 'days', (day) => choiceAmong(typeof day === 'string' ? day.toLowerCase() : day, WEEKDAYS));
  return {
    start: toMinuteOfDay(textOf(window, 'start')),
    end: toMinuteOfDay(textOf(window, 'end')),
    timezone: textOf(window, 'timezone'),
    days: days === null ? WEEKDAYS : readItems(days),
  };
}

/** `24:00` is the midnight at which the next day begins, and so is `00:00` as an end. */
function toMinuteOfDay(time: string | null): number | null {
  const [hours, minutes] = (time ?? '').split(':').map(Number);
  return hours === undefined || minutes === undefined ? null : (hours % 24) * 60 + minutes;
}

function toMetadata(metadata: unknown, rawScalar: RawScalar): Readonly<Record<string, JsonValue>> {
  if (typeof metadata !== 'object' || metadata === null) return {};
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]: [string, unknown]) => {
      const shown = typeof value === 'number' ? asWritten(value, rawScalar(`/metadata/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)) : value;
      return [key, toJson(shown)];
    }),
  );
}

/** People read metadata: an account id must not lose its leading zero, nor a version (`1.10`) its last one. */
function asWritten(value: number, raw: string | null): string | number {
  return raw === null || raw === String(value) ? value : raw;
}

function toJson(value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(Object(value)).map(([key, item]) => [key, toJson(item)]));
}
