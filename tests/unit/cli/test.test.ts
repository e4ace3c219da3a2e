import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, type Ran, runGuardrails } from '../../support/run-guardrails.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const POLICY = `policy_id: ci-spend
mode: manual
match: {source: [budgets], account_ids: ['111122223333'], min_amount_usd: 200}
scope: {principals: [{type: iam_role, arn: 'arn:aws:iam::111122223333:role/ci-deployer'}]}
actions: [{type: attach_deny_policy, deny: ['ec2:RunInstances']}]
notify: {slack_webhook_ssm_param: /guardrails/slack_webhook}
approval: {approvers: [U0ALICE]}
`;
const BUDGET = "{source: budgets, account_id: '111122223333', amount_usd: 250}";
const PASSES = `- name: it asks people\n  event: ${BUDGET}\n  expect:\n    ci-spend: {outcome: manual, targets: [ci-deployer]}\n`;
const FAILS = `- name: a forecast is left alone
  event: ${BUDGET.replace('}', ', alert_type: forecasted}')}
  expect:
    ci-spend:
      outcome: no_match
      targets: [ana]
      reasons: [alert_type_differs]
`;

const test = async (files: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Ran & { readonly folder: string }> => {
  const folder = folderWith({ 'ci.yaml': POLICY, ...files });
  return { ...(await runGuardrails(['test', folder, ...words])), folder };
};

describe('test', () => {
  it('gives each test a line, by file, and counts them', async () => {
    const ran = await test({ 'tests/a.yaml': PASSES, 'tests/b.yml': PASSES + PASSES });
    const line = 'ok   it asks people\n';
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    expect(ran.out).toBe(`${ran.folder}/tests/a.yaml\n${line}${ran.folder}/tests/b.yml\n${line}${line}3 tests: 3 passed\n`);
  });

  it('says of a failed test what was expected, what came, why, and where it stands', async () => {
    const ran = await test({ 'tests/a.yaml': PASSES + FAILS });
    expect(ran).toMatchObject({ exitCode: 1, err: '' });
    expect(ran.out).toBe(`${ran.folder}/tests/a.yaml
ok   it asks people
FAIL a forecast is left alone
     ci-spend ${ran.folder}/tests/a.yaml:8
       expected no_match
       actual   manual
       missing  target ana
       too many target arn:aws:iam::111122223333:role/ci-deployer
       targets  arn:aws:iam::111122223333:role/ci-deployer
       missing  reason alert_type_differs
       reasons  source_met, account_met, amount_met
       because  it listens to budgets; the account is 111122223333; $250.00 is at least $200.00
