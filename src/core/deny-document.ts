import { sha256Hex } from './content-hash.ts';
import type { Response } from './policy.ts';

/** IAM counts a managed policy's characters without white space. Source: IAM and STS quotas, AWS documentation. */
export const MAX_DOCUMENT_SIZE = 6144;

/** The managed policy that a plan attaches: made by an operator beforehand, never by the running engine. */
export interface DenyDocument {
  /** Unique to the policy and its text: an edit makes another managed policy, it never changes one. */
  readonly name: string;
  readonly json: string;
  /** SHA-256 of `json`. The same in every account and partition, since the text names neither. */
  readonly hash: string;
  /** Characters as IAM counts them. */
  readonly size: number;
}

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Deny';
  readonly Action: readonly string[] | '*';
  readonly Resource: readonly string[] | '*';
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const ENGINE_POLICIES = 'arn:*:iam::*:policy/guardrails/*';

// One entry for each kind of thing that the engine runs on: a target with broad rights could otherwise switch off its own release.
const ENGINE_RESOURCES = [
  'arn:*:iam::*:role/guardrails/*',
  'arn:*:lambda:*:*:function:autoguardrails*',
  'arn:*:dynamodb:*:*:table/autoguardrails*',
  'arn:*:sqs:*:*:autoguardrails*',
  'arn:*:sns:*:*:autoguardrails*',
  'arn:*:scheduler:*:*:schedule/autoguardrails*',
  'arn:*:scheduler:*:*:schedule-group/autoguardrails*',
  'arn:*:events:*:*:rule/autoguardrails*',
  'arn:*:cloudformation:*:*:stack/autoguardrails*',
  'arn:*:ssm:*:*:parameter/guardrails/*',
];

// Ways to act with rights other than one's own: a new or changed identity, a passed role, another session.
const SEALED_ACTIONS = [
  'iam:AddRoleToInstanceProfile',
  'iam:AddUserToGroup',
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:CreatePolicyVersion',
  'iam:CreateRole',
  'iam:CreateServiceSpecificCredential',
  'iam:CreateUser',
  'iam:PassRole',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
  'iam:ResetServiceSpecificCredential',
  'iam:SetDefaultPolicyVersion',
  'iam:UpdateAccessKey',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateLoginProfile',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
  'sts:AssumeRole',
  'sts:GetFederationToken',
];

/**
 * Services whose calls always carry one fixed region, whatever region the work is for: a condition on the region would let them through.
 * Source: the list of exempted services in AWS's example "Deny access to AWS based on the requested Region", AWS Organizations documentation.
 */
const GLOBAL_SERVICES: ReadonlySet<string> = new Set([
  'account',
  'artifact',
  'aws-marketplace',
  'billing',
  'budgets',
  'ce',
  'cloudfront',
  'cur',
  'globalaccelerator',
  'health',
  'iam',
  'importexport',
  'invoicing',
  'networkmanager',
  'organizations',
  'payments',
  'pricing',
  'route53',
  'route53-recovery-control-config',
  'route53-recovery-readiness',
  'route53domains',
  'savingsplans',
  'shield',
  'sts',
  'support',
  'supportplans',
  'tax',
  'trustedadvisor',
  'waf',
]);

/** Writes the one deny document of a policy: what it denies, and the locks that keep its target from undoing it. */
export function buildDenyDocument(input: { readonly policyId: string; readonly response: Extract<Response, { kind: 'deny' }> }): DenyDocument {
  const json = JSON.stringify({ Version: '2012-10-17', Statement: statementsOf(input.response) });
  const hash = sha256Hex(json);
  return { name: `guardrails-${input.policyId}-${hash.slice(0, 8)}`, json, hash, size: json.replace(/\s/g, '').length };
}

/** For the managed policy's description: whoever is stopped by it finds out by what, and how to be let go. */
export function denyPolicyDescription(policyId: string): string {
  return `Attached for a limited time by AutoGuardRails policy ${policyId} after a cost alert. To be let go, ask whoever runs AutoGuardRails in this account (guardrails list, guardrails release).`;
}

function statementsOf(response: Extract<Response, { kind: 'deny' }>): readonly Statement[] {
  return [
    ...spendStatements(response.actions, response.regions),
    {
      Sid: 'AutoGuardRailsHoldStaysAttached',
      Effect: 'Deny',
      Action: ['iam:Attach*Policy', 'iam:Detach*Policy'],
      Resource: '*',
      Condition: { ArnLike: { 'iam:PolicyARN': ENGINE_POLICIES } },
    },
    {
      Sid: 'AutoGuardRailsHoldStaysAsItIs',
      Effect: 'Deny',
      Action: ['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'],
      Resource: [ENGINE_POLICIES],
    },
    { Sid: 'AutoGuardRailsEngineIsOffLimits', Effect: 'Deny', Action: '*', Resource: ENGINE_RESOURCES },
    ...(response.seal ? [{ Sid: 'AutoGuardRailsSeal', Effect: 'Deny', Action: SEALED_ACTIONS, Resource: '*' } as const] : []),
  ];
}

function spendStatements(actions: readonly string[], regions: readonly string[] | null): readonly Statement[] {
  const deny = (sid: string, some: readonly string[]): Statement => ({ Sid: sid, Effect: 'Deny', Action: some, Resource: '*' });
  if (regions === null) return [deny('HeldByAutoGuardRails', actions)];
  const isGlobal = (action: string): boolean => GLOBAL_SERVICES.has(action.slice(0, action.indexOf(':')).toLowerCase());
  const regional = actions.filter((action) => !isGlobal(action));
  const global = actions.filter(isGlobal);
  const inRegions = { ...deny('HeldByAutoGuardRailsInRegions', regional), Condition: { StringEquals: { 'aws:RequestedRegion': regions } } };
  return [...(regional.length > 0 ? [inRegions] : []), ...(global.length > 0 ? [deny('HeldByAutoGuardRails', global)] : [])];
}
