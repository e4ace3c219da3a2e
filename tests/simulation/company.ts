import { buildDenyDocument } from '../../src/core/deny-document.ts';
import type { Policy } from '../../src/core/policy.ts';
import { indexPolicies, type PolicyIndex } from '../../src/core/policy-index.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/policy-set.ts';
import type { Principal } from '../../src/core/principal.ts';
import { aPolicy } from '../support/builders.ts';

export const ACCOUNT = '111122223333';
const role = (path: string): Principal => ({ type: 'iam_role', arn: `arn:aws:iam::${ACCOUNT}:role/${path}` });
const user = (path: string): Principal => ({ type: 'iam_user', arn: `arn:aws:iam::${ACCOUNT}:user/${path}` });

/** Those who exist and may be held. */
export const PRINCIPALS: readonly string[] = [role('ci-deployer'), role('team/batch'), role('genai'), role('sandbox'), user('robot')].map(({ arn }) => arn);
const ADMIN = role('admin').arn;
/** It has the name of a principal that a policy names, under another path. */
const LOOK_ALIKE = role('other/lookalike').arn;
/** Those who exist too, and must never be held. */
export const NEVER_HELD: readonly string[] = [ADMIN, LOOK_ALIKE];

/** The same name under another path: another principal. IAM has room for one of them at a time. */
export function movedArn(arn: string): string {
  return arn.replace(/^(.*:(?:role|user)\/)(?:.*\/)?([^/]+)$/, '$1moved/$2');
}

const deny = (...actions: readonly string[]) => ({ kind: 'deny', actions, regions: null, seal: false }) as const;
const budget = (name: string) => ({ sources: ['budgets'], accountIds: [ACCOUNT], budgetNames: [name] }) as const;

/** The people who may answer. */
export const APPROVERS = ['slack:UALICE', 'slack:UBOB', 'slack:UCAROL'] as const;
const two = { approvers: APPROVERS, minApprovals: 2, expiresMinutes: 20 };
const one = { ...two, minApprovals: 1 };

/** Held so often and so briefly that holds end, begin and overlap all the time; one for long enough to be looked at now and then. */
export const POLICIES: readonly Policy[] = [
  aPolicy(
    { policyId: 'auto-ci', mode: 'auto', ttlMinutes: 12, principals: [role('ci-deployer'), role('team/batch')], response: deny('ec2:RunInstances') },
    budget('ci'),
  ),
  aPolicy(
    { policyId: 'auto-overlap', mode: 'auto', ttlMinutes: 90, principals: [role('ci-deployer'), role('genai')], response: deny('ec2:CreateFleet') },
    budget('overlap'),
  ),
  aPolicy(
    { policyId: 'auto-any', mode: 'auto', ttlMinutes: 7, principals: [role('sandbox')], response: deny('rds:CreateDBInstance') },
    { sources: ['budgets'], accountIds: [ACCOUNT] },
  ),
  aPolicy(
    {
      policyId: 'manual-one',
      mode: 'manual',
      ttlMinutes: 15,
      principals: [role('team/batch'), role('genai')],
      response: deny('eks:CreateCluster'),
      approval: one,
    },
    budget('ci'),
  ),
  aPolicy(
    {
      policyId: 'manual-two',
      mode: 'manual',
      ttlMinutes: 0,
      principals: [role('sandbox'), role('other/gone')],
      response: deny('lambda:CreateFunction'),
      approval: two,
    },
    budget('overlap'),
  ),
  aPolicy({ policyId: 'auto-lookalike', mode: 'auto', ttlMinutes: 30, principals: [role('lookalike')], response: deny('glue:CreateJob') }, budget('ci')),
  aPolicy(
    {
      policyId: 'auto-exempt',
      mode: 'auto',
      ttlMinutes: 25,
      principals: [user('robot'), role('genai')],
      response: deny('ecs:CreateService'),
      exceptions: { accountIds: [], principals: ['*:role/genai'], timeWindows: [] },
    },
    budget('other'),
  ),
  aPolicy({ policyId: 'tell', mode: 'dry_run', principals: [role('ci-deployer')], response: deny('ec2:RunInstances') }, budget('ci')),
].map((policy) => (policy.mode === 'auto' ? { ...policy, approval: one } : policy));

/** By hand nobody extends a hold for longer, in minutes; nor do further alerts. */
export const MAX_TTL_MINUTES = 120;

const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  maxTtlMinutes: MAX_TTL_MINUTES,
  breaker: { maxQuarantines: 6, perMinutes: 25 },
  protectedPrincipals: ['arn:aws:iam::*:role/admin'],
};

const revised = (policyId: string, changes: Partial<Policy>): readonly Policy[] =>
  POLICIES.map((policy) => (policy.policyId === policyId ? { ...policy, ...changes } : policy));

/** What a deploy may change: nothing, a TTL, who is held, what is denied, a policy switched off or gone, somebody protected. */
export const REVISIONS: readonly PolicyIndex[] = [
  { policies: POLICIES, settings: SETTINGS },
  { policies: revised('auto-ci', { ttlMinutes: 18 }), settings: SETTINGS },
  // Over before IAM has settled.
  { policies: revised('auto-any', { ttlMinutes: 3 }), settings: SETTINGS },
  { policies: revised('auto-overlap', { principals: [role('genai')] }), settings: SETTINGS },
  { policies: revised('manual-one', { response: deny('eks:CreateNodegroup') }), settings: SETTINGS },
  { policies: revised('auto-any', { enabled: false }), settings: SETTINGS },
  { policies: POLICIES.filter(({ policyId }) => policyId !== 'auto-overlap'), settings: SETTINGS },
  { policies: POLICIES, settings: { ...SETTINGS, protectedPrincipals: [...SETTINGS.protectedPrincipals, 'arn:aws:iam::*:role/genai'] } },
].map(({ policies, settings }, revision) => indexPolicies({ revision: `revision-${revision}`, settings, policies }));

/** How many principals `auto` may hold within how many minutes: the same in every revision. */
export const BREAKER = SETTINGS.breaker;

/** Every deny policy that some revision names, as an operator made it beforehand: its document, by its name. */
export const DENY_POLICIES: ReadonlyMap<string, string> = new Map(
  [...POLICIES, ...REVISIONS.flatMap(({ prepared }) => prepared.map(({ policy }) => policy))].flatMap(({ policyId, response }) => {
    if (response.kind === 'notify_only') return [];
    const { name, json } = buildDenyDocument({ policyId, response });
    return [[name, json] as const];
  }),
);

/** The principal that a policy names and its exceptions exempt, with that policy's deny policies. */
export const EXEMPT = { arn: role('genai').arn, denyPolicyPrefix: 'guardrails-auto-exempt-' };

/** The ARN of a managed policy of the account. */
export function policyArn(name: string, path = '/guardrails/'): string {
  return `arn:aws:iam::${ACCOUNT}:policy${path}${name}`;
}

/** An alert of AWS Budgets as it arrives. */
export function budgetsAlert(budgetName: string, dollars: string, day: number, alertType: 'ACTUAL' | 'FORECASTED'): string {
  return [
    `AWS Budget Notification March ${String(day).padStart(2, '0')}, 2026`,
    `AWS Account ${ACCOUNT}`,
    '',
    `Budget Name: ${budgetName}`,
    'Budget Type: Cost',
    'Budgeted Amount: $200.00',
    `Alert Type: ${alertType}`,
    'Alert Threshold: > $160.00',
    `${alertType} Amount: $${dollars}`,
  ].join('\n');
}
