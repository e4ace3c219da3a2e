import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PolicySet } from '../../core/policy-set.ts';
import { policyRevision } from '../git/policy-revision.ts';
import type { ActionCatalogue } from '../iam-actions/action-catalogue.ts';
import { type LoadedPolicies, loadPolicies } from './load-policies.ts';
import { readPolicyDirectory, readPolicyFile } from './read-policy-directory.ts';

/** What lies at a path, validated whole, with the set that its valid policies make. */
export interface LoadedPolicySet extends LoadedPolicies {
  /** Only what is valid. Whoever puts it to use must refuse where a problem is an error. */
  readonly policySet: PolicySet;
}

/**
 * Reads the policies of a directory, or one policy file with the settings beside it.
 * Throws what the file system throws where the path itself can't be read.
 */
export function loadPolicySet(path: string, catalogue: ActionCatalogue): LoadedPolicySet {
  const isDirectory = statSync(path).isDirectory();
  const files = isDirectory ? readPolicyDirectory(path) : readPolicyFile(path);
  const loaded = loadPolicies(files, catalogue);
  const policies = loaded.policies.map(({ policy }) => policy).sort((a, b) => (a.policyId < b.policyId ? -1 : 1));
  const revision = policyRevision(isDirectory ? path : dirname(path), files);
  return { ...loaded, policySet: { revision, settings: loaded.settings, policies } };
}
