import * as z from 'zod';
import { APPROVAL, MAX_AMOUNT, MINUTES, NOTIFY, PARAMETER, WHOLE_NUMBER } from './field-schemas.ts';

const SLACK = z.strictObject({
  team_id: z
    .string()
    .regex(/^[TE][A-Z0-9]+$/, 'a workspace\'s id, such as "T0123456789"')
    .nullish()
    .describe('The id of the workspace whose members may answer.'),
  app_id: z
    .string()
    .regex(/^A[A-Z0-9]+$/, 'an app\'s id, such as "A0123456789"')
    .nullish()
    .describe('The id of the app whose buttons count.'),
  signing_secret_ssm_param: PARAMETER.nullish().describe("The SSM parameter that holds the app's signing secret."),
  bot_token_ssm_param: PARAMETER.nullish().describe('The SSM parameter that holds the bot token (xoxb-…), which slack_channel needs.'),
});

const BREAKER = z.strictObject({
  max_quarantines: WHOLE_NUMBER.min(0)
    .max(1000)
    .nullish()
    .describe('How many principals auto may hold within per_minutes. 0: none, so that people are always asked.'),
  per_minutes: MINUTES.min(1).max(10_080).nullish().describe('The time in which they are counted, in minutes.'),
});

/** The structure of settings.yaml. */
export const SETTINGS_SCHEMA = z.strictObject({
  notify: NOTIFY.nullish().describe("Where policies without a notify tell people, and where the engine's own messages go."),
  tell_unmatched: z.boolean().nullish().describe('Whether people are told of an alert that no policy answers.'),
  slack: SLACK.nullish().describe('The Slack workspace and app, and where their secrets are.'),
  approval: APPROVAL.nullish().describe('For policies that do not say: who may answer, how many must agree, and how long they have.'),
  plausibility_ceiling_usd: z
    .number()
    .gt(0)
    .max(MAX_AMOUNT)
    .nullish()
    .describe('An amount above it, in US dollars, is not believed: auto asks people instead.'),
  plausibility_ratio: z.number().min(1).nullish().describe("A budget's amount above so many times its limit is not believed: auto asks people instead."),
  breaker: BREAKER.nullish().describe('How much auto may do by itself before people are asked instead.'),
  protected_principals: z
    .array(z.string().regex(/^(arn:|\*)/, 'an ARN, with * where it may vary, such as "arn:aws:iam::*:role/admin*"'))
    .nullish()
    .describe('ARNs that no policy may hold, case ignored; * stands for any text.'),
  max_ttl_minutes: MINUTES.min(1).max(525_600).nullish().describe('The longest time for which a policy may hold somebody, in minutes.'),
  allow_unknown_actions: z
    .array(z.string().regex(/^[A-Za-z0-9-]+:[A-Za-z0-9-]+$/, 'an exact IAM action, such as "ec2:RunInstances", without wildcards'))
    .nullish()
    .describe('IAM actions that policies may deny although this program does not know them yet.'),
});
