import { buildDenyDocument, MAX_DOCUMENT_SIZE } from '../../../src/core/deny-document.ts';
import { checkDenyPatterns } from '../../../src/core/deny-pattern.ts';
import { DENY_SET_NAMES, DENY_SETS } from '../../../src/core/deny-sets.ts';
import { actionCatalogue } from '../../support/action-catalogue.ts';

const known = actionCatalogue();

describe.each(DENY_SET_NAMES)('%s', (name) => {
  it.each(DENY_SETS[name].map((pattern) => [pattern]))('%s exists, and stops neither looking nor cleaning up nor scaling down', (pattern) => {
    expect(checkDenyPatterns({ patterns: [{ path: '', pattern }], fromSets: [], allowUnknown: [] }, known)).toEqual([]);
  });

  it('names nothing twice, and is sorted', () => {
    const patterns = DENY_SETS[name].map((pattern, index) => ({ path: `/${index}`, pattern }));
    expect(checkDenyPatterns({ patterns, fromSets: [], allowUnknown: [] }, known)).toEqual([]);
    expect(DENY_SETS[name]).toEqual([...DENY_SETS[name]].sort());
  });

  it('spells its actions as AWS does', () => {
    for (const pattern of DENY_SETS[name].filter((one) => !one.includes('*'))) expect(known.find(pattern)[0]?.name).toBe(pattern);
  });
});

it('all sets together leave room in one sealed document that holds in two regions', () => {
  const actions = [...new Set(Object.values(DENY_SETS).flat())].sort();
  const response = { kind: 'deny', actions, regions: ['ap-southeast-1', 'us-gov-west-1'], seal: true } as const;
  const { size } = buildDenyDocument({ policyId: 'x'.repeat(64), response });
  expect(size).toBeLessThan(MAX_DOCUMENT_SIZE - 500);
});

// From AWS's quarantine policy for leaked keys, and from what it misses.
it.each([
  ['new_compute', 'ec2:RunInstances'],
  ['new_compute', 'ec2:RequestSpotInstances'],
  ['new_compute', 'ec2:RequestSpotFleet'],
  ['new_compute', 'ec2:StartInstances'],
  ['new_compute', 'ec2:CreateFleet'],
  ['new_compute', 'ec2:AllocateHosts'],
  ['new_compute', 'ec2:CreateNatGateway'],
  ['new_compute', 'lambda:CreateFunction'],
  ['new_compute', 'ecs:CreateService'],
  ['new_compute', 'lightsail:CreateInstances'],
  ['new_compute', 'glue:CreateJob'],
  ['new_compute', 'codebuild:CreateProject'],
  ['commitments', 'ec2:PurchaseReservedInstancesOffering'],
  ['commitments', 'ec2:PurchaseHostReservation'],
  ['commitments', 'ec2:PurchaseCapacityBlock'],
  ['commitments', 'savingsplans:CreateSavingsPlan'],
  ['commitments', 'rds:PurchaseReservedDBInstancesOffering'],
  ['commitments', 'dynamodb:PurchaseReservedCapacityOfferings'],
  ['genai', 'bedrock:InvokeModel'],
  ['genai', 'bedrock:InvokeModelWithResponseStream'],
  ['genai', 'bedrock:CreateProvisionedModelThroughput'],
  ['genai', 'bedrock:CreateModelCustomizationJob'],
  ['genai', 'sagemaker:CreateEndpoint'],
] as const)('%s denies %s', (name, action) => {
  expect(DENY_SETS[name].flatMap((pattern) => known.find(pattern).map((found) => found.name))).toContain(action);
});
