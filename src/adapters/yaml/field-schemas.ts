import * as z from 'zod';
import { WEEKDAYS } from '../../core/instant.ts';

/*
 * The fields that policies and settings share. By convention every message of a schema is what was expected, to follow the word
 * "expected": the value found, the place and the advice are added where issues become problems.
 */

const EITHER_CASE = WEEKDAYS.map((day) => [...day].map((letter) => `[${letter.toUpperCase()}${letter}]`).join('')).join('|');

/** In US dollars: beyond every amount that AWS has sent, the mistaken ones included. */
export const MAX_AMOUNT = 1e15;

/** What a schema expects where the value is of another type; its other messages stay as they are. */
export function ofType(expected: string): { readonly error: z.core.$ZodErrorMap } {
  return { error: (issue) => (issue.code === 'invalid_type' ? expected : undefined) };
}

export const MINUTES = z.int(ofType('a whole number of minutes'));
export const WHOLE_NUMBER = z.int(ofType('a whole number'));

/** Any text that says something. */
export const TEXT = z.string().min(1, 'a text that is not empty');

/** Twelve digits. Without quotes, YAML reads a number, and a leading zero is gone. */
export const ACCOUNT_ID = z.string().regex(/^\d{12}$/, 'twelve digits in quotes, such as "123456789012"');

/** The webhook's address is a secret, so only the parameter that holds it is named. Deployed rights end at this prefix. */
const WEBHOOK_PARAMETER = z
  .string()
  .regex(/^\/guardrails\/slack_webhook[A-Za-z0-9_./-]*$/, 'the name of an SSM parameter that begins with "/guardrails/slack_webhook"');

/** The name of an SSM parameter that the deployed functions may read. */
export const PARAMETER = z.string().regex(/^\/guardrails\/[A-Za-z0-9_./-]+$/, 'the name of an SSM parameter that begins with "/guardrails/"');

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;
const END_OF_DAY = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;
const APPROVER = /^([UWS][A-Z0-9]{2,}|arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[^\s*?]+)$/;

export const NOTIFY = z.strictObject({
  slack_webhook_ssm_param: WEBHOOK_PARAMETER.nullish().describe(
    'The SSM parameter that holds the address of an incoming webhook. Name either this or slack_channel.',
  ),
  slack_channel: z
    .string()
    .regex(/^[CG][A-Z0-9]+$/, 'the id of a Slack channel, such as "C0123456789" (in Slack: channel details, at the bottom)')
    .nullish()
    .describe('The id of a channel that the bot has been invited to. Needs slack.bot_token_ssm_param in settings.yaml.'),
  channel_hint: TEXT.nullish().describe('A label for people, such as "#cost-alerts". It does not choose the channel.'),
  mention_users: z.array(TEXT).nullish().describe('Slack ids of users (U…, W…) and user groups (S…) to mention. Other text is shown plain and alerts nobody.'),
});

export const APPROVAL = z.strictObject({
  approvers: z
    .array(z.string().regex(APPROVER, 'a Slack id (U…, W…, or S… for a group), or the ARN of an IAM role or user; for a session, the ARN of its role'))
    .nullish()
    .describe(
      'Who may answer: Slack ids of users (U…, W…) and user groups (S…), and ARNs of IAM roles and users for the command line. A session counts as its role.',
    ),
  min_approvals: WHOLE_NUMBER.min(1).max(20).nullish().describe('How many different people must agree.'),
  expires_minutes: MINUTES.min(1).max(10_080).nullish().describe('For how long a request waits for an answer, in minutes.'),
});

export const TIME_WINDOW = z.strictObject({
  start: z.string().regex(TIME_OF_DAY, 'a time of day as HH:MM, from 00:00 to 23:59').describe('The time of day at which the window opens, as HH:MM.'),
  end: z
    .string()
    .regex(END_OF_DAY, 'a time of day as HH:MM, from 00:00 to 24:00')
    .describe('The time of day at which it closes, as HH:MM; that minute is outside. Earlier than the start: on the next day. Equal to it: the whole day.'),
  timezone: TEXT.describe('The time zone of start and end: a name of the IANA database, such as "Asia/Tokyo" or "UTC".'),
  days: z
    .array(z.string().regex(new RegExp(`^(${EITHER_CASE})$`), `one of ${WEEKDAYS.join(', ')}`))
    .min(1, 'at least one day, or no days at all for every day')
    .nullish()
    .describe('The days on which the window opens, case ignored.'),
});
