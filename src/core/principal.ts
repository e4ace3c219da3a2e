export const PRINCIPAL_TYPES = ['iam_role', 'iam_user'] as const;
export type PrincipalType = (typeof PRINCIPAL_TYPES)[number];

/** An IAM role or user by its exact ARN. */
export interface Principal {
  readonly type: PrincipalType;
  readonly arn: string;
}

/** The parts of a role's or user's ARN. */
export interface PrincipalArn {
  readonly partition: string;
  readonly accountId: string;
  readonly type: PrincipalType;
  /** With its slashes: `/` or `/team/ci/`. */
  readonly path: string;
  readonly name: string;
}

const ARN = /^arn:(aws(?:-[a-z]+)*):iam::(\d{12}):(role|user)\/((?:[\x21-\x29\x2b-\x2e\x30-\x3e\x40-\x7e]+\/)*)([\w+=,.@-]{1,64})$/;

/** Reads the ARN of one role or user, of any partition, with or without a path. Wildcards and all else are null. */
export function parsePrincipalArn(arn: string): PrincipalArn | null {
  const [, partition, accountId, kind, path, name] = ARN.exec(arn) ?? [];
  if (partition === undefined || accountId === undefined || path === undefined || name === undefined) return null;
  return { partition, accountId, type: kind === 'role' ? 'iam_role' : 'iam_user', path: `/${path}`, name };
}

/** Why no policy may ever hold this principal; null where one may. */
export type Untouchable = 'service_linked_role' | 'identity_center_role' | 'engine_role' | 'bootstrap_role' | 'break_glass_role';

/**
 * The principals that no settings can open: AWS refuses to change some (service-linked and Identity Center roles, see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, `UnmodifiableEntity`), and to hold the others
 * would take away the engine, the deployment or the way back into the account. IAM's names ignore case, and so does this.
 */
export function untouchableReason(principal: PrincipalArn): Untouchable | null {
  const path = principal.path.toLowerCase();
  const name = principal.name.toLowerCase();
  if (path.startsWith('/aws-service-role/')) return 'service_linked_role';
  if (path.startsWith('/aws-reserved/')) return 'identity_center_role';
  if (principal.type !== 'iam_role') return null;
  if (path.startsWith('/guardrails/')) return 'engine_role';
  if (name.startsWith('cdk-')) return 'bootstrap_role';
  const breakGlass = ['organizationaccountaccessrole', 'awscontroltowerexecution'];
  return breakGlass.includes(name) || name.startsWith('stacksets-exec-') ? 'break_glass_role' : null;
}
