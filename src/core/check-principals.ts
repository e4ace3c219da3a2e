import { globMatchesIgnoringCase } from './glob.ts';
import { type PolicyDraft, type PrincipalDraft, readItems } from './policy-draft.ts';
import type { Settings } from './policy-set.ts';
import { type PrincipalArn, parsePrincipalArn, type Untouchable, untouchableReason } from './principal.ts';
import { childPath, errorAt, type Finding, noteAt, quoted, warningAt } from './problem.ts';

const LIST = '/scope/principals';

/** Why nobody may hold such a principal, to follow its ARN in a sentence. */
export const UNTOUCHABLE: Readonly<Record<Untouchable, string>> = {
  service_linked_role: 'is a service-linked role: AWS lets nobody change it',
  identity_center_role: 'is a role of IAM Identity Center: AWS lets nobody change it outside Identity Center',
  engine_role: 'is a role of this engine: held, it could let nobody go again',
  bootstrap_role: 'is a role that CDK deploys with: held, nothing could be deployed, the cure included',
  break_glass_role: 'is the way back into the account: held, nobody could put things right',
};

const EXAMPLE = 'such as "arn:aws:iam::123456789012:role/ci-deployer"';

/** What is wrong with the principals that the policy would hold. */
export function checkPrincipals(draft: PolicyDraft, settings: Settings): readonly Finding[] {
  const denies = readItems(draft.actions).some((action) => action.kind === 'deny');
  if (draft.principals.length === 0) {
    if (!denies) return [];
    return [
      errorAt(LIST, 'no_principals', 'The list is empty, so nobody could be held; expected at least one role or user, or notify_only as the only action.'),
    ];
  }
  const each = draft.principals.flatMap((principal, index) => (principal === null ? [] : checkPrincipal(principal, childPath(LIST, index), draft, settings)));
  return [...each, ...checkDuplicates(draft.principals), ...checkAccounts(draft.principals)];
}

function checkPrincipal({ type, arn }: PrincipalDraft, path: string, draft: PolicyDraft, settings: Settings): readonly Finding[] {
  if (arn === null) return [];
  const arnPath = childPath(path, 'arn');
  const parsed = parsePrincipalArn(arn);
  if (parsed === null) return [unreadableArn(arn, arnPath)];
  return [...checkType(type, parsed, path), ...checkProtection(arn, parsed, arnPath, draft, settings)];
}

/** For an ARN that `parsePrincipalArn` can't read: what it is, as far as that can be told, and what was expected. */
export function unreadableArn(arn: string, path: string): Finding {
  const shown = quoted(arn);
  if (/^arn:[a-z-]+:iam::\d{12}:root$/.test(arn)) {
    return errorAt(path, 'root_principal', `${shown} is the root of an account, which no policy can hold; expected a role or a user, ${EXAMPLE}.`);
  }
  if (/[*?]/.test(arn)) {
    return errorAt(path, 'wildcard_principal', `${shown} has a wildcard; expected the exact ARN of one role or user, ${EXAMPLE}. Name each one.`);
  }
  const session = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  const hint =
    session === null ? '' : ` This is a session; name its role: "arn:${session[1]}:iam::${session[2]}:role/${session[3]}", with the role's path if it has one.`;
  return errorAt(path, 'invalid_principal_arn', `${shown} is not the ARN of a role or user; expected one ${EXAMPLE}.${hint}`);
}

function checkType(type: PrincipalDraft['type'], parsed: PrincipalArn, path: string): readonly Finding[] {
  if (type === null || type === parsed.type) return [];
  return [
    errorAt(
      childPath(path, 'type'),
      'principal_type_mismatch',
      `type is ${type}, but the ARN names an ${parsed.type}. Write type: ${parsed.type}, or correct the ARN.`,
    ),
  ];
}

function checkProtection(arn: string, parsed: PrincipalArn, path: string, draft: PolicyDraft, settings: Settings): readonly Finding[] {
  const untouchable = untouchableReason(parsed);
  if (untouchable !== null) return [errorAt(path, 'untouchable_principal', `${arn} ${UNTOUCHABLE[untouchable]}. Take it out.`)];
  const protectedBy = settings.protectedPrincipals.find((glob) => globMatchesIgnoringCase(glob, arn));
  if (protectedBy !== undefined) {
    return [
      errorAt(
        path,
        'protected_principal',
        `${arn} is protected by ${quoted(protectedBy)} in protected_principals of settings.yaml. Take it out here, or change it there.`,
      ),
    ];
  }
  const exceptedBy = readItems(draft.exceptions.principals).find((glob) => globMatchesIgnoringCase(glob, arn));
  if (exceptedBy === undefined) return [];
  return [
    warningAt(path, 'excepted_principal', `exceptions.principals excepts ${arn} by ${quoted(exceptedBy)}, so it is never held. Take it out of one of them.`),
  ];
}

function checkDuplicates(principals: readonly (PrincipalDraft | null)[]): readonly Finding[] {
  const arns = principals.map((principal) => principal?.arn?.toLowerCase());
  return arns.flatMap((arn, index) => {
    const first = arns.indexOf(arn);
    if (arn === undefined || first === index) return [];
    return [
      errorAt(
        childPath(LIST, index, 'arn'),
        'duplicate_principal',
        `This principal is entry ${first + 1} of the list already (IAM ignores case). Take one of them out.`,
      ),
    ];
  });
}

function checkAccounts(principals: readonly (PrincipalDraft | null)[]): readonly Finding[] {
  const accounts = new Set(readItems(principals).flatMap(({ arn }) => (arn === null ? [] : [parsePrincipalArn(arn)?.accountId ?? ''])));
  const named = [...accounts].filter((account) => account !== '');
  if (named.length < 2) return [];
  return [
    noteAt(
      LIST,
      'several_accounts',
      `The principals belong to ${named.length} accounts (${named.join(', ')}). The engine only holds those of the account that it is deployed in.`,
    ),
  ];
}
