import * as z from 'zod';
import { APPROVAL, MAX_AMOUNT, MINUTES, NOTIFY, PARAMETER, WHOLE_NUMBER } from './field-schemas.ts';

const SLACK = z.strictObject({
  team_id: z
    .string()
    .regex(/^[TE][A-Z0-9]+$/, 'a workspace\'s id, such as "T0123456789"')
    .nullish()
    .describe('The workspace whose members may answer.'),
  app_id: z
    .string()
    .regex(/^A[A-Z0-9]+$/, 'an app\'s id, such as "A0123456789"')
    .nullish()
    .describe('The app whose buttons count.'),
  signing_secret_ssm_param: PARAMETER.nullish().describe("The SSM parameter with the app's signing secret."),
  bot_token_ssm_param: PARAMETER.nullish().describe('The SSM parameter with the bot token (xoxb-…), for slack_channel.'),
});

const BREAKER = z.strictObject({
  max_quarantines: WHOLE_NUMBER.min(0).max(1000).nullish().describe('How many principals auto may hold. Default 5; 0: none.'),
  per_minutes: MINUTES.min(1).max(10_080).nullish().describe('Within how many minutes. Default 60.'),
});

/** The structure of settings.yaml. */
export const SETTINGS_SCHEMA = z.strictObject({
  notify: NOTIFY.nullish().describe("Where policies without a notify tell people, and where the engine's own messages go."),
  tell_unmatched: z.boolean().nullish().describe('Whether people are told of an alert that no policy answers. Default true.'),
  slack: SLACK.nullish().describe('How the engine talks to Slack.'),
  approval: APPROVAL.nullish().describe('Who may answer, for policies that do not say.'),
  plausibility_ceiling_usd: z
    .number()
    .gt(0)
    .max(MAX_AMOUNT)
    .nullish()
    .describe('An amount above it is not believed: people are asked instead. Default 1000000.'),
  plausibility_ratio: z.number().min(1).nullish().describe("A budget's amount above so many times its limit is not believed. Default 100."),
  breaker: BREAKER.nullish().describe('How much auto may do before people are asked instead.'),
  protected_principals: z
    .array(z.string().regex(/^(arn:|\*)/, 'an ARN, with * where it may vary, such as "arn:aws:iam::*:role/admin*"'))
    .nullish()
    .describe('ARNs that no policy may hold; * stands for anything.'),
  max_ttl_minutes: MINUTES.min(1).max(525_600).nullish().describe('The longest time that a policy may hold somebody, in minutes. Default 10080, a week.'),
  allow_unknown_actions: z
    .array(z.string().regex(/^[A-Za-z0-9-]+:[A-Za-z0-9-]+$/, 'an exact IAM action, such as "ec2:RunInstances", without wildcards'))
    .nullish()
    .describe('IAM actions that are newer than the list of this program.'),
});
