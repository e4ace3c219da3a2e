import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DirectoryAt, readDirectoryAt } from '../../../../src/adapters/git/read-directory-at.ts';
import { folderWith } from '../../../support/run-guardrails.ts';
import { type ScratchRepository, scratchRepository } from '../../../support/scratch-repository.ts';

const FILES = {
  'policies/a.yaml': 'a: 1\n',
  'policies/b c.yaml': 'b: ü\n',
  'policies/sub/d.yaml': 'd: 4\n',
  'policies/note.txt': 'note',
  'root.yaml': 'r: 1\n',
};

const everything = (): boolean => true;
const textsOf = (found: DirectoryAt): unknown =>
  found.kind === 'read' ? Object.fromEntries(found.files.map(({ name, bytes }) => [name, bytes?.toString() ?? null])) : found.kind;

describe('readDirectoryAt', () => {
  let repository: ScratchRepository;
  let first: string;
  beforeAll(() => {
    repository = scratchRepository(FILES);
    first = repository.git('rev-parse', 'HEAD');
    repository.git('tag', 'v1');
    repository.git('checkout', '--quiet', '-b', 'feature/new');
    repository.write({ 'policies/a.yaml': 'a: 2\n', 'later/x.yaml': 'x: 1\n' });
    repository.commit('Change');
    repository.write({ 'policies/a.yaml': 'a: uncommitted\n' });
  });

  it.each(['main', 'v1', 'HEAD~1', 'refs/heads/main'])('reads what the directory held at %s, whatever lies there now', (revision) => {
    const found = readDirectoryAt(join(repository.root, 'policies'), revision, everything);
    expect(found).toEqual(expect.objectContaining({ kind: 'read', commit: first }));
    expect(textsOf(found)).toEqual({ 'a.yaml': 'a: 1\n', 'b c.yaml': 'b: ü\n', 'note.txt': 'note' });
  });

  it('reads a commit by its id, and a branch whose name holds a slash', () => {
    expect(textsOf(readDirectoryAt(join(repository.root, 'policies'), first, (name) => name === 'a.yaml'))).toEqual({ 'a.yaml': 'a: 1\n' });
    expect(textsOf(readDirectoryAt(join(repository.root, 'policies'), 'feature/new', (name) => name === 'a.yaml'))).toEqual({ 'a.yaml': 'a: 2\n' });
  });

  it('reads the root of a repository, a folder deep in it, and nothing where nothing is wanted', () => {
    expect(textsOf(readDirectoryAt(repository.root, 'main', everything))).toEqual({ 'root.yaml': 'r: 1\n' });
    expect(textsOf(readDirectoryAt(join(repository.root, 'policies', 'sub'), 'main', everything))).toEqual({ 'd.yaml': 'd: 4\n' });
    expect(textsOf(readDirectoryAt(repository.root, 'main', () => false))).toEqual({});
  });

  it('knows that there was no such directory', () => {
    expect(readDirectoryAt(join(repository.root, 'later'), 'main', everything)).toEqual({ kind: 'no_such_directory', commit: first });
  });

  it('knows that there was a file in its place', () => {
    const other = scratchRepository({ policies: 'a file' });
    other.git('rm', '--quiet', 'policies');
    mkdirSync(join(other.root, 'policies'));
    expect(readDirectoryAt(join(other.root, 'policies'), 'main', everything)).toEqual(expect.objectContaining({ kind: 'no_such_directory' }));
  });

  it.each([
    'nowhere',
    '',
    'main..HEAD',
    'main:policies',
    '--help',
    '--exec=touch pwned',
    '-x',
    '$(touch pwned)',
    '; touch pwned',
    'main\nHEAD',
    'x'.repeat(5000),
  ])('takes %j for the name of a revision that does not exist, and for nothing else', (revision) => {
    expect(readDirectoryAt(join(repository.root, 'policies'), revision, everything)).toEqual({ kind: 'no_such_revision' });
    expect(existsSync(join(repository.root, 'policies', 'pwned'))).toBe(false);
  });

  it('says what git says outside a repository', () => {
    expect(readDirectoryAt(folderWith({}), 'main', everything)).toEqual({ kind: 'no_repository', message: expect.stringContaining('not a git repository') });
  });

  it('follows links inside the repository, and no others', () => {
    const linked = scratchRepository({ 'shared/settings.yaml': 'max_ttl_minutes: 60\n' });
    mkdirSync(join(linked.root, 'policies'));
    const links = { 'aside.yaml': '../shared/settings.yaml', 'nowhere.yaml': 'gone.yaml', 'outside.yaml': '/etc/hostname', 'folder.yaml': '../shared' };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(linked.root, 'policies', name));
    writeFileSync(join(linked.root, 'policies', 'z.yaml'), 'z: 1\n');
    linked.commit('Link');
    expect(textsOf(readDirectoryAt(join(linked.root, 'policies'), 'main', everything))).toEqual({
      'aside.yaml': 'max_ttl_minutes: 60\n',
      'folder.yaml': null,
      'nowhere.yaml': null,
      'outside.yaml': null,
      'z.yaml': 'z: 1\n',
    });
  });

  it('changes nothing in the working tree', () => {
    const before = repository.git('status', '--porcelain');
    readDirectoryAt(join(repository.root, 'policies'), 'main', everything);
    expect(repository.git('status', '--porcelain')).toBe(before);
    expect(before).toBe('M policies/a.yaml');
  });
});
