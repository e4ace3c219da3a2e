import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, type Ran, runGuardrails } from '../../support/run-guardrails.ts';
import { type ScratchRepository, scratchRepository } from '../../support/scratch-repository.ts';
import { lambdaEvent, snsHttpBody, snsRecord } from '../../support/signal-envelopes.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const POLICY = `policy_id: ci-spend
mode: manual
ttl_minutes: 90
match:
  source: [budgets]
  account_ids: ['111122223333']
  min_amount_usd: 200
scope:
  principals:
    - {type: iam_role, arn: 'arn:aws:iam::111122223333:role/ci-deployer'}
actions:
  - {type: attach_deny_policy, deny: ['ec2:RunInstances', 'ec2:CreateNat*']}
notify: {slack_channel: C0PLATFORM}
approval: {approvers: [U0ALICE]}
`;
const SETTINGS = 'slack: {bot_token_ssm_param: /guardrails/slack_bot_token, signing_secret_ssm_param: /guardrails/slack_signing_secret}\n';

const alert = (name: string, amount: string, account = '111122223333'): string => `AWS Budget Notification March 10, 2026
AWS Account ${account}

Dear AWS Customer,

You requested that we alert you when the ACTUAL Cost associated with your ${name} budget is greater than $160.00 for the current month. The ACTUAL Cost associated with this budget is ${amount}. You can find additional details below and by accessing the AWS Budgets dashboard [1].

Budget Name: ${name}
Budget Type: Cost
Budgeted Amount: $200.00
Alert Type: ACTUAL
Alert Threshold: > $160.00
ACTUAL Amount: ${amount}

[1] https://console.aws.amazon.com/costmanagement/home#/budgets
`;

const EVENTS = {
  'README.md': 'What lies here.',
  '.DS_Store': 'hidden',
  'big.txt': alert('platform', '$1,046.29'),
  'small.json': snsHttpBody({ message: alert('sandbox', '$250.00'), sentAt: '2026-03-10T02:05:00.000Z' }),
  '2026/copy.json': lambdaEvent(snsRecord({ message: alert('platform', '$1,046.29'), sentAt: '2026-03-10T02:10:00.000Z' })),
  '2026/other.txt': alert('elsewhere', '$9,000.00', '444455556666'),
  '2026/adjusted.json': signalFixture('budgets-auto-adjust.json'),
};

/** A repository of policies and recorded alerts, in which a branch changes files of the first commit. */
function pullRequest(changes: Readonly<Record<string, string>>, removed: readonly string[] = []): ScratchRepository {
  const events = Object.fromEntries(Object.entries(EVENTS).map(([name, text]) => [`policies/tests/alerts/${name}`, text]));
  const repository = scratchRepository({ 'policies/ci.yaml': POLICY, 'policies/settings.yaml': SETTINGS, ...events });
  repository.git('checkout', '--quiet', '-b', 'pull-request');
  for (const name of removed) repository.git('rm', '--quiet', name);
  repository.write(changes);
  repository.commit('Change');
  return repository;
}

function replay({ root }: { readonly root: string }, ...words: readonly string[]): Promise<Ran> {
  return runGuardrails(['replay', '--events', join(root, 'policies/tests/alerts'), '--policies', join(root, 'policies'), ...words]);
}

const short = (repository: ScratchRepository, revision: string): string => repository.git('rev-parse', revision).slice(0, 12);

describe('replay --against, for a pull request that raises one threshold', () => {
  let repository: ScratchRepository;
  let main: string;
  beforeAll(() => {
    repository = pullRequest({ 'policies/ci.yaml': POLICY.replace('min_amount_usd: 200', 'min_amount_usd: 300') });
    main = short(repository, 'main');
  });

  it('says exactly what that changes', async () => {
    expect(await replay(repository, '--against', 'main')).toEqual({
      exitCode: 0,
      err: '',
      out: `1 of 3 recorded alerts would be decided differently
