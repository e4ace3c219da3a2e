import { join } from 'node:path';
import { folderWith, type Ran, runGuardrails } from '../../support/run-guardrails.ts';
import { ENVELOPES, lambdaEvent, snsRecord } from '../../support/signal-envelopes.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const FIXTURES = join(process.cwd(), 'tests/fixtures/signals');

const budgetsText = (changes: { name?: string; amount?: string; account?: string } = {}): string => `AWS Budget Notification March 10, 2026
AWS Account ${changes.account ?? '111122223333'}

Dear AWS Customer,

You requested that we alert you when the ACTUAL Cost associated with your ${changes.name ?? 'platform'} budget is greater than $160.00 for the current month. The ACTUAL Cost associated with this budget is ${changes.amount ?? '$1,046.29'}. You can find additional details below and by accessing the AWS Budgets dashboard [1].

Budget Name: ${changes.name ?? 'platform'}
Budget Type: Cost
Budgeted Amount: $200.00
Alert Type: ACTUAL
Alert Threshold: > $160.00
ACTUAL Amount: ${changes.amount ?? '$1,046.29'}

[1] https://console.aws.amazon.com/costmanagement/home#/budgets
`;

const POLICY = `
policy_id: ci-spend
mode: auto
ttl_minutes: 90
match:
  source: [budgets]
  account_ids: ['111122223333']
  min_amount_usd: 200
scope:
  principals:
    - {type: iam_role, arn: 'arn:aws:iam::111122223333:role/ci-deployer'}
    - {type: iam_role, arn: 'arn:aws:iam::111122223333:role/production-deployer'}
actions:
  - {type: attach_deny_policy, deny: ['ec2:RunInstances', 'ec2:CreateNat*']}
notify: {slack_channel: C0PLATFORM}
exceptions: {principals: ['*:role/production-*']}
`;

const policies = folderWith({ 'ci.yaml': POLICY, 'old.yaml': POLICY.replace('ci-spend', 'old-one').replace('mode: auto', 'mode: auto\nenabled: false') });

const simulate = (text: string, ...words: readonly string[]): Promise<Ran> =>
  runGuardrails(['simulate', '--event', '-', '--policies', policies, ...words], { stdin: text });
const firstResult = (ran: Ran): { event: Record<string, unknown> | null; decisions: readonly Record<string, unknown>[]; error?: Record<string, unknown> } =>
  JSON.parse(ran.out).results[0];

