import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyRevision } from '../../../../src/adapters/git/policy-revision.ts';
import { folderWith } from '../../../support/run-guardrails.ts';

const files = [
  { path: 'a.yaml', text: 'x: 1\n' },
  { path: 'b.yaml', text: 'y: 2\n' },
];

function git(folder: string, ...words: readonly string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', folder, ...who, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function repository(): { readonly root: string; readonly policies: string; readonly commit: string } {
  const root = folderWith({ '.gitignore': '*.local.yaml\n', 'other.txt': '1' });
  const policies = join(root, 'policies');
  mkdirSync(policies);
  for (const { path, text } of files) writeFileSync(join(policies, path), text);
  git(root, 'init', '--quiet');
  git(root, 'add', '.');
  git(root, 'commit', '--quiet', '--message', 'Begin');
  return { root, policies, commit: git(root, 'rev-parse', 'HEAD') };
}

describe('policyRevision', () => {
  it('is the commit, where the directory is as committed', () => {
    const { root, policies, commit } = repository();
    expect(policyRevision(policies, files)).toBe(commit);
    writeFileSync(join(root, 'other.txt'), 'changed, but not a policy');
    expect(policyRevision(policies, files)).toBe(commit);
  });

  it.each([
    ['changed', 'a.yaml'],
    ['new', 'c.yaml'],
    ['ignored', 'c.local.yaml'],
  ])('says -dirty where a file is %s', (_how, name) => {
    const { policies, commit } = repository();
    writeFileSync(join(policies, name), 'z: 3\n');
    expect(policyRevision(policies, files)).toBe(`${commit}-dirty`);
  });

  it('is a hash of the content outside git, whatever the order of the files', () => {
    const folder = folderWith({});
    const revision = policyRevision(folder, files);
    expect(revision).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(policyRevision(folder, [...files].reverse())).toBe(revision);
    expect(policyRevision(folder, [{ path: 'a.yaml', text: 'x: 2\n' }])).not.toBe(revision);
  });

  it('is a hash of the content before the first commit', () => {
    const folder = folderWith({});
    git(folder, 'init', '--quiet');
    expect(policyRevision(folder, files)).toMatch(/^sha256:/);
  });
});