compared with main (${main})

manual → no_match ci-spend
  alert      AWS Budgets: $250.00 actual on budget sandbox
  recorded   small.json, decided as of 2026-03-10T02:05:00.000Z (the alert's own time)
  before     would ask people: $250.00 is at least $200.00
  after      would do nothing: it asks for at least $300.00, this is $250.00
  would hold - arn:aws:iam::111122223333:role/ci-deployer
  for        1 h 30 min
  stops      ec2:CreateNat*, ec2:RunInstances

What is written differently
  edited: ci-spend (manual): match.min_amount_usd

3 alerts in 5 files, 1 copy was not decided again, 1 signal is no alert
  2026/adjusted.json: AWS Budgets tells that it adjusted the limit of a budget by itself. Nothing needs to be done. [not_an_alert]
`,
    });
  });

  it('says it as Markdown for a comment', async () => {
    expect(await replay(repository, '--against', 'main', '--format', 'markdown')).toEqual({
      exitCode: 0,
      err: '',
      out: `### Guardrails: 1 of 3 recorded alerts would be decided differently

Compared with <code>main</code> (<code>${main}</code>).

| Policy | Decision | Recorded alert | Whom |
| --- | --- | --- | --- |
| <code>ci-spend</code> | \`manual → no_match\` | <code>AWS Budgets&#58; &#36;250&#46;00 actual on budget sandbox</code><br><code>small&#46;json</code> | - <code>ci-deployer</code> |

<details>
<summary>Why, in full</summary>

<pre>
manual → no_match ci-spend
  alert      AWS Budgets: $250.00 actual on budget sandbox
  recorded   small.json, decided as of 2026-03-10T02:05:00.000Z (the alert&#39;s own time)
  before     would ask people: $250.00 is at least $200.00
  after      would do nothing: it asks for at least $300.00, this is $250.00
  would hold - arn:aws:iam::111122223333:role/ci-deployer
  for        1 h 30 min
  stops      ec2:CreateNat*, ec2:RunInstances

</pre>

</details>

<details>
<summary>What is written differently: 1 policy</summary>

<pre>
edited: ci-spend (manual): match.min_amount_usd
</pre>

</details>

<details>
<summary>What was replayed: 3 alerts in 5 files, 1 copy was not decided again, 1 signal is no alert</summary>

<pre>
  2026/adjusted.json: AWS Budgets tells that it adjusted the limit of a budget by itself. Nothing needs to be done. [not_an_alert]
</pre>

</details>
`,
    });
  });

  it('says it as JSON for programs', async () => {
    const ran = await replay(repository, '--against', 'main', '--json');
    expect({ exitCode: ran.exitCode, err: ran.err }).toEqual({ exitCode: 0, err: '' });
    expect(JSON.parse(ran.out)).toEqual({
      valid: true,
      revision: repository.git('rev-parse', 'HEAD'),
      recorded: {
        files: 5,
        alerts: 3,
        copies: 1,
        unreadable: [{ file: '2026/adjusted.json', record: 1, reason: 'not_an_alert', message: expect.any(String) }],
      },
      against: { name: 'main', kind: 'revision', revision: repository.git('rev-parse', 'main'), had_directory: true, problems: [] },
      alerts_changed: 1,
      changes: [
        {
          policy_id: 'ci-spend',
          former_policy_id: null,
          course: 'less_far',
          files: ['small.json'],
          event: expect.objectContaining({ source: 'budgets', amount_usd: '250.00', budget_name: 'sandbox' }),
          decided_at: '2026-03-10T02:05:00.000Z',
          before: expect.objectContaining({ policy_id: 'ci-spend', outcome: 'manual', ttl_minutes: 90 }),
          after: {
            policy_id: 'ci-spend',
            outcome: 'no_match',
            mode: 'manual',
            reasons: [{ code: 'amount_below_min', expected: 'at least $300.00', actual: '$250.00' }],
            targets: [],
            excluded: [],
            ttl_minutes: null,
            deny_policy_name: null,
          },
          targets_added: [],
          targets_removed: [{ type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci-deployer' }],
          ttl_minutes: null,
          deny: null,
        },
      ],
      policies_changed: [
        {
          policy_id: 'ci-spend',
          former_policy_id: null,
          change: 'edited',
          mode: { before: 'manual', after: 'manual' },
          keys: ['match.min_amount_usd'],
          alerts_changed: 1,
        },
      ],
      settings_changed: [],
    });
  });

  it('compares with another directory the same', async () => {
    const other = folderWith({ 'ci.yaml': POLICY, 'settings.yaml': SETTINGS });
    const byDirectory = await replay(repository, '--against', other);
    const byRevision = await replay(repository, '--against', 'main');
    expect(byDirectory.out.replace(/^compared with .*$/m, '')).toBe(byRevision.out.replace(/^compared with .*$/m, ''));
    expect(byDirectory.out).toContain(`compared with ${other} (sha256:`);
  });
});

