import { formatUsd } from '../../core/money.ts';
import { completePolicy, readItems } from '../../core/policy-draft.ts';
import { DEFAULT_SETTINGS } from '../../core/policy-set.ts';
import { toPolicyDraft } from './to-policy.ts';

/** What holds where a key is absent: a value, or what settings.yaml says. A key without an entry has no default. */
export type SchemaDefault = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'settings' };

/** By path, as in `breaker.per_minutes`. */
export type SchemaDefaults = ReadonlyMap<string, SchemaDefault>;

// A policy that says as little as it can. What it turns out to be is what the defaults are.
const SILENT = toPolicyDraft(
  {
    policy_id: 'silent',
    notify: { slack_channel: 'C0' },
    actions: [{ type: 'attach_deny_policy' }],
    exceptions: { time_windows: [{ start: '00:00', end: '00:00', timezone: 'UTC' }] },
  },
  () => null,
);

const FROM_SETTINGS = ['notify', 'approval.approvers', 'approval.min_approvals', 'approval.expires_minutes'];

/** The defaults of a policy's keys, taken from the code that fills them in. */
export function policyDefaults(): SchemaDefaults {
  const policy = completePolicy(SILENT, DEFAULT_SETTINGS);
  const [action] = readItems(SILENT.actions);
  return new Map<string, SchemaDefault>([
    ['enabled', valued(policy?.enabled)],
    ['mode', valued(policy?.mode)],
    ['ttl_minutes', valued(policy?.ttlMinutes)],
    ['actions[attach_deny_policy].seal', valued(action?.kind === 'deny' && action.seal)],
    ['exceptions.time_windows[].days', valued(policy?.exceptions.timeWindows[0]?.days)],
    ...FROM_SETTINGS.map((path) => [path, { kind: 'settings' }] as const),
  ]);
}

/** The defaults of the settings. */
export function settingsDefaults(): SchemaDefaults {
  const { approval, breaker, maxTtlMinutes, plausibilityCeiling, plausibilityRatio, tellUnmatched } = DEFAULT_SETTINGS;
  return new Map<string, SchemaDefault>([
    ['tell_unmatched', valued(tellUnmatched)],
    ['approval.min_approvals', valued(approval.minApprovals)],
    ['approval.expires_minutes', valued(approval.expiresMinutes)],
    ['plausibility_ceiling_usd', valued(Number(formatUsd(plausibilityCeiling)))],
    ['plausibility_ratio', valued(plausibilityRatio)],
    ['breaker.max_quarantines', valued(breaker.maxQuarantines)],
    ['breaker.per_minutes', valued(breaker.perMinutes)],
    ['max_ttl_minutes', valued(maxTtlMinutes)],
  ]);
}

function valued(value: unknown): SchemaDefault {
  return { kind: 'value', value };
}
