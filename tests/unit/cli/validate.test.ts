import { join } from 'node:path';
import { folderWith, runGuardrails } from '../../support/run-guardrails.ts';

const POLICY = `policy_id: ci-spend
mode: manual
match: {source: [budgets], account_ids: ['111122223333']}
scope: {principals: [{type: iam_role, arn: 'arn:aws:iam::111122223333:role/ci-deployer'}]}
actions: [{type: attach_deny_policy, deny: ['ec2:RunInstances', 'ec2:CreateNat*']}]
notify: {slack_webhook_ssm_param: /guardrails/slack_webhook}
approval: {approvers: [U0ALICE]}
`;

const good = folderWith({ 'ci.yaml': POLICY });
const bad = folderWith({
  'a.yaml': POLICY.replace("'111122223333'", '011122223333'),
  'b.yaml': POLICY.replace('ci-spend', 'other').replace('ec2:RunInstances', 'ec2:RunInstance'),
});
const warned = folderWith({ 'ci.yaml': POLICY.replace('approvers: [U0ALICE]', 'min_approvals: 1') });

describe('validate', () => {
  it('says of each policy what it denies and to how many', async () => {
    const ran = await runGuardrails(['validate', good]);
    expect(ran).toEqual({ exitCode: 0, err: '', out: 'ok ci-spend manual: 2 patterns deny 2 actions to 1 principal, 3 h\n1 policy: valid\n' });
  });

  it('prints every problem of every file, where editors find it', async () => {
    const ran = await runGuardrails(['validate', bad]);
    expect(ran.exitCode).toBe(1);
    const [first, second] = ran.out.split('\n');
    expect(first).toMatch(/a\.yaml:3:\d+ error .*011122223333.* \[unquoted_account_id\]$/);
    expect(second).toMatch(/b\.yaml:\d+:\d+ error .*ec2:RunInstances.* \[unknown_action\]$/);
    expect(ran.out).toContain('invalid: nothing here would be compiled or deployed');
  });

  it('takes warnings alone for valid', async () => {
    const ran = await runGuardrails(['validate', warned, '--json']);
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.out)).toEqual(expect.objectContaining({ valid: true, problems: [expect.objectContaining({ severity: 'warning' })] }));
  });

  it('prints JSON for programs', async () => {
    const { out } = await runGuardrails(['validate', bad, '--format', 'json']);
    expect(JSON.parse(out)).toEqual({
      valid: false,
      policies: 2,
      problems: [
        {
          file: join(bad, 'a.yaml'),
          line: 3,
          column: expect.any(Number),
          path: '/match/account_ids/0',
          severity: 'error',
          code: 'unquoted_account_id',
          message: expect.any(String),
        },
        {
          file: join(bad, 'b.yaml'),
          line: 5,
          column: expect.any(Number),
          path: '/actions/0/deny/0',
          severity: 'error',
          code: 'unknown_action',
          message: expect.any(String),
        },
      ],
      details: [],
    });
    const details = JSON.parse((await runGuardrails(['validate', good, '--json'])).out).details;
    expect(details).toEqual([{ policy_id: 'ci-spend', file: join(good, 'ci.yaml'), mode: 'manual', enabled: true, patterns: 2, denied_actions: 2 }]);
  });

  it('annotates a pull request, and lets no message end its command', async () => {
    const { out, exitCode } = await runGuardrails(['validate', bad, '--format', 'github']);
    expect(exitCode).toBe(1);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^::error file=.*a\.yaml,line=3,col=\d+,title=unquoted_account_id::/);
  });

  it('checks one file with the settings beside it, and several places at once', async () => {
    const folder = folderWith({ 'ci.yaml': `${POLICY}ttl_minutes: 61\n`, 'settings.yaml': 'max_ttl_minutes: 60\n' });
    const one = await runGuardrails(['validate', join(folder, 'ci.yaml'), '--json']);
    expect(one.exitCode).toBe(1);
    expect(JSON.parse(one.out).problems).toEqual([expect.objectContaining({ path: '/ttl_minutes' })]);
    const several = await runGuardrails(['validate', good, warned, '--json']);
    expect(JSON.parse(several.out)).toEqual(expect.objectContaining({ valid: true, policies: 2 }));
  });

  it('says what to name where there is nothing', async () => {
    const ran = await runGuardrails(['validate', join(good, 'nowhere')]);
    expect(ran).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('Name a policy file or directory, or set POLICY_DIR') });
  });

  it('finds the policies of this project valid, by the default directory', async () => {
    const ran = await runGuardrails(['validate']);
    expect(ran.exitCode).toBe(0);
  });
});