describe('replay --against, for other changes', () => {
  it('says that nothing changes where nothing does', async () => {
    const { out, exitCode } = await replay(pullRequest({ 'policies/ci.yaml': `# A comment\n${POLICY}` }), '--against', 'main', '--format', 'markdown');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^### Guardrails: 0 of 3 recorded alerts would be decided differently\n/);
    expect(out).not.toMatch(/\| |What is written differently/);
  });

  it('puts what newly acts in bold, with all that differs', async () => {
    const after = POLICY.replace('manual', 'auto').replace('ttl_minutes: 90', 'ttl_minutes: 0').replace('ec2:CreateNat*', 's3:CreateBucket');
    const settings = `${SETTINGS}protected_principals: ['*:role/admin']\n`;
    const principals = after.replace("ci-deployer'}", "ci-deployer'}\n    - {type: iam_role, arn: 'arn:aws:iam::111122223333:role/nightly'}");
    const changed = pullRequest({ 'policies/ci.yaml': principals.replace('ttl_minutes: 0', 'ttl_minutes: 1440'), 'policies/settings.yaml': settings });
    const { out } = await replay(changed, '--against', 'main', '--format', 'markdown');
    expect(out).toContain('| **`manual → auto`**<br>1 h 30 min → 1 d<br>another deny policy |');
    expect(out).toContain('| + <code>nightly</code><br><code>ci-deployer</code> |');
    expect(out).toContain('  stops      + s3:CreateBucket\n  stops      - ec2:CreateNat*\n');
    expect(out).toContain('  after      would act and tell people: its mode is auto\n');
    expect(out).toContain('<summary>What is written differently: 1 policy, and the settings</summary>');
    expect(out).toContain('\nsettings: protected_principals\n');
  });

  it('takes a renamed policy for the same one', async () => {
    const renamed = pullRequest({ 'policies/compute.yaml': POLICY.replace('ci-spend', 'ci-compute') }, ['policies/ci.yaml']);
    const { out } = await replay(renamed, '--against', 'main');
    expect(out).toMatch(/^0 of 3 recorded alerts would be decided differently\n/);
    expect(out).toContain('  renamed: ci-spend → ci-compute (manual)\n');
  });

  it('tells policies that are new, gone, or switched off, and which of them no recorded alert shows', async () => {
    const elsewhere = POLICY.replace('ci-spend', 'unseen').replace("'111122223333']", "'777788889999']");
    const off = pullRequest({ 'policies/ci.yaml': `${POLICY}enabled: false\n`, 'policies/unseen.yaml': elsewhere });
    const { out } = await replay(off, '--against', 'main');
    expect(out).toContain('\nmanual → disabled ci-spend\n');
    expect(out).toContain('  after      the policy is disabled\n');
    expect(out).toContain('  disabled: ci-spend (manual)\n  added: unseen (manual) - no recorded alert is decided differently by it\n');
  });

  it('takes every policy for new where the directory did not exist', async () => {
    const repository = pullRequest({ 'team/ci.yaml': POLICY, 'team/settings.yaml': SETTINGS });
    const words = ['replay', '--events', join(repository.root, 'policies/tests/alerts'), '--policies', join(repository.root, 'team'), '--against', 'main'];
    const { out, exitCode } = await runGuardrails(words);
    expect(exitCode).toBe(0);
    expect(out).toContain(`compared with main (${short(repository, 'main')}), where this directory did not exist: every policy is new\n`);
    expect(out).toContain('\nno policy → manual ci-spend\n');
    expect(out).toContain('  before     there is no such policy\n');
  });

  it('compares policies at the root of a repository', async () => {
    const repository = scratchRepository({ 'ci.yaml': POLICY, 'settings.yaml': SETTINGS });
    repository.write({ 'ci.yaml': POLICY.replace('mode: manual', 'mode: dry_run') });
    const events = folderWith({ 'a.txt': alert('platform', '$1,046.29') });
    const { out } = await runGuardrails(['replay', '--events', events, '--policies', repository.root, '--against', 'HEAD']);
    expect(out).toContain('\nmanual → dry_run ci-spend\n');
  });
});

