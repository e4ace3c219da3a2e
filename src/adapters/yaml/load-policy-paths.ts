import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { ActionCatalogue } from '../iam-actions/action-catalogue.ts';
import { type LoadedPolicies, loadPolicies } from './load-policies.ts';
import { isBesidePolicies, isSettingsFile, readPolicyDirectory, readPolicyFiles } from './read-policy-directory.ts';

/** What was found at some paths. */
export interface LoadedPaths {
  /** One for each directory: of one that was named, all; of one with files that were named, what concerns these. */
  readonly loaded: readonly LoadedPolicies[];
  /** Named files that are no policies, because they lie in `tests` or `disabled`. */
  readonly passedOver: readonly string[];
}

/**
 * Validates what lies at the paths, which may be directories and files, in any mixture. A file is validated as a part of its directory:
 * with its settings, and beside its other policies, whose own problems don't count. Settings concern every policy, so their file
 * stands for the whole directory. Throws what the file system throws where a path can't be read.
 */
export function loadPolicyPaths(paths: readonly string[], catalogue: ActionCatalogue): LoadedPaths {
  const isDirectory = (path: string): boolean => statSync(path).isDirectory();
  const directories = paths.filter(isDirectory);
  const files = paths.filter((path) => !isDirectory(path));
  const policyFiles = files.filter((path) => !isBesidePolicies(path));
  const wholes = byPlace([...directories, ...policyFiles.filter(isSettingsFile).map(dirname)]);
  const parts = policyFiles.filter((path) => !wholes.has(resolve(dirname(path))));
  return {
    loaded: [
      ...[...wholes.values()].map((directory) => loadPolicies(readPolicyDirectory(directory), catalogue)),
      ...[...byPlace(parts.map(dirname))].map(([place, directory]) => {
        const named = byPlace(parts.filter((path) => resolve(dirname(path)) === place));
        return loadFiles(directory, [...named.values()], catalogue);
      }),
    ],
    passedOver: files.filter(isBesidePolicies),
  };
}

function loadFiles(directory: string, paths: readonly string[], catalogue: ActionCatalogue): LoadedPolicies {
  const loaded = loadPolicies(readPolicyFiles(directory, paths), catalogue);
  const isNamed = ({ file }: { readonly file: string }): boolean => paths.includes(file);
  return {
    ...loaded,
    problems: loaded.problems.filter((problem) => isNamed(problem) || isSettingsFile(basename(problem.file))),
    policies: loaded.policies.filter(isNamed),
    fileCount: paths.length,
  };
}

/** The paths by the place that they lead to, each place once. */
function byPlace(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [resolve(path), path]));
}
