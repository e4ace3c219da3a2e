import { type PrincipalArn, parsePrincipalArn, untouchableReason } from '../../core/principal.ts';

/** A managed policy as it is named where it is attached. */
interface AttachedPolicy {
  readonly name: string;
  readonly path: string;
}

/** A role or user at one moment. */
export interface PrincipalState {
  readonly arn: string;
  /** AWS answers `UnmodifiableEntity` for the others. */
  readonly isModifiable: boolean;
  readonly attached: readonly AttachedPolicy[];
}

/** A customer-managed policy at one moment. */
export interface PolicyState extends AttachedPolicy {
  readonly defaultVersion: string;
  /** How many versions there are: `v1` and so on. */
  readonly versions: number;
  /** SHA-256 of the document of `v1`; those of the others nobody asks for. */
  readonly firstHash: string;
}

/** A policy as a call names it; the path is null where any path will do, since the name alone is unique. */
export interface PolicyRef {
  readonly name: string;
  readonly path: string | null;
}

/** What a call that changes an attachment answers, and whether it changes anything. */
export interface ChangeAnswer {
  readonly answer: 'ok' | 'gone' | 'quota' | 'unmodifiable';
  readonly changes: boolean;
}

const POLICY_ARN = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):policy(\/(?:[\x21-\x2e\x30-\x7e]+\/)*)([\w+=,.@-]{1,128})$/;

/** Throws where the text is no ARN of a role or user: a mistake in the caller. */
export function principalArnOf(arn: string): PrincipalArn {
  const parsed = parsePrincipalArn(arn);
  if (parsed === null) throw new Error(`'${arn}' is no ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/team/ci-deployer.`);
  return parsed;
}

/** Throws where the text is no ARN of a customer-managed policy: a mistake in the caller. */
export function policyArnOf(arn: string): { readonly accountId: string; readonly path: string; readonly name: string } {
  const [, accountId, path, name] = POLICY_ARN.exec(arn) ?? [];
  if (accountId === undefined || path === undefined || name === undefined) {
    throw new Error(`'${arn}' is no ARN of a managed policy, such as arn:aws:iam::111122223333:policy/guardrails/guardrails-ci-0a1b2c3d.`);
  }
  return { accountId, path, name };
}

/** A principal that nothing is attached to. */
export function newPrincipal(arn: string): PrincipalState {
  const reason = untouchableReason(principalArnOf(arn));
  return { arn, isModifiable: reason !== 'service_linked_role' && reason !== 'identity_center_role', attached: [] };
}

/** IAM's names ignore case. */
export function isAttached(principal: PrincipalState, policyName: string): boolean {
  const wanted = policyName.toLowerCase();
  return principal.attached.some(({ name }) => name.toLowerCase() === wanted);
}

/** What a call answers on this view of IAM. Null: there is no such principal or policy. */
export function answerOn(call: 'attach' | 'detach', principal: PrincipalState | null, policy: PolicyState | null, quota: number): ChangeAnswer {
  if (principal === null || policy === null) return { answer: 'gone', changes: false };
  if (!principal.isModifiable) return { answer: 'unmodifiable', changes: false };
  const attached = isAttached(principal, policy.name);
  if (call === 'detach') return attached ? { answer: 'ok', changes: true } : { answer: 'gone', changes: false };
  if (attached) return { answer: 'ok', changes: false };
  return principal.attached.length >= quota ? { answer: 'quota', changes: false } : { answer: 'ok', changes: true };
}

/** The policy, where it is the one that the call names. */
export function named(policy: PolicyState | null, { path }: PolicyRef): PolicyState | null {
  return policy === null || (path !== null && policy.path !== path) ? null : policy;
}