describe('replay --against, when something is wrong', () => {
  const INVALID = POLICY.replace('ec2:RunInstances', 'ec2:RunInstance');

  it.each(['text', 'json', 'markdown'])('replays nothing by invalid policies, and says what is wrong: %s', async (format) => {
    const ran = await replay(pullRequest({ 'policies/ci.yaml': INVALID }), '--against', 'main', '--format', format);
    expect(ran.exitCode).toBe(1);
    expect(ran.err).toMatch(/ci\.yaml:\d+:\d+ error .*\[unknown_action\]\nThe policies are invalid, so nothing was replayed\.\n$/);
    if (format === 'text') expect(ran.out).toBe('');
    if (format === 'json') expect(JSON.parse(ran.out)).toEqual({ valid: false, problems: [expect.objectContaining({ code: 'unknown_action' })] });
    if (format === 'markdown')
      expect(ran.out).toMatch(
        /^### Guardrails: the policies are invalid, so nothing was replayed\n\n<details>\n<summary>1 error<\/summary>\n\n<pre>\n.*ec2:RunInstances/,
      );
  });

  it('still compares where the other side is invalid, so that a pull request can repair it', async () => {
    const repository = pullRequest({ 'policies/ci.yaml': INVALID });
    repository.git('checkout', '--quiet', '-b', 'repair');
    repository.write({ 'policies/ci.yaml': POLICY });
    const ran = await replay(repository, '--against', 'pull-request', '--format', 'markdown');
    expect(ran.exitCode).toBe(0);
    expect(ran.err).toMatch(
      /pull-request:\S*ci\.yaml:\d+:\d+ error .*\npull-request is invalid: its policies with errors count as if they were not there\.\n$/,
    );
    expect(ran.out).toContain('**What it is compared with is invalid: the policies with errors there count as if they were not there.**');
    expect(ran.out).toContain('`no policy → manual`');
    const json = JSON.parse((await replay(repository, '--against', 'pull-request', '--json')).out);
    expect(json.against.problems).toEqual([expect.objectContaining({ severity: 'error', code: 'unknown_action' })]);
  });

  it('says what can be named where it knows neither a directory nor a revision', async () => {
    const ran = await replay(pullRequest({}), '--against', '--upload-pack=x');
    expect(ran).toEqual({
      exitCode: 1,
      out: '',
      err: expect.stringContaining('There is no directory "--upload-pack=x", and git knows no revision of that name'),
    });
    const outside = folderWith({ 'ci.yaml': POLICY, 'settings.yaml': SETTINGS });
    const none = await runGuardrails(['replay', '--events', outside, '--policies', outside, '--against', 'main']);
    expect(none).toEqual({ exitCode: 1, out: '', err: expect.stringMatching(/There is no directory "main", and .* is in no git repository/) });
  });

  it('says which folder is missing', async () => {
    const { root } = pullRequest({});
    const noEvents = await runGuardrails(['replay', '--events', join(root, 'nowhere'), '--policies', join(root, 'policies')]);
    expect(noEvents).toEqual({
      exitCode: 1,
      out: '',
      err: expect.stringMatching(/The recorded signals in .*nowhere can't be read: .*Name a folder with --events/),
    });
    const noPolicies = await runGuardrails(['replay', '--events', root, '--policies', join(root, 'policies/ci.yaml')]);
    expect(noPolicies).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('There is no directory') });
  });

  it.each([
    [['replay'], "required option '--events <dir>' not specified"],
    [['replay', '--events', 'x', '--format', 'html'], "option '--format <format>' argument 'html' is invalid"],
    [['replay', '--events', 'x', '--at', 'yesterday'], 'Expected an ISO-8601 time with a zone'],
  ])('takes %j for wrong words: exit code 2', async (words, message) => {
    expect(await runGuardrails(words)).toEqual({ exitCode: 2, out: '', err: expect.stringContaining(message) });
  });
});

