import { buildDenyDocument, denyPolicyDescription, MAX_DOCUMENT_SIZE } from '../../../src/core/deny-document.ts';
import type { Response } from '../../../src/core/policy.ts';

type Deny = Extract<Response, { kind: 'deny' }>;
const response = (changes: Partial<Deny> = {}): Deny => ({ kind: 'deny', actions: ['ec2:RunInstances'], regions: null, seal: false, ...changes });
const statementsOf = (changes: Partial<Deny> = {}): readonly Record<string, unknown>[] =>
  JSON.parse(buildDenyDocument({ policyId: 'ci', response: response(changes) }).json).Statement;

describe('buildDenyDocument', () => {
  it('denies the actions everywhere, and locks itself, its versions and the engine', () => {
    expect(statementsOf()).toEqual([
      { Sid: 'HeldByAutoGuardRails', Effect: 'Deny', Action: ['ec2:RunInstances'], Resource: '*' },
      {
        Sid: 'AutoGuardRailsHoldStaysAttached',
        Effect: 'Deny',
        Action: ['iam:Attach*Policy', 'iam:Detach*Policy'],
        Resource: '*',
        Condition: { ArnLike: { 'iam:PolicyARN': 'arn:*:iam::*:policy/guardrails/*' } },
      },
      {
        Sid: 'AutoGuardRailsHoldStaysAsItIs',
        Effect: 'Deny',
        Action: ['iam:CreatePolicyVersion', 'iam:DeletePolicy', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'],
        Resource: ['arn:*:iam::*:policy/guardrails/*'],
      },
      {
        Sid: 'AutoGuardRailsEngineIsOffLimits',
        Effect: 'Deny',
        Action: '*',
        Resource: expect.arrayContaining(['arn:*:iam::*:role/guardrails/*', 'arn:*:ssm:*:*:parameter/guardrails/*']),
      },
    ]);
  });

  it('puts actions of global services into a statement without the region, where they would slip through', () => {
    const [regional, global] = statementsOf({ actions: ['ec2:RunInstances', 'savingsplans:CreateSavingsPlan'], regions: ['eu-west-1'] });
    expect(regional).toEqual({
      Sid: 'HeldByAutoGuardRailsInRegions',
      Effect: 'Deny',
      Action: ['ec2:RunInstances'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': ['eu-west-1'] } },
    });
    expect(global).toEqual({ Sid: 'HeldByAutoGuardRails', Effect: 'Deny', Action: ['savingsplans:CreateSavingsPlan'], Resource: '*' });
  });

  it('leaves out a statement that would deny nothing', () => {
    expect(statementsOf({ regions: ['eu-west-1'] }).map(({ Sid }) => Sid)).not.toContain('HeldByAutoGuardRails');
    expect(statementsOf({ actions: ['route53domains:RegisterDomain'], regions: ['eu-west-1'] }).map(({ Sid }) => Sid)).not.toContain(
      'HeldByAutoGuardRailsInRegions',
    );
  });

  it('closes the indirect ways only on request', () => {
    expect(statementsOf().map(({ Sid }) => Sid)).not.toContain('AutoGuardRailsSeal');
    const seal = statementsOf({ seal: true }).find(({ Sid }) => Sid === 'AutoGuardRailsSeal');
    expect(seal).toEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Resource: '*',
        Action: expect.arrayContaining(['iam:CreateRole', 'iam:PassRole', 'iam:CreateAccessKey', 'sts:AssumeRole']),
      }),
    );
  });

  it('has Sids that IAM takes, each once', () => {
    const sids = statementsOf({ seal: true, regions: ['eu-west-1'], actions: ['ec2:RunInstances', 'savingsplans:CreateSavingsPlan'] }).map(({ Sid }) =>
      String(Sid),
    );
    expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
    expect(new Set(sids).size).toBe(6);
  });

  it('is named after its policy and its text: the same again for the same, another for any change', () => {
    const document = buildDenyDocument({ policyId: 'ci', response: response() });
    expect(document.name).toBe(`guardrails-ci-${document.hash.slice(0, 8)}`);
    expect(buildDenyDocument({ policyId: 'ci', response: response() })).toEqual(document);
    const changed = [{ actions: ['ec2:RunInstances', 'ec2:StartInstances'] }, { regions: ['eu-west-1'] }, { seal: true }];
    const hashes = changed.map((change) => buildDenyDocument({ policyId: 'ci', response: response(change) }).hash);
    expect(new Set([document.hash, ...hashes]).size).toBe(4);
  });

  it('leaves most of what IAM allows to the denied actions', () => {
    expect(buildDenyDocument({ policyId: 'ci', response: response() }).size).toBeLessThan(MAX_DOCUMENT_SIZE / 4);
    expect(buildDenyDocument({ policyId: 'ci', response: response({ seal: true }) }).size).toBeLessThan(MAX_DOCUMENT_SIZE / 2);
  });
});

describe('denyPolicyDescription', () => {
  it('tells a stopped engineer whom to ask, within what IAM takes', () => {
    const description = denyPolicyDescription('x'.repeat(64));
    expect(description).toContain('x'.repeat(64));
    expect(description.length).toBeLessThanOrEqual(1000);
  });
});
