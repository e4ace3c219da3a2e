import { statSync } from 'node:fs';
import type { ActionCatalogue } from '../adapters/iam-actions/action-catalogue.ts';
import { type LoadedPolicySet, loadPolicySet, loadPolicySetAt } from '../adapters/yaml/load-policy-set.ts';
import { type Problem, quoted } from '../core/problem.ts';
import { CommandFailed } from './cli-context.ts';
import type { Against } from './replay-result.ts';

/** The policies of a directory, as they lie there. */
export function loadReplayedPolicies(directory: string, catalogue: ActionCatalogue): LoadedPolicySet {
  if (!isDirectory(directory)) throw new CommandFailed(`There is no directory ${directory}. Name the directory of the policies with --policies or POLICY_DIR.`);
  return load(directory, catalogue);
}

/** The policies that the ones in the directory are compared with: those of another directory, or of the same one at a git revision. */
export function loadAgainst(name: string, directory: string, catalogue: ActionCatalogue): Against {
  if (isDirectory(name)) {
    const { policySet, problems } = load(name, catalogue);
    return { name, kind: 'directory', policySet, hadDirectory: true, errors: problems.filter(isError) };
  }
  const found = loadAt(name, directory, catalogue);
  if (found.kind === 'no_repository') {
    throw new CommandFailed(
      `There is no directory ${quoted(name)}, and ${directory} is in no git repository that could know it: ${found.message}. Name a directory.`,
    );
  }
  if (found.kind === 'no_such_revision') {
    throw new CommandFailed(
      `There is no directory ${quoted(name)}, and git knows no revision of that name in the repository of ${directory}. Name a directory, a branch, a tag or a commit; in CI fetch it first (actions/checkout with fetch-depth: 0), and name a branch of the server origin/<branch>.`,
    );
  }
  const { policySet, problems } = found.loaded;
  return { name, kind: 'revision', policySet, hadDirectory: found.hadDirectory, errors: problems.filter(isError) };
}

function load(directory: string, catalogue: ActionCatalogue): LoadedPolicySet {
  try {
    return loadPolicySet(directory, catalogue);
  } catch (error) {
    throw new CommandFailed(`The policies in ${directory} can't be read: ${messageOf(error)}.`);
  }
}

function loadAt(revision: string, directory: string, catalogue: ActionCatalogue): ReturnType<typeof loadPolicySetAt> {
  try {
    return loadPolicySetAt(directory, revision, catalogue);
  } catch (error) {
    throw new CommandFailed(`The policies of ${directory} at ${quoted(revision)} can't be read: ${messageOf(error)}.`);
  }
}

// A revision may be any text, also one that no file system takes for a path.
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
