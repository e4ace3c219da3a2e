import * as z from 'zod';
import { ALERT_TYPES, SOURCES } from '../../core/cost-event.ts';
import { DENY_SET_NAMES } from '../../core/deny-sets.ts';
import { MODES } from '../../core/policy.ts';
import { PRINCIPAL_TYPES } from '../../core/principal.ts';
import { ACCOUNT_ID, APPROVAL, MAX_AMOUNT, MINUTES, NOTIFY, ofType, TEXT, TIME_WINDOW } from './field-schemas.ts';

const ACCOUNT_LIST = 'a list of account ids in quotes, such as ["123456789012"], or ["*"]';
const ACCOUNT_ID_OR_ANY = z.string().regex(/^(\d{12}|\*)$/, 'twelve digits in quotes, such as "123456789012", or "*" for every account');
const AMOUNT = z.number().min(0).max(MAX_AMOUNT);

const MATCH = z
  .strictObject({
    source: z
      .array(z.enum(SOURCES))
      .min(1, 'at least one source')
      .describe('Whose alerts count: budgets (AWS Budgets), anomaly (Cost Anomaly Detection), billing_alarm (CloudWatch).'),
    account_ids: z
      .union([z.literal('*'), z.array(ACCOUNT_ID_OR_ANY).min(1, 'at least one account id, or "*"')], ACCOUNT_LIST)
      .describe('The accounts whose spend counts: twelve digits each, in quotes, or "*" for every account.'),
    min_amount_usd: AMOUNT.nullish().describe(
      'The amount from which on the policy is met, itself included. 0 meets every amount, also one that is not in US dollars.',
    ),
    max_amount_usd: AMOUNT.nullish().describe('The amount up to which the policy is met, itself included. Above the minimum.'),
    services: z
      .array(TEXT)
      .nullish()
      .describe("Services in Cost Explorer's words; * stands for anything, case is ignored, and X also meets X - …. Budgets name none."),
    regions: z.array(TEXT).nullish().describe('Regions such as us-east-1; * stands for anything. Only anomalies name any.'),
    budget_names: z.array(TEXT).nullish().describe('Names of budgets; * stands for anything.'),
    alert_types: z
      .array(z.enum(ALERT_TYPES))
      .nullish()
      .describe('Which alerts of budgets count. Only a policy that names forecasted acts on a forecast by itself.'),
    min_impact_percent: AMOUNT.nullish().describe(
      'How far above the expected spend an anomaly must be, in percent. Where none was expected, every anomaly meets it.',
    ),
  })
  .describe('What an alert must be like. Every condition must be met.');

const SCOPE = z
  .strictObject({
    principals: z
      .array(
        z.strictObject(
          {
            type: z.enum(PRINCIPAL_TYPES).describe('iam_role or iam_user.'),
            arn: z.string().describe('The exact ARN, with the path if there is one. No wildcards.'),
          },
          ofType('a mapping with type and arn, such as {type: iam_role, arn: "arn:aws:iam::123456789012:role/ci-deployer"}'),
        ),
      )
      .max(20, 'at most 20 principals')
      .describe('Whom the policy holds, at most 20. May be empty where notify_only is the only action.'),
    regions: z
      .array(z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, 'the code of a Region, such as "us-east-1"'))
      .nullish()
      .describe('The deny holds in these regions only. Default: everywhere. Services without regions are denied in any case.'),
  })
  .describe('Whom the policy holds, and where.');

const ACTION = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('attach_deny_policy').describe('Holds the principals: they may not start new spend until they are free again.'),
      deny: z.array(TEXT).nullish().describe('IAM actions such as ec2:RunInstances; * and ? may stand in the action. Neither looking nor cleaning up.'),
      deny_sets: z.array(z.enum(DENY_SET_NAMES)).nullish().describe('Ready-made lists: new_compute, commitments, genai.'),
      seal: z.boolean().nullish().describe('Also closes the ways around it: new roles, passed roles, access keys, other sessions. Default false.'),
    }),
    z.strictObject({
      type: z.literal('notify_only').describe('Tells people, whatever the mode, and holds nobody.'),
      // The Python AutoGuardRails wrote `deny: null` here.
      deny: z.array(TEXT).max(0, 'no deny list beside notify_only; to hold somebody, write type: attach_deny_policy').nullish().describe('Nothing.'),
    }),
  ],
  ofType('a mapping with a type, such as {type: notify_only}'),
);

const EXCEPTIONS = z.strictObject({
  accounts: z.array(ACCOUNT_ID).nullish().describe('Accounts whose spend never counts.'),
  principals: z.array(TEXT).nullish().describe('ARNs that are never held; * stands for anything.'),
  time_windows: z.array(TIME_WINDOW).nullish().describe('Times in which people are told, and nobody is held.'),
});

/** The structure of a policy file. What goes beyond structure is in src/core/policy-checks.ts. */
export const POLICY_SCHEMA = z.strictObject({
  policy_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, - and _')
    .describe('Names the policy for ever, in messages, records and IAM. Unique in the directory.'),
  description: z.string().nullish().describe('What the policy is for, shown to people.'),
  enabled: z.boolean().nullish().describe('Default true.'),
  mode: z.enum(MODES).nullish().describe('dry_run tells people, manual asks people, auto acts and tells. Default dry_run.'),
  ttl_minutes: MINUTES.min(0).nullish().describe('For how long a principal is held, in minutes. Default 180; 0 until somebody lets it go.'),
  match: MATCH,
  scope: SCOPE,
  actions: z.array(ACTION).min(1, 'at least one action').describe('What the policy does. All its deny lists make one deny document.'),
  notify: NOTIFY.nullish().describe('Where people are told. Default: that of settings.yaml.'),
  approval: APPROVAL.nullish().describe('Who may answer, and how. Defaults: those of settings.yaml.'),
  exceptions: EXCEPTIONS.nullish().describe('Whom and when the policy leaves alone.'),
  metadata: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()], 'a text, a number, true, false or null'))
    .nullish()
    .describe('Free text for people, such as owner and runbook_url.'),
});
