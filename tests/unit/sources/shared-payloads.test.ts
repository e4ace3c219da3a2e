import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSignals } from '../../../src/sources/read-signal.ts';

/**
 * Payloads as they arrived in real life. They lie beside the checkout and not in it, since they are not ours to publish; where they
 * are absent there is nothing to check.
 */
const FOLDER = join(process.cwd(), '../shared/payloads');

type Outcome = string | Readonly<Record<string, unknown>>;

const forecast: Outcome = {
  source: 'budgets',
  accountId: '391613010373',
  budgetName: 'test',
  alertType: 'forecasted',
  amount: { kind: 'usd', usd: 95n },
  budgetedAmount: { kind: 'usd', usd: 2n },
  operator: '>',
  threshold: { kind: 'usd', usd: 0n },
  period: '2026-01',
};

const EXPECTED: { readonly [file: string]: readonly Outcome[] } = {
  'budgets/message-auto-adjust-abbreviated-2024.json': ['not_an_alert'],
  'budgets/message-forecasted-monthly-2026.txt': [forecast],
  'budgets/message-typed-by-hand-2026.txt': ['inconsistent'],
  'budgets/sns-lambda-actual-annual-2020.json': ['invalid_account'],
  'budgets/sns-lambda-actual-monthly-2024-name-contains-budget.json': ['invalid_account'],
  'budgets/sqs-wrapped-forecasted-monthly-2026.json': [forecast],
  'cloudwatch/sns-lambda-billing-alarm-2017.json': ['invalid_account'],
  'cost-anomaly/eventbridge-documented.json': ['invalid_account'],
  'cost-anomaly/sns-message-documented.json': ['invalid_account'],
  'cost-anomaly/sns-message-partial-root-cause.json': [{ source: 'anomaly', amount: { kind: 'usd', usd: 1_001_00n }, ownerAccountId: '123456789012' }],
  'envelopes/eventbridge-lambda-event.json': ['unknown_format'],
  'envelopes/function-url-event-base64-body.json': ['unknown_format'],
  'envelopes/sns-lambda-event.json': ['unknown_format'],
  'envelopes/sqs-lambda-event-sns-wrapped-body.json': ['unknown_format'],
  'envelopes/sqs-lambda-event.json': ['unknown_format', 'unknown_format'],
};

function filesBelow(folder: string): readonly string[] {
  const found = readdirSync(folder, { withFileTypes: true });
  return found.filter((entry) => entry.isDirectory()).flatMap((entry) => readdirSync(join(folder, entry.name)).map((name) => `${entry.name}/${name}`));
}

if (existsSync(FOLDER)) {
  describe('the payloads beside the checkout', () => {
    const read = (file: string) => readSignals(readFileSync(join(FOLDER, file), 'utf8'));
    const signals = filesBelow(FOLDER).filter((file) => !file.startsWith('slack/'));

    it.each(signals)('%s', (file) => {
      expect(Object.keys(EXPECTED)).toContain(file);
      const readings = read(file);
      expect(readings).toHaveLength(EXPECTED[file]?.length ?? 0);
      EXPECTED[file]?.forEach((expected, index) => {
        const reading = readings[index];
        if (typeof expected === 'string') expect(reading).toMatchObject({ kind: 'unreadable', error: { reason: expected } });
        else expect(reading).toMatchObject({ kind: 'event', event: expected });
      });
    });

    it('a message alone and in its envelopes is one event', () => {
      const [alone] = read('budgets/message-forecasted-monthly-2026.txt');
      const [wrapped] = read('budgets/sqs-wrapped-forecasted-monthly-2026.json');
      if (alone?.kind !== 'event' || wrapped?.kind !== 'event') throw new Error('not read');
      expect(wrapped.event).toEqual({ ...alone.event, sentAt: '2026-01-28T11:52:33.584Z' });
    });
  });
} else {
  it('left out: there are no payloads beside this checkout', () => {
    expect(existsSync(FOLDER)).toBe(false);
  });
}