describe('simulate --json', () => {
  it('prints the event and each decision in the outside form', async () => {
    const ran = await simulate(budgetsText(), '--json');
    expect(ran.exitCode).toBe(0);
    expect(firstResult(ran)).toEqual({
      event: {
        event_id: expect.stringMatching(/^evt-[0-9a-f]{32}$/),
        incident_id: expect.stringMatching(/^inc-[0-9a-f]{32}$/),
        source: 'budgets',
        account_ids: ['111122223333'],
        amount_usd: '1046.29',
        alert_type: 'actual',
        budget_name: 'platform',
        period: '2026-03',
        services: [],
        regions: [],
        sent_at: '2026-03-10T23:59:59.999Z',
      },
      decided_at: '2026-03-10T23:59:59.999Z',
      decisions: [
        {
          policy_id: 'ci-spend',
          outcome: 'auto',
          mode: 'auto',
          reasons: [
            { code: 'source_met', expected: 'budgets', actual: 'budgets' },
            { code: 'account_met', expected: '111122223333', actual: '111122223333' },
            { code: 'amount_met', expected: 'at least $200.00', actual: '$1,046.29' },
          ],
          targets: [{ type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci-deployer' }],
          excluded: [{ arn: 'arn:aws:iam::111122223333:role/production-deployer', reason: 'excepted' }],
          ttl_minutes: 90,
          deny_policy_name: expect.stringMatching(/^guardrails-ci-spend-[0-9a-f]{8}$/),
          plan_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      ],
    });
  });

  it("says what it could not read, in the records' order, and ends with 1", async () => {
    const ran = await simulate(lambdaEvent(snsRecord({ message: 'Hello' }), snsRecord({ message: budgetsText() })), '--json');
    expect(ran.exitCode).toBe(1);
    expect(JSON.parse(ran.out).results).toEqual([
      { event: null, error: { code: 'unreadable_signal', reason: 'unknown_format', message: expect.any(String) } },
      expect.objectContaining({ event: expect.objectContaining({ amount_usd: '1046.29' }) }),
    ]);
  });

  it('takes empty input for one unreadable signal', async () => {
    const ran = await simulate('', '--json');
    expect(ran.exitCode).toBe(1);
    expect(JSON.parse(ran.out).results).toEqual([{ event: null, error: expect.objectContaining({ code: 'unreadable_signal', reason: 'empty' }) }]);
  });

  it.each(Object.entries(ENVELOPES))('decides the same for an alert that came %s', async (_name, envelope) => {
    const ran = firstResult(await simulate(envelope({ message: budgetsText() }), '--json'));
    const bare = firstResult(await simulate(budgetsText(), '--json'));
    expect(ran.event).toEqual({ ...bare.event, sent_at: expect.any(String) });
    expect(ran.decisions[0]?.['outcome']).toBe('auto');
  });

  it('keeps an amount that is not in US dollars as it was written', async () => {
    const { event } = firstResult(await simulate(budgetsText({ amount: '12.5 GB' }), '--json'));
    expect(event).toEqual(expect.objectContaining({ amount_usd: null, amount_raw: '12.5 GB' }));
  });

  it.each([
    ['--at', '2026-03-12T00:00:00Z', 'manual', 'stale_signal'],
    ['--paused', null, 'dry_run', 'paused'],
    ['--breaker-taken', '5', 'manual', 'breaker_full'],
  ])('decides under other circumstances with %s', async (option, value, outcome, code) => {
    const [decision] = firstResult(await simulate(budgetsText(), '--json', option, ...(value === null ? [] : [value]))).decisions;
    expect(decision).toEqual(expect.objectContaining({ outcome, mode: 'auto', reasons: expect.arrayContaining([expect.objectContaining({ code })]) }));
  });

  it('decides now where the alert has no time of its own', async () => {
    const ran = firstResult(await simulate(signalFixture('anomaly-sns.json'), '--json'));
    expect((ran as { decided_at?: string }).decided_at).toBe('2026-05-01T00:00:00.000Z');
  });
});

describe('simulate for people', () => {
  it('says what came in, whom it would hold, for how long, from what, and why', async () => {
    const { out, exitCode } = await simulate(budgetsText());
    expect(exitCode).toBe(0);
    expect(out).toBe(`AWS Budgets: $1,046.29 actual on budget platform
  account    111122223333
  budget     $200.00, period 2026-03
  threshold  > $160.00
  decided    as of 2026-03-10T23:59:59.999Z (the alert's own time), policies at ${/policies at (\S+)/.exec(out)?.[1]}

1 of 1 policy met

auto ci-spend
  Stop new spend by ci-deployer for 1 h 30 min, and tell people.
  would hold arn:aws:iam::111122223333:role/ci-deployer
  for        1 h 30 min
  stops      ec2:CreateNat*, ec2:RunInstances (2 actions)
  by         attaching ${/attaching (\S+)/.exec(out)?.[1]}
  left alone arn:aws:iam::111122223333:role/production-deployer (excepted)
  because    it listens to budgets; the account is 111122223333; $1,046.29 is at least $200.00

old-one: disabled
`);
  });

  it('says what lowered a decision', async () => {
    const { out } = await simulate(budgetsText({ amount: '$1,046,294,123,330.95' }));
    expect(out).toContain('manual ci-spend\n  People would be asked: Stop new spend by ci-deployer for 1 h 30 min?\n');
    expect(out).toContain('  lowered    $1,046,294,123,330.95 is hard to believe: the ceiling is at most $1,000,000.00\n');
  });

  it('gives a policy that does not match one line, with the first reason', async () => {
    const { out, exitCode } = await simulate(budgetsText({ account: '444455556666', amount: '$1.00' }));
    expect(exitCode).toBe(0);
    expect(out).toContain('0 of 1 policy met\n\nci-spend: no match: its account is 111122223333, this is about 444455556666\n');
  });

  it('numbers several signals, the unreadable too', async () => {
    const { out, exitCode } = await simulate(lambdaEvent(snsRecord({ message: 'Hello' }), snsRecord({ message: budgetsText() })));
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^Signal 1 of 2: unreadable: .+ \[unknown_format\]\n\nSignal 2 of 2: AWS Budgets/);
  });

  it.each(['anomaly-sns.json', 'anomaly-new-service.json', 'anomaly-no-causes.json', 'alarm-sns.json', 'budgets-usage.txt', 'budgets-actual-daily.txt'])(
    'has words for %s',
    async (name) => {
      const { out, exitCode } = await runGuardrails(['simulate', '--event', join(FIXTURES, name), '--policies', policies]);
      expect(exitCode).toBe(0);
      expect(out).toMatch(/^(AWS Budgets|Cost anomaly|Billing alarm): .+\n {2}(account|owner) +\d{12}\n/);
      expect(out).not.toMatch(/undefined|null|NaN|\[object/);
    },
  );

  it('colours only where the terminal has it', async () => {
    const plain = await runGuardrails(['simulate', '--event', '-', '--policies', policies], { stdin: budgetsText() });
    const coloured = await runGuardrails(['simulate', '--event', '-', '--policies', policies], { stdin: budgetsText(), hasColour: true });
    expect(plain.out).not.toContain('\u001b');
    expect(coloured.out).toContain('\u001b[31mauto\u001b[39m');
  });

  it('lets no foreign text speak to the terminal', async () => {
    const { out } = await simulate(budgetsText({ name: 'x\u001b[2Jy\u202ez' }));
    expect(out).toContain('budget x\ufffd[2Jy\ufffdz');
    expect([...out].filter((character) => character === '\u001b' || character === '\u202e')).toEqual([]);
  });
});

describe('simulate, when something is wrong', () => {
  it('tells an invalid policy, decides by the others, and ends with 1', async () => {
    const folder = folderWith({ 'ci.yaml': POLICY, 'bad.yaml': POLICY.replace('ci-spend', 'bad').replace('ec2:RunInstances', 'ec2:RunInstance') });
    const ran = await runGuardrails(['simulate', '--event', '-', '--policies', folder], { stdin: budgetsText() });
    expect(ran.exitCode).toBe(1);
    expect(ran.err).toMatch(/bad\.yaml:\d+:\d+ error .*ec2:RunInstances.*\[unknown_action\]\n/);
    expect(ran.out).toContain('auto ci-spend');
    expect(ran.out).not.toContain('bad');
  });

  it('says which file is missing', async () => {
    const noPolicies = await runGuardrails(['simulate', '--event', '-', '--policies', join(policies, 'nowhere')], { stdin: budgetsText() });
    expect(noPolicies).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('Name their directory with --policies or POLICY_DIR') });
    const noEvent = await runGuardrails(['simulate', '--event', join(policies, 'nowhere.json'), '--policies', policies]);
    expect(noEvent).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('nowhere.json') });
  });

  it.each([
    [['simulate'], "required option '--event <file>' not specified"],
    [['simulate', '--event', '-', '--at', 'yesterday'], 'Expected an ISO-8601 time with a zone'],
    [['simulate', '--event', '-', '--breaker-taken', '-1'], 'Expected a whole number'],
    [['simulat'], "unknown command 'simulat'"],
    [['simulate', '--event', '-', '--colour'], "unknown option '--colour'"],
  ])('takes %j for wrong words: exit code 2', async (words, message) => {
    const ran = await runGuardrails(words);
    expect(ran.exitCode).toBe(2);
    expect(ran.err).toContain(message);
    expect(ran.out).toBe('');
  });

  it('takes POLICY_DIR where no directory is named', async () => {
    const ran = await runGuardrails(['simulate', '--event', '-'], { stdin: budgetsText(), environment: { POLICY_DIR: policies } });
    expect(ran.out).toContain('auto ci-spend');
  });

  it('answers a call for help with 0', async () => {
    const ran = await runGuardrails(['--help']);
    expect(ran.exitCode).toBe(0);
    expect(ran.out).toContain('simulate');
  });
});
