import { ceilToCents } from '../../core/money.ts';
import { completeApproval, completeNotify } from '../../core/policy-draft.ts';
import { DEFAULT_SETTINGS, type Settings, type SlackSettings } from '../../core/policy-set.ts';
import { booleanOf, numberOf, textOf, textsOf, valueIn } from './plain-data.ts';
import { exactAmount, toApproval, toNotify } from './to-policy.ts';
import type { YamlDocument } from './yaml-document.ts';

/** The settings of a document; what is absent or wrong is as in `DEFAULT_SETTINGS`. */
export function toSettings(value: unknown, rawScalar: YamlDocument['rawScalar']): Settings {
  const ceiling = exactAmount(value, 'plausibility_ceiling_usd', '/plausibility_ceiling_usd', rawScalar);
  const breaker = valueIn(value, 'breaker');
  const notify = toNotify(valueIn(value, 'notify'));
  return {
    notify: notify === null ? DEFAULT_SETTINGS.notify : completeNotify(notify),
    tellUnmatched: booleanOf(value, 'tell_unmatched') ?? DEFAULT_SETTINGS.tellUnmatched,
    slack: toSlack(valueIn(value, 'slack')),
    approval: completeApproval(toApproval(valueIn(value, 'approval')), DEFAULT_SETTINGS.approval),
    plausibilityCeiling: ceiling === null ? DEFAULT_SETTINGS.plausibilityCeiling : ceilToCents(ceiling),
    plausibilityRatio: numberOf(value, 'plausibility_ratio') ?? DEFAULT_SETTINGS.plausibilityRatio,
    breaker: {
      maxQuarantines: numberOf(breaker, 'max_quarantines') ?? DEFAULT_SETTINGS.breaker.maxQuarantines,
      perMinutes: numberOf(breaker, 'per_minutes') ?? DEFAULT_SETTINGS.breaker.perMinutes,
    },
    protectedPrincipals: textsOf(value, 'protected_principals'),
    maxTtlMinutes: numberOf(value, 'max_ttl_minutes') ?? DEFAULT_SETTINGS.maxTtlMinutes,
    allowUnknownActions: textsOf(value, 'allow_unknown_actions'),
  };
}

function toSlack(slack: unknown): SlackSettings | null {
  if (slack === null) return null;
  return {
    teamId: textOf(slack, 'team_id'),
    appId: textOf(slack, 'app_id'),
    signingSecretSsmParameter: textOf(slack, 'signing_secret_ssm_param'),
    botTokenSsmParameter: textOf(slack, 'bot_token_ssm_param'),
  };
}