2 tests: 1 passed, 1 failed
`);
  });

  it('prints the same for programs', async () => {
    const { exitCode, out, err, folder } = await test({ 'tests/a.yaml': PASSES + FAILS, 'other.yaml': POLICY.replace('ci-spend', 'other') }, '--json');
    expect([exitCode, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toEqual({
      passed: false,
      tests: [
        { name: 'it asks people', file: `${folder}/tests/a.yaml`, line: 1, passed: true, failures: [], time_dependent: [] },
        {
          name: 'a forecast is left alone',
          file: `${folder}/tests/a.yaml`,
          line: 5,
          passed: false,
          failures: [
            {
              code: 'other_decision',
              line: 8,
              policy_id: 'ci-spend',
              expected: { outcome: 'no_match', targets: ['ana'], reasons: ['alert_type_differs'] },
              actual: {
                outcome: 'manual',
                targets: ['arn:aws:iam::111122223333:role/ci-deployer'],
                reasons: [
                  { code: 'source_met', expected: 'budgets', actual: 'budgets' },
                  { code: 'account_met', expected: '111122223333', actual: '111122223333' },
                  { code: 'amount_met', expected: 'at least $200.00', actual: '$250.00' },
                ],
              },
              missing_targets: ['ana'],
              unexpected_targets: ['arn:aws:iam::111122223333:role/ci-deployer'],
              missing_reasons: ['alert_type_differs'],
            },
          ],
          time_dependent: [],
        },
      ],
      untested_policies: ['other'],
      problems: [],
    });
  });

  it('reads the alert of a file, at its own time', async () => {
    const text = signalFixture('budgets-forecasted-monthly.txt').replace('204715839206', '111122223333');
    const more = '  event: {file: alerts/forecast.txt}\n  expect: {ci-spend: {outcome: manual}}\n';
    const ran = await test({ 'tests/a.yaml': `- name: a forecast\n${more}`, 'tests/alerts/forecast.txt': text });
    expect(ran).toMatchObject({ exitCode: 0, out: expect.stringContaining('1 test: 1 passed') });
  });

  it('says which policies no test covers, and where the clock decided', async () => {
    const policy = `${POLICY.replace('ci-spend', 'windowed')}exceptions: {time_windows: [{start: '09:00', end: '18:00', timezone: UTC}]}\n`;
    const ran = await test({ 'w.yaml': policy, 'tests/a.yaml': PASSES.replace('ci-spend', 'windowed') });
    expect(ran.exitCode).toBe(0);
    const [, , , clock, untested] = ran.out.split('\n');
    expect(clock).toBe(
      `note "it asks people": windowed has time windows, and neither the test nor its alert names a time, so it was decided by the clock. Add at (${ran.folder}/tests/a.yaml:1).`,
    );
    expect(untested).toBe('note no test expects anything of ci-spend.');
  });

  it('names the policy that was meant, and one that is disabled', async () => {
    const unknown = await test({ 'tests/a.yaml': PASSES.replace('ci-spend', 'ci-spent') });
    expect(unknown).toMatchObject({ exitCode: 1, out: expect.stringContaining('       There is no policy "ci-spent". Did you mean ci-spend?\n') });
    const strange = await test({ 'tests/a.yaml': PASSES.replace('ci-spend', 'xyz') });
    expect(strange.out).toContain('There is no policy "xyz". The policies are: ci-spend.\n');
    const disabled = await test({ 'ci.yaml': `${POLICY}enabled: false\n`, 'tests/a.yaml': PASSES });
    expect(disabled).toMatchObject({ exitCode: 1, out: expect.stringContaining('This policy is disabled, so it says nothing of any alert.') });
    expect(JSON.parse((await test({ 'tests/a.yaml': PASSES.replace('ci-spend', 'xyz') }, '--json')).out).tests[0].failures).toEqual([
      { code: 'unknown_policy', line: 4, policy_id: 'xyz' },
    ]);
  });

  it('says that there is nobody, and no policy, where something was expected', async () => {
    const small = PASSES.replace('250', '1').replace('manual', 'no_match');
    expect((await test({ 'tests/a.yaml': small })).out).toContain(
      '       missing  target ci-deployer\n       targets  none\n       because  it asks for at least $200.00, this is $1.00\n',
    );
    const empty = folderWith({ 'settings.yaml': 'tell_unmatched: true\n', 'tests/a.yaml': PASSES });
    expect((await runGuardrails(['test', empty])).out).toContain('There is no policy "ci-spend". The policies are: none.\n');
  });

  it('fails where the alert of a test is of no use', async () => {
    const files = { 'tests/a.yaml': PASSES.replace(BUDGET, '{file: lost.txt}') };
    const { exitCode, out, folder } = await test(files);
    expect(exitCode).toBe(1);
    expect(out).toContain(`FAIL it asks people\n     ${folder}/tests/a.yaml:1\n       ${folder}/tests/lost.txt can't be read: there is no such file.`);
    expect(JSON.parse((await test(files, '--json')).out).tests[0].failures).toEqual([
      { code: 'unusable_alert', line: 1, message: expect.stringContaining('no such file') },
    ]);
  });

  it('colours only where the terminal has it, and lets no foreign text speak to it', async () => {
    const folder = folderWith({ 'ci.yaml': POLICY, 'tests/a.yaml': PASSES.replace('it asks people', '"x\\e[2Jy"') });
    const plain = await runGuardrails(['test', folder]);
    const coloured = await runGuardrails(['test', folder], { hasColour: true });
    expect(plain.out).toContain('ok   x\ufffd[2Jy\n');
    expect(plain.out).not.toContain('\u001b');
    expect(coloured.out).toContain('\u001b[32mok\u001b[39m');
  });
});

