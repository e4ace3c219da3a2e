import { canonicalJson, sha256Hex } from './content-hash.ts';
import { buildDenyDocument } from './deny-document.ts';
import type { Policy } from './policy.ts';
import type { Principal } from './principal.ts';

/** Exactly what would be done: which deny policy, on whom, for how long. What people approve is this, by its hash. */
export interface Plan {
  readonly policyId: string;
  readonly denyPolicyName: string;
  /** SHA-256 of the deny document. */
  readonly documentHash: string;
  /** Ordered by ARN. */
  readonly principals: readonly Principal[];
  /** Minutes; 0 means until released by hand. */
  readonly ttlMinutes: number;
  /** SHA-256 of all of the above. Equal plans have equal hashes; any difference makes another one. */
  readonly planHash: string;
}

/** The plan of a policy for the principals that its exceptions leave; null where the policy only notifies. */
export function planFor(policy: Policy, principals: readonly Principal[]): Plan | null {
  if (policy.response.kind === 'notify_only') return null;
  const document = buildDenyDocument({ policyId: policy.policyId, response: policy.response });
  const content = {
    policyId: policy.policyId,
    denyPolicyName: document.name,
    documentHash: document.hash,
    principals: [...principals].map(({ type, arn }) => ({ type, arn })).sort((a, b) => (a.arn < b.arn ? -1 : 1)),
    ttlMinutes: policy.ttlMinutes,
  };
  return { ...content, planHash: sha256Hex(canonicalJson(content)) };
}
