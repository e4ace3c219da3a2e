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
      .describe('Whose alerts count: budgets (AWS Budgets), anomaly (Cost Anomaly Detection), billing_alarm (a CloudWatch alarm on charges).'),
    account_ids: z
      .union([z.literal('*'), z.array(ACCOUNT_ID_OR_ANY).min(1, 'at least one account id, or "*"')], ACCOUNT_LIST)
      .describe('The accounts whose spend counts: twelve digits each, in quotes, or "*" for every account.'),
    min_amount_usd: AMOUNT.nullish().describe('The smallest amount that meets the policy. 0 meets every amount, also one that is not in US dollars.'),
    max_amount_usd: AMOUNT.nullish().describe('The largest amount that meets the policy. It must be above the minimum.'),
    services: z
      .array(TEXT)
      .nullish()
      .describe(
        'Services by the names that Cost Explorer gives them, case ignored; * stands for any text, and "X" also meets "X - …". Alerts of budgets name none.',
      ),
    regions: z.array(TEXT).nullish().describe('Regions in which the spend arose, case ignored; * stands for any text. Only anomalies name any.'),
    budget_names: z.array(TEXT).nullish().describe('Names of budgets, written as in AWS; * stands for any text. Only alerts of budgets have one.'),
    alert_types: z
      .array(z.enum(ALERT_TYPES))
      .nullish()
      .describe('Which alerts of budgets count: those on actual spend, or on a forecast. Unless forecasted is named here, auto asks people about a forecast.'),
    min_impact_percent: AMOUNT.nullish().describe(
      'How far above the expected spend an anomaly must be, in percent: 200 is three times the expected. Where none was expected, every anomaly meets it.',
    ),
  })
  .describe('What an alert must be like. All conditions must be met together.');

const SCOPE = z
  .strictObject({
    principals: z
      .array(
        z.strictObject(
          {
            type: z.enum(PRINCIPAL_TYPES).describe('Whether the ARN names a role or a user.'),
            arn: z.string().describe('The exact ARN, with the path if it has one. No wildcards.'),
          },
          ofType('a mapping with type and arn, such as {type: iam_role, arn: "arn:aws:iam::123456789012:role/ci-deployer"}'),
        ),
      )
      .max(20, 'at most 20 principals')
      .describe('Whom the policy holds. May be empty where notify_only is the only action.'),
    regions: z
      .array(z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/, 'the code of a Region, such as "us-east-1"'))
      .nullish()
      .describe('The regions in which the deny holds; without this key, all. Services that have no regions are denied in any case.'),
  })
  .describe('Whom the policy holds, and where.');

const ACTION = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('attach_deny_policy').describe('Holds the principals: IAM denies them what deny and deny_sets name, until they are free again.'),
      deny: z.array(TEXT).nullish().describe('IAM actions that start spend; * and ? may stand after the colon. Looking and cleaning up cannot be denied.'),
      deny_sets: z.array(z.enum(DENY_SET_NAMES)).nullish().describe('Ready-made lists of actions that start spend.'),
      seal: z.boolean().nullish().describe('Whether the ways around the deny are closed too: new roles, passed roles, access keys, other sessions.'),
    }),
    z.strictObject({
      type: z.literal('notify_only').describe('Tells people and holds nobody, whatever the mode.'),
      // The Python AutoGuardRails wrote `deny: null` here.
      deny: z
        .array(TEXT)
        .max(0, 'no deny list beside notify_only; to hold somebody, write type: attach_deny_policy')
        .nullish()
        .describe('Leave it out: notify_only denies nothing.'),
    }),
  ],
  ofType('a mapping with a type, such as {type: notify_only}'),
);

const EXCEPTIONS = z.strictObject({
  accounts: z.array(ACCOUNT_ID).nullish().describe('Accounts whose spend never counts for this policy.'),
  principals: z.array(TEXT).nullish().describe('ARNs that this policy never holds, case ignored; * stands for any text.'),
  time_windows: z.array(TIME_WINDOW).nullish().describe('Times in which people are told, and nobody is asked or held.'),
});

/** The structure of a policy file. What goes beyond structure is in src/core/policy-checks.ts. */
export const POLICY_SCHEMA = z.strictObject({
  policy_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, '1 to 64 letters, digits, - and _')
    .describe('Names the policy in messages, records and IAM, so keep it. Unique in the directory, case ignored.'),
  description: z.string().nullish().describe('What the policy is for, shown to people.'),
  enabled: z.boolean().nullish().describe('Whether the policy takes part. Where it does not, it is still checked.'),
  mode: z.enum(MODES).nullish().describe('dry_run tells people, manual asks people, auto acts and tells.'),
  ttl_minutes: MINUTES.min(0)
    .nullish()
    .describe('For how long a principal is held, in minutes; at most max_ttl_minutes of settings.yaml. 0: until somebody lets it go, which auto may not do.'),
  match: MATCH,
  scope: SCOPE,
  actions: z.array(ACTION).min(1, 'at least one action').describe('What the policy does. All its deny lists and sets make one IAM policy.'),
  notify: NOTIFY.nullish().describe('Where people are told.'),
  approval: APPROVAL.nullish().describe('Who may answer, how many must agree, and how long they have.'),
  exceptions: EXCEPTIONS.nullish().describe('Accounts, principals and times that the policy leaves alone.'),
  metadata: z.record(z.string(), z.unknown()).nullish().describe('Notes for people, such as owner and runbook_url: whatever you like.'),
});
