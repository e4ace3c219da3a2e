import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { loadPolicyTests } from '../../../../src/adapters/yaml/load-policy-tests.ts';
import type { CostEvent } from '../../../../src/core/cost-event.ts';
import { amount, at, decimal, usd } from '../../../support/builders.ts';
import { folderWith } from '../../../support/run-guardrails.ts';
import { ENVELOPES, lambdaEvent, snsRecord } from '../../../support/signal-envelopes.ts';
import { signalFixture } from '../../../support/signal-fixture.ts';

interface Row {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly string[];
}

const MISTAKES = load(readFileSync(join(__dirname, '../../../fixtures/policy-tests/mistakes.yaml'), 'utf8')) as readonly Row[];

const NOW = at('2026-05-01T12:00:00Z');
const BUDGET = "{source: budgets, account_id: '111122223333', amount_usd: 250}";
const aTest = (changes: { event?: string; more?: string; expect?: string }): string =>
  `- name: one\n  event: ${changes.event ?? BUDGET}\n${changes.more ?? ''}  expect: ${changes.expect ?? '{ci-spend: {outcome: manual}}'}\n`;

const loadText = (text: string, others: Readonly<Record<string, string>> = {}) => loadPolicyTests(folderWith({ ...others, 'a.yaml': text }), NOW);
function eventIn(event: string, more = ''): CostEvent {
  const { tests, problems } = loadText(aTest({ event, more }));
  const alert = tests[0]?.alert;
  if (alert?.kind !== 'event') throw new Error(JSON.stringify(problems));
  return alert.event;
}

describe('a test file', () => {
  it('holds a list of tests, or one', () => {
    const list = loadText(`# two\n${aTest({})}${aTest({ more: '  at: 2026-03-10T02:10:00+01:00\n' })}`);
    expect(list.problems).toEqual([]);
    expect(list.tests.map(({ name, line, at: when }) => [name, line, when])).toEqual([
      ['one', 2, null],
      ['one', 5, '2026-03-10T01:10:00.000Z'],
    ]);
    const one = loadText(`name: alone\nevent: ${BUDGET}\nexpect:\n  ci-spend:\n    outcome: exempt\n`);
    expect(one.problems).toEqual([]);
    expect(one.tests.map(({ name, line, expectations }) => [name, line, expectations])).toEqual([
      ['alone', 1, [{ policyId: 'ci-spend', line: 4, outcome: 'exempt', targets: null, reasons: [] }]],
    ]);
  });

  it('takes null for what is left out', () => {
    const { tests, problems } = loadText(aTest({ more: '  at: null\n', expect: '{ci: {outcome: auto, targets: , reasons: ~}}' }));
    expect(problems).toEqual([]);
    expect(tests[0]?.expectations).toEqual([{ policyId: 'ci', line: 4, outcome: 'auto', targets: null, reasons: [] }]);
  });

  it('is any YAML directly in the folder; one further down is warned of', () => {
    const folder = folderWith({ 'b.yml': aTest({}), 'a.yaml': aTest({}), 'settings.yaml': aTest({}), 'alerts/c.yaml': aTest({}), 'notes.md': '-' });
    const { tests, problems } = loadPolicyTests(folder, NOW);
    expect(tests.map(({ file }) => file.slice(folder.length + 1))).toEqual(['a.yaml', 'b.yml', 'settings.yaml']);
    expect(problems).toMatchObject([{ file: `${folder}/alerts/c.yaml`, severity: 'warning', code: 'yaml_in_subfolder' }]);
  });

  it('need not exist', () => {
    expect(loadPolicyTests('/nowhere/at/all', NOW)).toEqual({ tests: [], problems: [] });
    expect(loadText('[]')).toEqual({ tests: [], problems: [] });
  });
});

