import * as z from 'zod';
import { ALERT_TYPES, type ComparisonOperator, SOURCES, type Source } from '../../core/cost-event.ts';
import type { Decision } from '../../core/decide.ts';
import { MODES } from '../../core/policy.ts';
import { EXEMPTION_CODES, LOWERING_CODES, MATCH_CODES, MISMATCH_CODES } from '../../core/reason.ts';
import { ACCOUNT_ID, MAX_AMOUNT, ofType, TEXT } from './field-schemas.ts';
import type { FileSchema } from './schema-messages.ts';

const OUTCOMES = ['no_match', 'exempt', ...MODES] as const satisfies readonly Decision['outcome'][];
const OPERATORS = ['>', '>=', '<', '<=', '='] as const satisfies readonly ComparisonOperator[];

const AMOUNT_TEXT = 'an amount such as 1046.29, as a number or as a text, without currency and without thousands separators';
const AMOUNT = z.union(
  [z.number().min(-MAX_AMOUNT, AMOUNT_TEXT).max(MAX_AMOUNT, AMOUNT_TEXT), z.string().regex(/^-?\d{1,15}(\.\d{1,15})?$/, AMOUNT_TEXT)],
  AMOUNT_TEXT,
);
const TIME = z.string(ofType('a time with its zone, such as "2026-03-10T02:10:00Z"'));
const EVENT = ofType('a mapping: {file: alerts/one.txt}, or {source: budgets, account_id: "123456789012", amount_usd: 250}');

const FILE = {
  file: TEXT.describe('An alert as it arrived, in any envelope: a path from the folder of this test. It must hold exactly one alert.'),
};

const COMMON = {
  account_id: ACCOUNT_ID.describe('The account, in quotes. Of an anomaly, the owner of the monitor, and the account of every cause without one.'),
  amount_usd: AMOUNT.nullish().describe('The amount that AWS tells, in US dollars and exact.'),
  sent_at: TIME.nullish().describe('When the alert was sent. Default: when the test decides.'),
};

const RAW = {
  amount_raw: z
    .string()
    .regex(
      /^(?![^\p{L}\p{N}]*(?:US\$|\$|USD))(?=.*\d).{1,80}$/u,
      'an amount that is not in US dollars, such as "12.5 GB" or "€250.00"; dollars go in amount_usd',
    )
    .nullish()
    .describe('In the place of amount_usd: an amount in another currency, or in a unit of usage.'),
};

const THRESHOLD = {
  threshold_usd: AMOUNT.nullish().describe("The alert's threshold. Default: the budgeted amount; of an alarm, its amount."),
  operator: z.enum(OPERATORS).nullish().describe('How the threshold was passed. Default: ">".'),
};

const BUDGET = {
  ...COMMON,
  ...RAW,
  ...THRESHOLD,
  alert_type: z.enum(ALERT_TYPES).nullish().describe('Whether the alert is on actual spend or on a forecast. Default: actual.'),
  budget_name: TEXT.nullish().describe('The name of the budget. Default: "budget".'),
  budgeted_amount_usd: AMOUNT.nullish().describe("The budget's limit. Default: the amount, so that it is not implausibly far above."),
  period: TEXT.nullish().describe('What the budget is for: "2026-03", "2026-Q1", "2026", or a day. Default: the month in which the alert is sent.'),
};

const CAUSE = z.strictObject(
  {
    account_id: ACCOUNT_ID.nullish().describe('Who spent it, in quotes. Default: the account_id of the event.'),
    service: TEXT.nullish().describe("In Cost Explorer's words, such as Amazon Bedrock. Default: AWS didn't name it."),
    region: TEXT.nullish().describe("Where, such as us-east-1. Default: AWS didn't name it."),
    contribution_usd: AMOUNT.nullish().describe("This cause's share of the impact. Default: AWS didn't name it."),
  },
  ofType('a mapping such as {service: Amazon Bedrock, region: us-east-1}'),
);

const ANOMALY = {
  ...COMMON,
  amount_usd: AMOUNT.describe('The total impact, in US dollars and exact: actual minus expected spend.'),
  impact_percent: z
    .union([z.number(), z.literal('infinite')], 'a number of percent, or infinite')
    .nullish()
    .describe("How far above the expected spend, in percent, or infinite. Default: from expected_spend_usd; without it AWS didn't say."),
  expected_spend_usd: AMOUNT.nullish().describe("What was usual; 0 makes the impact infinite. Default: AWS didn't say."),
  root_causes: z.array(CAUSE).nullish().describe('Who spent it, on what. Default: AWS found no cause, so it is the account alone.'),
};

const ALARM = {
  ...COMMON,
  ...RAW,
  ...THRESHOLD,
  alarm_name: TEXT.nullish().describe('The name of the alarm. Default: "billing-alarm".'),
  service: TEXT.nullish().describe("The alarm's ServiceName, such as AmazonEC2. Default: the alarm is on the total."),
};

/** What one policy is expected to say. */
export const EXPECTATION = z.strictObject({
  outcome: z.enum(OUTCOMES).describe('What the policy must say of the alert.'),
  targets: z.array(TEXT).nullish().describe('Exactly whom it would hold: ARNs, or names of roles and users. Default: not checked.'),
  reasons: z
    .array(z.enum([...MATCH_CODES, ...MISMATCH_CODES, ...EXEMPTION_CODES, ...LOWERING_CODES]))
    .nullish()
    .describe('Codes that must be among its reasons; simulate --json prints them.'),
});

/** Which keys an event has goes by what it begins with: a file, or a source. `any` is where that is missing or wrong. */
export const EVENTS = {
  file: z.strictObject(FILE, EVENT),
  budgets: z.strictObject({ source: z.literal('budgets'), ...BUDGET }, EVENT),
  anomaly: z.strictObject({ source: z.literal('anomaly'), ...ANOMALY }, EVENT),
  billing_alarm: z.strictObject({ source: z.literal('billing_alarm'), ...ALARM }, EVENT),
  any: z.strictObject({ source: z.enum(SOURCES), file: FILE.file.nullish(), ...ANOMALY, ...BUDGET, ...ALARM }, EVENT),
} as const satisfies Record<Source | 'file' | 'any', z.ZodObject>;

export type EventKind = keyof typeof EVENTS;

/** The structure of one policy test with an event of that kind. What it expects of each policy is a file schema of its own. */
export function policyTestSchema(kind: EventKind): FileSchema {
  const elsewhere = kind === 'file' ? 'an event without a file' : 'the event of another source';
  return { schema: testWith(EVENTS[kind]), name: 'the test', other: { schema: testWith(EVENTS.any), name: elsewhere } };
}

/** The structure of what a test expects of one policy. */
export function expectationSchema(policyId: string): FileSchema {
  return { schema: EXPECTATION, name: `expect.${policyId}`, other: { schema: testWith(EVENTS.any), name: 'the test itself' } };
}

function testWith(event: z.ZodObject): z.ZodObject {
  return z.strictObject({
    name: TEXT.describe('What the test shows, in words.'),
    event: event.describe('The alert: {file: …} as it arrived, or described, beginning with its source.'),
    at: TIME.nullish().describe("Decide as if it were this time. Default: the alert's own time, else now."),
    expect: z
      .record(z.string(), z.unknown(), ofType('a mapping from policy ids, such as {ci-spend: {outcome: manual}}'))
      .describe('What policies must say of it.'),
  });
}
