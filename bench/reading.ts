import { readSignals } from '../src/sources/read-signal.ts';
import { measure, rateCells, table } from './measure.ts';

const BUDGETS = [
  'AWS Budget Notification March 10, 2026',
  'AWS Account 123456789012',
  '',
  'Dear AWS Customer,',
  '',
  'You requested that we alert you when the ACTUAL Cost associated with your platform-monthly budget is greater than $800.00 for the current month. The ACTUAL Cost associated with this budget is $1,046.29. You can find additional details below and by accessing the AWS Budgets dashboard [1].',
  '',
  'Budget Name: platform-monthly',
  'Budget Type: Cost',
  'Budgeted Amount: $1,000.00',
  'Alert Type: ACTUAL',
  'Alert Threshold: > $800.00',
  'ACTUAL Amount: $1,046.29',
  '',
  '[1] https://console.aws.amazon.com/costmanagement/home#/budgets',
  '',
].join('\n');

const ANOMALY = JSON.stringify({
  accountId: '123456789012',
  anomalyId: '0f0e0d0c-0b0a-4908-8706-050403020100',
  anomalyStartDate: '2026-03-09T00:00:00Z',
  anomalyEndDate: '2026-03-09T00:00:00Z',
  dimensionalValue: 'Amazon Bedrock',
  impact: { maxImpact: 412.5, totalActualSpend: 500.75, totalExpectedSpend: 88.25, totalImpact: 412.5, totalImpactPercentage: 467.42 },
  monitorArn: 'arn:aws:ce::123456789012:anomalymonitor/00000000-1111-4222-8333-444444444444',
  rootCauses: [{ linkedAccount: '123456789012', region: 'eu-west-1', service: 'Amazon Bedrock', impact: { contribution: 412.5 } }],
});

/** Signals read in a second, and what hostile input costs as it grows. */
export function benchReading(): string {
  const signals = [
    ['a Budgets alert', BUDGETS],
    ['a Budgets alert by SNS and SQS', throughSqs(BUDGETS)],
    ['an anomaly', ANOMALY],
    ['an anomaly by SNS and SQS', throughSqs(ANOMALY)],
  ] as const;
  const reading = signals.map(([name, text]) => [name, ...rateCells(measure(() => readSignals(text).length))]);
  return `${table('Reading', [['', 'signals', 'spread'], ...reading])}\n${table('Hostile input: microseconds for each KB (flat where the cost is linear)', hostileRows())}`;
}

function throughSqs(message: string): string {
  const body = JSON.stringify({
    Type: 'Notification',
    MessageId: 'm',
    TopicArn: 'arn:aws:sns:us-east-1:123456789012:t',
    Message: message,
    Timestamp: '2026-03-10T02:05:00.000Z',
  });
  return JSON.stringify({ Records: [{ messageId: 'm', body, attributes: { SentTimestamp: '1773108300000' }, eventSource: 'aws:sqs' }] });
}

function hostileRows(): readonly (readonly string[])[] {
  const shapes: readonly (readonly [string, (size: number) => string])[] = [
    ['one long line', (size) => 'a'.repeat(size)],
    ['lines that look like keys', (size) => `${BUDGETS}\n`.repeat(Math.ceil(size / BUDGETS.length))],
    ['open brackets', (size) => '['.repeat(size)],
    ['nested objects', (size) => '{"a":'.repeat(size / 5)],
    ['commas and digits', (size) => `${BUDGETS.replace('$1,046.29\n\n', `$${'1,'.repeat(size / 2)}\n\n`)}`],
    ['spaces', (size) => BUDGETS.replace('AWS Budget', `AWS${' '.repeat(size)}Budget`)],
    ['many root causes', (size) => ANOMALY.replace('"rootCauses":[', `"rootCauses":[${'{"service":"x"},'.repeat(size / 16)}`)],
  ];
  const sizes = [32, 64, 128, 256];
  const cost = (text: string): string => (1_000_000 / measure(() => readSignals(text).length * 0 + 1).perSecond / (text.length / 1024)).toFixed(1);
  return [['', ...sizes.map((kb) => `${kb} KB`)], ...shapes.map(([name, shape]) => [name, ...sizes.map((kb) => cost(shape(kb * 1024)))])];
}
