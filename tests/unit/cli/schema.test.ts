import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, runGuardrails } from '../../support/run-guardrails.ts';

const POLICIES = join(__dirname, '../../../policies');
const FILES = { 'policy.schema.json': [], 'settings.schema.json': ['--settings'], 'test.schema.json': ['--test'] };

describe('schema', () => {
  it.each(Object.entries(FILES))('prints %s as it is committed; if not, run: npm run docs', async (name, options) => {
    const { exitCode, out, err } = await runGuardrails(['schema', ...options]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(readFileSync(join(POLICIES, 'schema', name), 'utf8')).toBe(out);
  });

  it('prints JSON, whether or not it is asked to', async () => {
    const { out } = await runGuardrails(['schema', '--json']);
    expect(JSON.parse(out)).toMatchObject({ $id: 'urn:autoguardrails:policy', type: 'object', required: ['policy_id', 'match', 'scope', 'actions'] });
    expect(out).toBe((await runGuardrails(['schema'])).out);
  });

  it('writes all of them beside the policies, and says the line that names them', async () => {
    const folder = folderWith({});
    const { exitCode, out } = await runGuardrails(['schema', '--write', folder]);
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      ...Object.keys(FILES).map((name) => `${join(folder, 'schema', name)} written`),
      'Begin each policy with this line: # yaml-language-server: $schema=schema/policy.schema.json',
      '',
    ]);
    expect(readdirSync(join(folder, 'schema')).sort()).toEqual(Object.keys(FILES));
    expect(readFileSync(join(folder, 'schema', 'test.schema.json'), 'utf8')).toBe((await runGuardrails(['schema', '--test'])).out);
  });

  it('leaves alone what is up to date, and writes to the default directory', async () => {
    const folder = folderWith({});
    const surroundings = { environment: { POLICY_DIR: folder } };
    await runGuardrails(['schema', '--write'], surroundings);
    writeFileSync(join(folder, 'schema', 'policy.schema.json'), '{}');
    const { out } = await runGuardrails(['schema', '--write', '--json'], surroundings);
    expect(JSON.parse(out)).toEqual({
      files: Object.keys(FILES).map((name) => ({ path: join(folder, 'schema', name), changed: name === 'policy.schema.json' })),
    });
  });

  it('makes no directory of policies where there is none, and says what stands in the way', async () => {
    const folder = folderWith({ schema: 'a file where the folder should be' });
    const nowhere = await runGuardrails(['schema', '--write', join(folder, 'nowhere')]);
    expect(nowhere).toEqual({ exitCode: 1, out: '', err: expect.stringContaining('Name the one with your policies, or set POLICY_DIR.') });
    const inTheWay = await runGuardrails(['schema', '--write', folder]);
    expect(inTheWay).toEqual({ exitCode: 1, out: '', err: expect.stringContaining(`can't be written to ${join(folder, 'schema')}`) });
  });

  it('refuses to print one kind and write all', async () => {
    const wrong = await Promise.all(
      [
        ['--settings', '--write'],
        ['--test', '--write'],
        ['--settings', '--test'],
      ].map((words) => runGuardrails(['schema', ...words])),
    );
    expect(wrong.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
  });

  it('is a folder that validate has nothing against', async () => {
    const folder = folderWith({ 'settings.yaml': 'tell_unmatched: true\n' });
    mkdirSync(join(folder, 'tests'));
    await runGuardrails(['schema', '--write', folder]);
    const { out } = await runGuardrails(['validate', folder, '--json']);
    expect(JSON.parse(out).problems).toEqual([]);
  });
});

describe('the policies of this project', () => {
  const kinds = [
    ...readdirSync(POLICIES).map((name) => [name, name === 'settings.yaml' ? 'schema/settings' : 'schema/policy'] as const),
    ...readdirSync(join(POLICIES, 'tests')).map((name) => [`tests/${name}`, '../schema/test'] as const),
  ].filter(([name]) => name.endsWith('.yaml'));

  it.each(kinds)('%s names its schema in its first line', (name, schema) => {
    const [first] = readFileSync(join(POLICIES, name), 'utf8').split('\n');
    expect(first).toBe(`# yaml-language-server: $schema=${schema}.schema.json`);
  });
});
