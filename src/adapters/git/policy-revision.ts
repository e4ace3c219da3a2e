import { execFileSync } from 'node:child_process';
import { canonicalJson, sha256Hex } from '../../core/content-hash.ts';

/** A file that belongs to a policy set, by the name that people know it by. */
export interface RevisedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Names the state that the policies in a directory are in: the git commit, with `-dirty` where a file in the directory is not as
 * committed; outside git (or without git on the machine) `sha256:` and a hash of the files' names and texts.
 */
export function policyRevision(directory: string, files: readonly RevisedFile[]): string {
  const commit = git(directory, ['rev-parse', 'HEAD'])?.trim();
  // Ignored files are not in the commit either, so they count as a difference.
  const changes = commit === undefined ? null : git(directory, ['status', '--porcelain', '--ignored', '--untracked-files=all', '--', '.']);
  if (commit === undefined || changes === null) return contentRevision(files);
  return changes.trim() === '' ? commit : `${commit}-dirty`;
}

function contentRevision(files: readonly RevisedFile[]): string {
  const content = files.map(({ path, text }) => [path, sha256Hex(text)]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return `sha256:${sha256Hex(canonicalJson(content))}`;
}

function git(directory: string, args: readonly string[]): string | null {
  try {
    return execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 });
  } catch {
    return null; // no repository, no commit yet, or no git: the content itself is the name then
  }
}