describe('test, when something is wrong', () => {
  it('runs nothing while a policy is invalid, and tells what is wrong with the tests as well', async () => {
    const files = { 'bad.yaml': POLICY.replace('ec2:RunInstances', 'ec2:RunInstance'), 'tests/a.yaml': PASSES.replace('manual', 'manul') };
    const { exitCode, out, err } = await test(files);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/bad\.yaml:\d+:\d+ error .*\[unknown_action\]\n/);
    expect(err).toMatch(/a\.yaml:4:25 error .*Did you mean manual\?.* \[invalid_value\]\n/);
    expect(out).toBe('No test was run: a policy or its settings are invalid. Correct them first.\n');
    expect(JSON.parse((await test(files, '--json')).out)).toMatchObject({ passed: false, tests: [], problems: [{}, {}, {}] });
  });

  it('fails where a test is invalid, and runs the others', async () => {
    const ran = await test({ 'tests/a.yaml': PASSES, 'tests/b.yaml': PASSES.replace('outcome', 'outcom') });
    expect(ran.exitCode).toBe(1);
    expect(ran.err).toContain('b.yaml:4');
    expect(ran.out).toContain('1 test: 1 passed\n');
    expect((await test({ 'tests/b.yaml': '- x' })).out).toContain('0 tests: none could be read\n');
  });

  it('takes no tests at all for a failure, and says so', async () => {
    const { exitCode, out, folder } = await test({});
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^There are no tests in .+, so nothing shows what these policies do\. /);
    expect(out).toContain(`${folder}/tests`);
    expect(JSON.parse((await test({}, '--json')).out)).toEqual({ passed: false, tests: [], untested_policies: ['ci-spend'], problems: [] });
  });

  it('only passes on warnings', async () => {
    const ran = await test({ 'tests/a.yaml': PASSES, 'tests/team/b.yaml': PASSES, 'team/c.yaml': POLICY });
    expect(ran.exitCode).toBe(0);
    expect(ran.err).toMatch(/^\S+b\.yaml:1:1 warning This file is in a subfolder of the tests, .+ \[yaml_in_subfolder\]\n$/);
  });

  it('says what it could not read', async () => {
    const ran = await test({ tests: 'a file' });
    expect(ran).toMatchObject({ exitCode: 1, out: '', err: expect.stringMatching(/^The policies at \S+ can't be read: .*ENOTDIR/) });
  });

  it('says which directory is meant', async () => {
    const folder = folderWith({ 'ci.yaml': POLICY, 'tests/a.yaml': PASSES });
    expect(await runGuardrails(['test', join(folder, 'tests')])).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('Name the directory of the policies'),
    });
    expect(await runGuardrails(['test', join(folder, 'ci.yaml')])).toMatchObject({ exitCode: 1, err: expect.stringContaining('is no directory') });
    expect(await runGuardrails(['test', join(folder, 'nowhere')])).toMatchObject({ exitCode: 1, err: expect.stringContaining('is no directory') });
    expect(await runGuardrails(['test'], { environment: { POLICY_DIR: folder } })).toMatchObject({ exitCode: 0 });
    expect(await runGuardrails(['test', folder, folder])).toMatchObject({ exitCode: 2 });
  });
});

describe("the project's own policies", () => {
  it('say what their tests expect, each of them by some test, at any hour', async () => {
    const { exitCode, out, err } = await runGuardrails(['test', join(process.cwd(), 'policies'), '--json']);
    expect(err).toBe('');
    const { passed, tests, untested_policies, problems } = JSON.parse(out);
    expect(tests.filter((one: { passed: boolean }) => !one.passed)).toEqual([]);
    expect(tests.flatMap((one: { time_dependent: string[] }) => one.time_dependent)).toEqual([]);
    expect({ exitCode, passed, untested_policies, problems }).toEqual({ exitCode: 0, passed: true, untested_policies: [], problems: [] });
  });

  it('are tried on every alert that lies beside their tests', async () => {
    const folder = join(process.cwd(), 'policies/tests');
    const texts = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    expect(texts).toHaveLength(3);
    for (const alert of readdirSync(join(folder, 'alerts'))) {
      expect(await runGuardrails(['simulate', '--event', join(folder, 'alerts', alert), '--policies', join(process.cwd(), 'policies')])).toMatchObject({
        exitCode: 0,
      });
    }
  });
});
