import { spawnSync } from 'node:child_process';

/** A file that stood directly in a directory at a commit. */
interface FileAt {
  readonly name: string;
  /** Null where it was a link that led to no file in the repository. */
  readonly bytes: Buffer | null;
}

/** A directory as it was at a commit, or why that can't be known. */
export type DirectoryAt =
  | { readonly kind: 'read'; readonly commit: string; readonly files: readonly FileAt[] }
  | { readonly kind: 'no_such_directory'; readonly commit: string }
  | { readonly kind: 'no_such_revision' }
  | { readonly kind: 'no_repository'; readonly message: string };

interface TreeEntry {
  readonly name: string;
  readonly isLink: boolean;
  readonly objectId: string;
}

type GitAnswer = { readonly kind: 'done'; readonly out: Buffer } | { readonly kind: 'failed'; readonly message: string };

const MAX_OUTPUT_BYTES = 256 * 1_048_576;

/**
 * Reads the files directly in a directory as they were at a revision, from git's objects alone: nothing is checked out and nothing
 * written. The revision is any text, from anybody: it is one argument to git, never an option and never a shell's. Throws where git
 * fails on a revision and a directory that it knows.
 */
export function readDirectoryAt(directory: string, revision: string, isWanted: (name: string) => boolean): DirectoryAt {
  const prefix = git(directory, ['rev-parse', '--show-prefix']);
  if (prefix.kind === 'failed') return { kind: 'no_repository', message: prefix.message };
  const resolved = git(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  const commit = resolved.kind === 'done' ? resolved.out.toString().trim() : '';
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return { kind: 'no_such_revision' };
  const tree = `${commit}:${prefix.out.toString().replace(/\n$/, '')}`;
  if (git(directory, ['rev-parse', '--verify', '--quiet', tree]).kind === 'failed') return { kind: 'no_such_directory', commit };
  const entries = treeEntries(outputOf(git(directory, ['ls-tree', '-z', '--full-tree', tree]))).filter(({ name }) => isWanted(name));
  return { kind: 'read', commit, files: readObjects(directory, tree, entries) };
}

function treeEntries(listing: Buffer): readonly TreeEntry[] {
  return listing
    .toString()
    .split('\0')
    .flatMap((line) => {
      const [, mode, objectId, name] = /^(\d{6}) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      return objectId === undefined || name === undefined ? [] : [{ name, objectId, isLink: mode === '120000' }];
    });
}

function readObjects(directory: string, tree: string, entries: readonly TreeEntry[]): readonly FileAt[] {
  // Git follows a link by its path; a name with a line break in it can't be asked for that way.
  const wanted = entries.map(({ name, objectId, isLink }) => (isLink && !name.includes('\n') ? `${tree}${name}` : objectId));
  if (wanted.length === 0) return [];
  const out = outputOf(git(directory, ['cat-file', '--batch', '--follow-symlinks'], `${wanted.join('\n')}\n`));
  let position = 0;
  return entries.map(({ name }) => {
    const end = out.indexOf('\n', position);
    const header = out.toString('utf8', position, end);
    position = end + 1;
    const size = Number(/ (\d+)$/.exec(header)?.[1] ?? Number.NaN);
    if (Number.isNaN(size)) return { name, bytes: null };
    const bytes = out.subarray(position, position + size);
    position += size + 1;
    return { name, bytes: / blob \d+$/.test(header) ? bytes : null };
  });
}

function git(directory: string, args: readonly string[], input = ''): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', directory, ...args], { input, maxBuffer: MAX_OUTPUT_BYTES, timeout: 60_000 });
  if (error !== undefined) return { kind: 'failed', message: error.message };
  return status === 0 ? { kind: 'done', out: stdout } : { kind: 'failed', message: stderr.toString().trim() || `git ended with ${String(status)}` };
}

function outputOf(answer: GitAnswer): Buffer {
  if (answer.kind === 'failed') throw new Error(`git can't read that revision: ${answer.message}`);
  return answer.out;
}
