import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PolicySet } from '../../core/policy-set.ts';
import { policyRevision } from '../git/policy-revision.ts';
import { type DirectoryAt, readDirectoryAt } from '../git/read-directory-at.ts';
import type { ActionCatalogue } from '../iam-actions/action-catalogue.ts';
import { type LoadedPolicies, loadPolicies } from './load-policies.ts';
import { isPolicyFileName, policyFileOf, readPolicyDirectory, readPolicyFile } from './read-policy-directory.ts';

/** What lies at a path, validated whole, with the set that its valid policies make. */
export interface LoadedPolicySet extends LoadedPolicies {
  /** Only what is valid. Whoever puts it to use must refuse where a problem is an error. */
  readonly policySet: PolicySet;
}

/** What a directory held at a git revision, or why that can't be known. */
export type LoadedPolicySetAt =
  | { readonly kind: 'loaded'; readonly hadDirectory: boolean; readonly loaded: LoadedPolicySet }
  | Extract<DirectoryAt, { readonly kind: 'no_such_revision' | 'no_repository' }>;

/**
 * Reads the policies of a directory, or one policy file with the settings beside it.
 * Throws what the file system throws where the path itself can't be read.
 */
export function loadPolicySet(path: string, catalogue: ActionCatalogue): LoadedPolicySet {
  const isDirectory = statSync(path).isDirectory();
  const files = isDirectory ? readPolicyDirectory(path) : readPolicyFile(path);
  return withPolicySet(loadPolicies(files, catalogue), policyRevision(isDirectory ? path : dirname(path), files));
}

/** The same of a directory as it was at a git revision, from git's objects alone. Files are named as git names them: `main:policies/a.yaml`. */
export function loadPolicySetAt(directory: string, revision: string, catalogue: ActionCatalogue): LoadedPolicySetAt {
  const found = readDirectoryAt(directory, revision, isPolicyFileName);
  if (found.kind === 'no_such_revision' || found.kind === 'no_repository') return found;
  const files = found.kind === 'read' ? found.files : [];
  const policyFiles = files.map(({ name, bytes }) => policyFileOf(`${revision}:${join(directory, name)}`, bytes));
  return { kind: 'loaded', hadDirectory: found.kind === 'read', loaded: withPolicySet(loadPolicies(policyFiles, catalogue), found.commit) };
}

function withPolicySet(loaded: LoadedPolicies, revision: string): LoadedPolicySet {
  const policies = loaded.policies.map(({ policy }) => policy).sort((a, b) => (a.policyId < b.policyId ? -1 : 1));
  return { ...loaded, policySet: { revision, settings: loaded.settings, policies } };
}
