import { encodePolicySet } from '../../core/compiled-policy-set.ts';
import type { Problem } from '../../core/problem.ts';
import type { ActionCatalogue } from '../iam-actions/action-catalogue.ts';
import { loadPolicySet } from './load-policy-set.ts';

/** Policies ready for a function to read at its start, or why there are none. */
export type Compilation =
  | { readonly kind: 'compiled'; readonly text: string; readonly revision: string; readonly policies: number; readonly problems: readonly Problem[] }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** Compiles a policy directory at its revision. One error anywhere in it refuses the whole: half of a team's policies is not its policy. */
export function compilePolicies(directory: string, catalogue: ActionCatalogue): Compilation {
  const { problems, policySet } = loadPolicySet(directory, catalogue);
  if (problems.some(({ severity }) => severity === 'error')) return { kind: 'refused', problems };
  return { kind: 'compiled', text: encodePolicySet(policySet), revision: policySet.revision, policies: policySet.policies.length, problems };
}
