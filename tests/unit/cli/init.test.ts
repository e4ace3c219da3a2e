import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parsePrincipalArn, untouchableReason } from '../../../src/core/principal.ts';
import { folderWith, type Ran, runGuardrails } from '../../support/run-guardrails.ts';

const ROLE = 'arn:aws:iam::111122223333:role/ci-deployer';

const init = (directory: string, role: string = ROLE, ...words: readonly string[]): Promise<Ran> =>
  runGuardrails(['init', '--role', role, '--dir', directory, ...words]);

/** What `validate` and `test` say of a directory, where both must be content. */
async function check(directory: string): Promise<{ readonly problems: unknown; readonly tests: readonly { readonly passed: boolean }[] }> {
  const validated = await runGuardrails(['validate', directory, '--json']);
  const tested = await runGuardrails(['test', directory, '--json']);
  expect([validated.exitCode, tested.exitCode]).toEqual([0, 0]);
  return { problems: JSON.parse(validated.out).problems, tests: JSON.parse(tested.out).tests };
}

describe('init', () => {
  it.each([
    [ROLE, 'ci-deployer-spend'],
    ['arn:aws:iam::012345678901:role/team/platform/ci.deployer+prod@x=1,2', 'ci-deployer-prod-x-1-2-spend'],
    ['arn:aws:iam::111122223333:user/people/ana', 'ana-spend'],
    ['arn:aws-cn:iam::111122223333:role/builder', 'builder-spend'],
    ['arn:aws-us-gov:iam::111122223333:role/builder', 'builder-spend'],
    ['arn:aws-eusc:iam::111122223333:user/builder', 'builder-spend'],
    ["arn:aws:iam::111122223333:role/it's/#1:x/{odd}/builder", 'builder-spend'],
    [`arn:aws:iam::111122223333:role/${'x'.repeat(64)}`, `${'x'.repeat(58)}-spend`],
    ['arn:aws:iam::111122223333:role/settings', 'settings-spend'],
    ['arn:aws:iam::111122223333:role/.hidden', '-hidden-spend'],
    ['arn:aws:iam::111122223333:role/1e5', '1e5-spend'],
  ])('writes for %s a policy without problems, and tests that it passes', async (arn, policyId) => {
    const directory = join(folderWith({}), 'policies');
    const ran = await init(directory, arn, '--json');
    expect(ran).toMatchObject({ exitCode: 0, err: '' });
    const schemas = ['policy', 'settings', 'test'].map((kind) => join(directory, 'schema', `${kind}.schema.json`));
    const written = [join(directory, `${policyId}.yaml`), join(directory, 'tests', `${policyId}.yaml`), join(directory, 'settings.yaml'), ...schemas];
    expect(JSON.parse(ran.out)).toEqual({ policy_id: policyId, written });
    const { problems, tests } = await check(directory);
    expect(problems).toEqual([]);
    expect(tests).toHaveLength(4);
    expect(readFileSync(join(directory, `${policyId}.yaml`), 'utf8')).toContain(`arn: '${arn.replaceAll("'", "''")}'`);
  });

  it('does so for any principal that a policy may hold', async () => {
    const character = fc.constantFrom(...'abcXYZ019_+=,.@-');
    const name = fc.string({ unit: character, minLength: 1, maxLength: 64 });
    const partition = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-eusc');
    const path = fc.array(fc.string({ unit: fc.constantFrom(...'abc:#"\'{}&!|>%@`-,['), minLength: 1, maxLength: 8 }), { maxLength: 2 });
    const principal = fc.record({ partition, account: fc.stringMatching(/^\d{12}$/), kind: fc.constantFrom('role', 'user'), path, name });
    const arns = principal.map(
      ({ partition: p, account, kind, path: folders, name: last }) => `arn:${p}:iam::${account}:${kind}/${[...folders, last].join('/')}`,
    );
    const touchable = arns.filter((arn) => {
      const parsed = parsePrincipalArn(arn);
      return parsed !== null && untouchableReason(parsed) === null;
    });
    await fc.assert(
      fc.asyncProperty(touchable, async (arn) => {
        const directory = folderWith({});
        expect(await init(directory, arn)).toMatchObject({ exitCode: 0 });
        expect((await check(directory)).problems).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('says what it wrote, and what to do next', async () => {
    const directory = folderWith({});
    const { out, exitCode } = await init(directory);
    expect(exitCode).toBe(0);
    const wrote = (path: string, purpose: string): string =>
      `  ${join(directory, path).padEnd(join(directory, 'tests/ci-deployer-spend.yaml').length)}  ${purpose}\n`;
    expect(out.split('\nNext\n')[0]).toBe(
      [
        'Wrote\n',
        wrote('ci-deployer-spend.yaml', 'the policy, in dry_run: it only tells people'),
        wrote('tests/ci-deployer-spend.yaml', 'its tests'),
        wrote('settings.yaml', 'what holds for every policy'),
        ...['policy', 'settings', 'test'].map((kind) => wrote(`schema/${kind}.schema.json`, 'lets your editor check while you write')),
      ].join(''),
    );
    const commands = [...out.matchAll(/npx (guardrails .+?) {2}/g)].map(([, command]) => command);
    expect(commands).toEqual([`guardrails validate ${directory}`, `guardrails test ${directory}`, `guardrails simulate --event FILE --policies ${directory}`]);
  });

  it('names no directory in those commands where it is the default one', async () => {
    const { out } = await runGuardrails(['init', '--role', ROLE], { environment: { POLICY_DIR: join(folderWith({}), 'a b') } });
    expect(out).toMatch(/\n {2}npx guardrails validate +says/);
    expect((await init(join(folderWith({}), 'a b'))).out).toMatch(/npx guardrails test ".+a b" /);
  });

  it('names in the first line of each file a schema that is there', async () => {
    const directory = folderWith({});
    await init(directory);
    for (const file of ['ci-deployer-spend.yaml', 'settings.yaml', 'tests/ci-deployer-spend.yaml']) {
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(directory, file), 'utf8')) ?? [];
      expect(existsSync(join(directory, file, '..', schema))).toBe(true);
    }
  });

  it('adds a second policy to what is there, and leaves that as it is', async () => {
    const directory = folderWith({});
    await init(directory);
    writeFileSync(join(directory, 'settings.yaml'), 'notify: {slack_webhook_ssm_param: /guardrails/slack_webhook_ours}\n');
    const { out } = await init(directory, 'arn:aws:iam::111122223333:user/ana');
    expect(out).toContain('The settings that are there stay as they are.\n');
    expect(readFileSync(join(directory, 'settings.yaml'), 'utf8')).toContain('slack_webhook_ours');
    const { problems, tests } = await check(directory);
    expect(problems).toEqual([]);
    expect(tests).toHaveLength(8);
  });

  it('goes by the settings that are there', async () => {
    const directory = folderWith({ 'settings.yml': 'max_ttl_minutes: 45\n' });
    expect(await init(directory)).toMatchObject({ exitCode: 0 });
    const text = readFileSync(join(directory, 'ci-deployer-spend.yaml'), 'utf8');
    expect(text).toContain('ttl_minutes: 45\n');
    expect(text).toContain('slack_webhook_ssm_param: /guardrails/slack_webhook\n'); // these settings tell nobody where
    expect(existsSync(join(directory, 'settings.yaml'))).toBe(false);
    expect((await check(directory)).problems).toEqual([]);
  });
});

describe('init writes nothing', () => {
  const refused = async (files: Readonly<Record<string, string>>, role?: string): Promise<Ran> => {
    const directory = folderWith(files);
    const ran = await init(directory, role);
    expect(ran.out).toBe('');
    expect(readdirSync(directory, { recursive: true })).toEqual(readdirSync(folderWith(files), { recursive: true }));
    return { ...ran, err: ran.err.replaceAll(directory, 'DIR') };
  };

  it('over a file that is there', async () => {
    const both = await refused({ 'ci-deployer-spend.yaml': 'x: y', 'tests/ci-deployer-spend.yaml': '[]' });
    const message = 'already there, and nothing was written. Move or rename what is there first.\n';
    expect(both).toMatchObject({ exitCode: 1, err: `DIR/ci-deployer-spend.yaml and DIR/tests/ci-deployer-spend.yaml: ${message}` });
    expect(await refused({ 'tests/ci-deployer-spend.yaml': '[]' })).toMatchObject({ exitCode: 1, err: `DIR/tests/ci-deployer-spend.yaml: ${message}` });
  });

  it('where another file has the id', async () => {
    const directory = folderWith({});
    await init(directory);
    const other = readFileSync(join(directory, 'ci-deployer-spend.yaml'), 'utf8').replace('ci-deployer-spend\n', 'CI-Deployer-Spend\n');
    const settings = readFileSync(join(directory, 'settings.yaml'), 'utf8');
    const ran = await refused({ 'other.yaml': other, 'settings.yaml': settings });
    expect(ran).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^Nothing was written\. policy_id is "ci-deployer-spend", as in DIR\/other\.yaml already/),
    });
  });

  it('for a principal that nobody may hold, or that settings protect', async () => {
    const linked = 'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX';
    expect(await refused({}, linked)).toMatchObject({
      exitCode: 1,
      err: `${linked} is a service-linked role: AWS lets nobody change it. Name another role or user.\n`,
    });
    const ran = await refused({ 'settings.yaml': "protected_principals: ['*:role/ci-*']\n" });
    expect(ran).toMatchObject({ exitCode: 1, err: expect.stringMatching(/^Nothing was written\. .+ is protected by "\*:role\/ci-\*"/) });
  });

  it.each([
    ['ci-deployer', 'is not the ARN of a role or user'],
    ['arn:aws:iam::111122223333:role/*', 'has a wildcard'],
    ['arn:aws:iam::111122223333:root', 'is the root of an account'],
    ['arn:aws:sts::111122223333:assumed-role/ci/run-7', 'This is a session; name its role: "arn:aws:iam::111122223333:role/ci"'],
  ])('for %s, which are wrong words', async (role, message) => {
    expect(await refused({}, role)).toMatchObject({ exitCode: 2, err: expect.stringContaining(message) });
  });

  it('without a role, or where a file is in the way of the directory', async () => {
    expect(await runGuardrails(['init'])).toMatchObject({ exitCode: 2, err: expect.stringContaining("required option '--role <arn>'") });
    const file = join(folderWith({ policies: 'x' }), 'policies');
    expect(await init(file)).toMatchObject({ exitCode: 1, err: expect.stringMatching(/^No policy can be written in .+: .*ENOTDIR/) });
  });
});
