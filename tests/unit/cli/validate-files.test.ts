import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, type Ran, runGuardrails } from '../../support/run-guardrails.ts';

const POLICY = `policy_id: ci-spend
mode: manual
match: {source: [budgets], account_ids: ['111122223333']}
scope: {principals: [{type: iam_role, arn: 'arn:aws:iam::111122223333:role/ci-deployer'}]}
actions: [{type: attach_deny_policy, deny: ['ec2:RunInstances']}]
notify: {slack_webhook_ssm_param: /guardrails/slack_webhook}
approval: {approvers: [U0ALICE]}
`;
const OTHER = POLICY.replace('ci-spend', 'other');
const BROKEN = POLICY.replace('ci-spend', 'broken').replace('ec2:RunInstances', 'ec2:RunInstance');
const POLICY_TEST = '- name: it asks\n  event: {file: alerts/a.txt}\n  expect: {ci-spend: {outcome: manual}}\n';

/** A policy directory with the folders beside the policies. */
function directory(files: Readonly<Record<string, string>>, beside: Readonly<Record<string, string>> = {}): string {
  const folder = folderWith(files);
  for (const name of ['tests', 'disabled']) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(beside)) writeFileSync(join(folder, name), text);
  return folder;
}

const validate = async (
  folder: string,
  ...names: readonly string[]
): Promise<Ran & { json: { valid: boolean; policies: number; problems: { code: string; file: string }[] } }> => {
  const ran = await runGuardrails(['validate', ...names.map((name) => join(folder, name)), '--json']);
  return { ...ran, json: JSON.parse(ran.out) };
};
const codes = (folder: string, { json }: Awaited<ReturnType<typeof validate>>): readonly string[] =>
  json.problems.map(({ code, file }) => `${file.slice(folder.length + 1)} ${code}`);

describe('validate FILE …, as pre-commit calls it', () => {
  it('judges the named policies, and no other of their directory', async () => {
    const folder = directory({ 'a.yaml': POLICY, 'b.yaml': OTHER, 'broken.yaml': BROKEN });
    const good = await validate(folder, 'a.yaml', 'b.yaml');
    expect(good).toEqual(expect.objectContaining({ exitCode: 0, err: '', json: expect.objectContaining({ valid: true, policies: 2, problems: [] }) }));
    const bad = await validate(folder, 'a.yaml', 'broken.yaml');
    expect(bad.exitCode).toBe(1);
    expect(codes(folder, bad)).toEqual(['broken.yaml unknown_action']);
  });

  it('tells problems of the settings once, however many policies are named', async () => {
    const folder = directory({ 'a.yaml': POLICY, 'b.yaml': OTHER, 'settings.yaml': 'max_ttl_minute: 60\n' });
    expect(codes(folder, await validate(folder, 'a.yaml', 'b.yaml'))).toEqual(['settings.yaml unknown_key']);
  });

  it.each([
    ['named too', ['a.yaml', 'z.yaml'], 'z.yaml'],
    ['not named, and comes later by its name', ['a.yaml'], 'a.yaml'],
    ['not named, and comes earlier by its name', ['z.yaml'], 'z.yaml'],
  ])('refuses an id that another file has already, which is %s', async (_how, names, refused) => {
    const folder = directory({ 'a.yaml': POLICY, 'z.yaml': POLICY });
    const ran = await validate(folder, ...names);
    expect(ran.exitCode).toBe(1);
    expect(codes(folder, ran)).toEqual([`${refused} duplicate_policy_id`]);
  });

  it('validates the whole directory where its settings are named, since they concern every policy', async () => {
    const folder = directory({ 'a.yaml': `${POLICY}ttl_minutes: 61\n`, 'b.yaml': OTHER, 'settings.yaml': 'max_ttl_minutes: 60\n' });
    const ran = await validate(folder, 'b.yaml', 'settings.yaml');
    expect(ran.exitCode).toBe(1);
    expect(codes(folder, ran)).toContain('a.yaml ttl_too_long');
    expect(ran.json.policies).toBe(2);
  });

  it('takes neither policy tests nor what is put aside for a policy, and says so', async () => {
    const folder = directory({ 'a.yaml': POLICY }, { 'tests/ci.yaml': POLICY_TEST, 'disabled/old.yaml': BROKEN });
    const ran = await validate(folder, 'tests/ci.yaml', 'a.yaml', 'disabled/old.yaml');
    expect(ran).toEqual(expect.objectContaining({ exitCode: 0, json: expect.objectContaining({ valid: true, policies: 1, problems: [] }) }));
    expect(ran.err).toBe(
      ['tests/ci.yaml', 'disabled/old.yaml']
        .map((name) => `${join(folder, name)} is no policy, since it is in a folder for other things: passed over\n`)
        .join(''),
    );
    const alone = await validate(folder, 'tests/ci.yaml');
    expect(alone).toEqual(expect.objectContaining({ exitCode: 0, json: expect.objectContaining({ valid: true, policies: 0 }) }));
  });

  it('judges a file once, however often and in whatever way it is named', async () => {
    const folder = directory({ 'broken.yaml': BROKEN });
    expect(codes(folder, await validate(folder, 'broken.yaml', 'broken.yaml'))).toEqual(['broken.yaml unknown_action']);
    const both = await runGuardrails(['validate', folder, join(folder, 'broken.yaml'), '--json']);
    expect(JSON.parse(both.out).problems).toHaveLength(1);
  });

  it('judges files of several directories each in its own', async () => {
    const first = directory({ 'a.yaml': POLICY });
    const second = directory({ 'a.yaml': POLICY, 'settings.yaml': 'max_ttl_minutes: 60\n' });
    const ran = await runGuardrails(['validate', join(first, 'a.yaml'), join(second, 'a.yaml'), '--json']);
    expect(JSON.parse(ran.out)).toEqual(expect.objectContaining({ valid: true, policies: 2, problems: [] }));
  });

  it('still judges a file that has no policy name and is named all the same', async () => {
    const folder = directory({ 'policy.txt': BROKEN });
    const ran = await validate(folder, 'policy.txt');
    expect(codes(folder, ran)).toEqual(['policy.txt unknown_action']);
  });
});