describe('an event of a file', () => {
  it.each(Object.entries(ENVELOPES))('is read %s', (_name, envelope) => {
    const text = envelope({ message: signalFixture('budgets-actual-monthly.txt') });
    const { tests, problems } = loadText(aTest({ event: '{file: alerts/one}' }), { 'alerts/one': text });
    expect(problems).toEqual([]);
    expect(tests[0]?.alert).toMatchObject({ kind: 'event', event: { source: 'budgets', budgetName: expect.any(String) } });
  });

  it.each([
    ['nothing.txt', /^.+nothing\.txt can't be read: there is no such file\. event\.file is a path from the folder of the test\.$/],
    ['.', /is no file in /],
    ['..', /is no file in /],
    ['hello.txt', /^.+hello\.txt can't be read as an alert: The message is the text "hello"/],
    [
      'two.json',
      /^.+two\.json holds 2 records, of which 2 can be read as alerts; expected exactly one alert\. Put each in a file, and in a test, of its own\.$/,
    ],
    ['half.json', /holds 2 records, of which 1 can be read as alerts/],
  ])('is unusable where it is %s', (name, message) => {
    const record = snsRecord({ message: signalFixture('budgets-actual-monthly.txt') });
    const files = { 'hello.txt': 'hello', 'two.json': lambdaEvent(record, record), 'half.json': lambdaEvent(record, snsRecord({ message: 'hello' })) };
    const { tests, problems } = loadText(aTest({ event: `{file: ${name}}` }), files);
    expect(problems).toEqual([]);
    expect(tests[0]?.alert).toEqual({ kind: 'unusable', message: expect.stringMatching(message) });
  });
});

describe('a described event', () => {
  it.each([
    ['amount_usd: 1046.29', amount('1046.29')],
    ["amount_usd: '1046.29'", amount('1046.29')],
    ['amount_usd: 0.005', amount('0.01')],
    ['amount_usd: 90071992547409.93', amount('90071992547409.93')], // not a double
    ["amount_usd: '900719925474099.3'", amount('900719925474099.3')],
    ['amount_usd: 1e3', amount('1000')],
    ['amount_usd: 0x10', amount('16')],
    ['amount_usd: -12', amount('-12')],
    ['amount_raw: 12.5 GB', amount('12.5 GB')],
    ['amount_raw: €250.00', amount('€250.00')],
  ])('has exactly the amount of %s', (written, expected) => {
    expect(eventIn(`{source: budgets, account_id: '111122223333', ${written}}`).amount).toEqual(expected);
    expect(eventIn(`{source: billing_alarm, account_id: '111122223333', ${written}}`).amount).toEqual(expected);
  });

  it('of a budget keeps all that is said of it', () => {
    const event = `{source: budgets, account_id: '111122223333', amount_usd: 5, alert_type: forecasted, budget_name: b, budgeted_amount_usd: 2.5,
      threshold_usd: '2', operator: '>=', period: '2026', sent_at: 2026-02-28T23:00:00Z}`;
    expect(eventIn(event)).toMatchObject({
      alertType: 'forecasted',
      budgetName: 'b',
      budgetedAmount: amount('2.50'),
      threshold: amount('2'),
      operator: '>=',
      period: '2026',
      sentAt: '2026-02-28T23:00:00.000Z',
      notifiedOn: '2026-02-28',
    });
  });

  it('of an anomaly keeps all that is said of it', () => {
    const event = `{source: anomaly, account_id: '999900001111', amount_usd: 5, expected_spend_usd: '0.5', impact_percent: infinite, sent_at: 2026-02-28T23:00:00Z,
      root_causes: [{}, {account_id: '011122223333', service: Amazon Bedrock, region: us-east-1, contribution_usd: 0.1234567890123456789}]}`;
    expect(eventIn(event)).toMatchObject({
      ownerAccountId: '999900001111',
      expectedSpend: usd('0.5'),
      impactPercent: 'infinite',
      sentAt: '2026-02-28T23:00:00.000Z',
      rootCauses: [
        { accountId: '999900001111', service: null, region: null, contribution: null },
        { accountId: '011122223333', service: 'Amazon Bedrock', region: 'us-east-1', contribution: decimal('0.1234567890123456789') },
      ],
    });
  });

  it('of a billing alarm keeps all that is said of it', () => {
    const event = `{source: billing_alarm, account_id: '111122223333', amount_usd: 5, service: AmazonEC2, alarm_name: a, threshold_usd: 4, operator: '<', sent_at: 2026-02-28T23:00:00Z}`;
    expect(eventIn(event)).toMatchObject({
      service: 'AmazonEC2',
      alarmName: 'a',
      threshold: amount('4'),
      operator: '<',
      stateChangedAt: '2026-02-28T23:00:00.000Z',
      period: '2026-02',
    });
  });

  it('is of the time of its test, else of now, unless it has its own', () => {
    expect(eventIn(BUDGET)).toMatchObject({ sentAt: null, period: '2026-05' });
    expect(eventIn(BUDGET, '  at: 2026-03-10T02:10:00Z\n')).toMatchObject({ sentAt: null, period: '2026-03' });
    expect(eventIn(BUDGET.replace('}', ', sent_at: 2026-02-01T00:00:00Z}'), '  at: 2026-03-10T02:10:00Z\n')).toMatchObject({ period: '2026-02' });
  });
});

describe('a mistake', () => {
  it.each(MISTAKES.map((row) => [row.name, row] as const))('is told at its place: %s', (_name, { text, problems }) => {
    const found = loadText(text).problems.map(({ line, column, code, path, message }) => `${line}:${column} ${code} ${path || '-'} ${message}`);
    expect(found.map((problem, index) => problem.slice(0, problems[index]?.length))).toEqual(problems);
    for (const problem of found) expect(problem).toMatch(/[.?]$/);
    expect(found.join()).not.toContain('hooks.slack.com');
  });

  it('spoils no other test of the file', () => {
    const { tests, problems } = loadText(`${aTest({ expect: '{}' })}${aTest({})}- x\n${aTest({})}`);
    expect(problems).toHaveLength(2);
    expect(tests.map(({ line }) => line)).toEqual([4, 8]);
  });
});

it('never throws, whatever stands in a file, and each item of a list is a test or has a problem', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('budgets', 'anomaly', '111122223333', 5, null, 'manual', { outcome: 'auto' }, [{}]));
  const mapping = (keys: readonly string[]) => fc.record(Object.fromEntries(keys.map((key) => [key, value])), { requiredKeys: [] });
  const event = fc.oneof(
    value,
    fc.record({ source: fc.constant('budgets'), account_id: fc.constant('111122223333'), amount_usd: fc.double() }),
    mapping(['file', 'source', 'account_id', 'amount_usd', 'amount_raw', 'sent_at', 'root_causes', 'impact_percent']),
  );
  const expected = fc.oneof(value, fc.dictionary(fc.string(), fc.oneof(value, mapping(['outcome', 'targets', 'reasons']))));
  const test = fc.record({ name: fc.oneof(value, fc.string()), event, at: value, expect: expected }, { requiredKeys: ['name', 'event', 'expect'] });
  fc.assert(
    fc.property(fc.array(fc.oneof(value, test), { minLength: 1, maxLength: 3 }), (items) => {
      const { tests, problems } = loadText(JSON.stringify(items, null, 1));
      const wrong = new Set(problems.map(({ path }) => path.split('/')[1]));
      expect(tests.length + wrong.size).toBe(items.length);
    }),
    { numRuns: 300 },
  );
});