describe('replay', () => {
  it('says how often each policy says what, and what is said of each alert', async () => {
    const repository = pullRequest({
      'policies/tell.yaml':
        'policy_id: tell\nmatch: {source: [budgets], account_ids: ["*"]}\nscope: {principals: []}\nactions: [{type: notify_only}]\nnotify: {slack_channel: C0PLATFORM}\n',
    });
    const { out, exitCode } = await replay(repository);
    expect(exitCode).toBe(0);
    expect(out).toBe(`3 recorded alerts, decided by the policies at ${repository.git('rev-parse', 'HEAD')}

policy    auto  manual  dry_run  exempt  no_match
ci-spend     0       2        0       0         1
tell         0       0        3       0         0

AWS Budgets: $1,046.29 actual on budget platform
  recorded   2026/copy.json, big.txt, decided as of 2026-03-10T02:10:00.000Z (the alert's own time)
  manual     ci-spend: ci-deployer, 1 h 30 min
  dry_run    tell

AWS Budgets: $9,000.00 actual on budget elsewhere
  recorded   2026/other.txt, decided as of 2026-03-10T23:59:59.999Z (the alert's own time)
  dry_run    tell

AWS Budgets: $250.00 actual on budget sandbox
  recorded   small.json, decided as of 2026-03-10T02:05:00.000Z (the alert's own time)
  manual     ci-spend: ci-deployer, 1 h 30 min
  dry_run    tell

3 alerts in 5 files, 1 copy was not decided again, 1 signal is no alert
  2026/adjusted.json: AWS Budgets tells that it adjusted the limit of a budget by itself. Nothing needs to be done. [not_an_alert]
`);
  });

  it('says what lowered a decision, what exempts one, and that none is met', async () => {
    const policies = folderWith({
      'ci.yaml': POLICY.replace('mode: manual', 'mode: auto\nexceptions: {principals: ["*:role/nobody"]}'),
      'exempt.yaml': `${POLICY.replace('ci-spend', 'exempt')}exceptions: {accounts: ['111122223333']}\n`,
      'settings.yaml': `${SETTINGS}plausibility_ceiling_usd: 1000\n`,
    });
    const events = folderWith({ 'a.txt': alert('platform', '$1,046.29'), 'b.txt': alert('platform', '$1.00') });
    const { out } = await runGuardrails(['replay', '--events', events, '--policies', policies]);
    expect(out).toContain(
      '  manual     ci-spend: ci-deployer, 1 h 30 min (lowered from auto: $1,046.29 is hard to believe: the ceiling is at most $1,000.00)\n',
    );
    expect(out).toContain('  exempt     exempt: account 111122223333 is excepted\n');
    expect(out).toContain(
      "\nAWS Budgets: $1.00 actual on budget platform\n  recorded   b.txt, decided as of 2026-03-10T23:59:59.999Z (the alert's own time)\n  no policy is met\n",
    );
  });

  it('prints the same for programs and for a comment', async () => {
    const repository = pullRequest({});
    const json = JSON.parse((await replay(repository, '--json')).out);
    expect(json.policies).toEqual([{ policy_id: 'ci-spend', outcomes: { auto: 0, manual: 2, dry_run: 0, exempt: 0, no_match: 1 } }]);
    expect(
      json.results.map(({ files, decisions }: { files: unknown; decisions: readonly { outcome: string }[] }) => [
        files,
        decisions.map(({ outcome }) => outcome),
      ]),
    ).toEqual([
      [['2026/copy.json', 'big.txt'], ['manual']],
      [['2026/other.txt'], []],
      [['small.json'], ['manual']],
    ]);
    const { out } = await replay(repository, '--format', 'markdown');
    expect(out).toContain('### Guardrails: what the policies say of 3 recorded alerts\n');
    expect(out).toContain(
      '| Policy | `auto` | `manual` | `dry_run` | `exempt` | `no_match` |\n| --- | --- | --- | --- | --- | --- |\n| <code>ci-spend</code> | 0 | 2 | 0 | 0 | 1 |\n',
    );
  });

  it('decides an alert without a time at the given one, else now', async () => {
    const events = folderWith({ 'a.json': signalFixture('anomaly-sns.json') });
    const policies = folderWith({ 'ci.yaml': POLICY, 'settings.yaml': SETTINGS });
    const words = ['replay', '--events', events, '--policies', policies];
    expect((await runGuardrails(words)).out).toContain('decided as of 2026-05-01T00:00:00.000Z (the alert has no time of its own)');
    expect((await runGuardrails([...words, '--at', '2026-04-01T00:00:00Z'])).out).toContain('decided as of 2026-04-01T00:00:00.000Z');
  });

  it('is done with a folder that holds no alert, with signals that cannot be read, and with a single file', async () => {
    const policies = folderWith({ 'ci.yaml': POLICY, 'settings.yaml': SETTINGS });
    const events = folderWith({ 'readme.md': 'x', 'hello.txt': 'Hello', 'two.json': lambdaEvent(snsRecord({ message: 'a' }), snsRecord({ message: 'b' })) });
    symlinkSync('/etc/hostname', join(events, 'link.txt'));
    mkdirSync(join(events, '.git'));
    writeFileSync(join(events, '.git', 'config'), 'x');
    writeFileSync(join(events, 'huge.txt'), Buffer.alloc(16 * 1_048_576 + 1, 'x'));
    const { out, exitCode } = await runGuardrails(['replay', '--events', events, '--policies', policies]);
    expect(exitCode).toBe(0);
    expect(out).toContain("0 alerts in 4 files, 5 signals can't be read\n");
    expect(out).toMatch(
      / {2}hello\.txt: .*\[unknown_format\]\n {2}huge\.txt: It has more than 16 MB.*\[unreadable_file\]\n {2}link\.txt: It is no regular file\. .*\[unreadable_file\]\n/,
    );
    expect(out).toMatch(/ {2}two\.json: .*\n {2}two\.json \(signal 2\): .*\n$/);
    const compared = await runGuardrails([
      'replay',
      '--events',
      join(events, 'hello.txt'),
      '--policies',
      policies,
      '--against',
      policies,
      '--format',
      'markdown',
    ]);
    expect(compared.exitCode).toBe(0);
    expect(compared.out).toMatch(/^### Guardrails: there are no recorded alerts to compare decisions on\n/);
  });

  it('works with the policies and the alerts of this project', async () => {
    const { out, exitCode } = await runGuardrails(['replay', '--events', 'policies/tests/alerts', '--against', 'policies']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^0 of \d+ recorded alerts? would be decided differently\n/);
  });
});
