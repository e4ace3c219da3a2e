import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderWith } from './run-guardrails.ts';

/** A git repository of its own in a temporary folder, whose first branch is `main`. */
export interface ScratchRepository {
  readonly root: string;
  readonly git: (...words: readonly string[]) => string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Commits everything, and returns the commit. */
  readonly commit: (message: string) => string;
}

/** Starts a repository with these files in its first commit. */
export function scratchRepository(files: Readonly<Record<string, string>>): ScratchRepository {
  const root = folderWith({});
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false', '-c', 'core.autocrlf=false'];
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-C', root, ...who, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  const write = (some: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(some)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
  };
  const commit = (message: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch', 'main');
  write(files);
  commit('Begin');
  return { root, git, write, commit };
}
