import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateIamActions } from '../../../../scripts/generate-iam-actions.ts';
import { loadActionCatalogue, parseActionCatalogue } from '../../../../src/adapters/iam-actions/action-catalogue.ts';
import { actionCatalogue } from '../../../support/action-catalogue.ts';

const SMALL = JSON.stringify({
  version: '1.2.3',
  services: {
    ec2: { W: 'RunInstances RunScheduledInstances', L: 'DescribeInstances' },
    es: { W: 'CreateDomain' },
    rds: { W: 'CreateDBInstance', T: 'AddTagsToResource' },
  },
});
const small = parseActionCatalogue(SMALL);

it('finds an exact action whatever its case, with AWS’s own spelling and level', () => {
  expect(small.find('EC2:runinstances')).toEqual([{ name: 'ec2:RunInstances', level: 'write' }]);
  expect(small.find('rds:AddTagsToResource')).toEqual([{ name: 'rds:AddTagsToResource', level: 'tagging' }]);
});

it('finds all that a pattern stands for', () => {
  expect(small.find('ec2:*Instances').map(({ name }) => name)).toEqual(['ec2:DescribeInstances', 'ec2:RunInstances', 'ec2:RunScheduledInstances']);
  expect(small.find('ec2:Run?nstances').map(({ name }) => name)).toEqual(['ec2:RunInstances']);
});

it.each(['ec2:Nothing', 's3:PutObject', 'ec2', '', ':', '*:RunInstances', 'constructor:toString', '__proto__:x'])('finds nothing for %j', (pattern) => {
  expect(small.find(pattern)).toEqual([]);
});

it('answers the same question alike again', () => {
  expect(small.find('ec2:Run*')).toEqual(small.find('ec2:Run*'));
});

it('knows its version and its size', () => {
  expect(small.version).toBe('1.2.3');
  expect(small.actionCount).toBe(6);
});

describe('the nearest action', () => {
  it.each([
    ['ec2:RunInstance', 'ec2:RunInstances'],
    ['ec3:RunInstances', 'ec2:RunInstances'],
    ['s3:RunInstances', 'ec2:RunInstances'],
    ['RunInstances', 'ec2:RunInstances'],
    ['opensearch:CreateDomain', 'es:CreateDomain'],
    ['ec2:RunSchedule*', 'ec2:RunScheduledInstances'],
    ['rdss:*', 'rds:*'],
    ['lambda:Invoke', 'lambda:InvokeFunction'],
  ])('to %s is %s', (wanted, expected) => {
    expect(small.nearest(wanted)[0]).toBe(expected);
  });

  it.each(['ec2:Xyz', 'nobody:Knows', 'constructor:toString', '__proto__:x', '', '*'])('to %j is none', (wanted) => {
    expect(small.nearest(wanted)).toEqual([]);
  });
});

describe('the catalogue of the build', () => {
  it('holds what AWS has, with its levels', () => {
    const catalogue = actionCatalogue();
    expect(catalogue.actionCount).toBeGreaterThan(20_000);
    expect(catalogue.find('ec2:DescribeInstances')[0]?.level).toBe('list');
    expect(catalogue.find('bedrock:InvokeModel')[0]?.level).toBe('read');
    expect(catalogue.find('ec2:CreateTags')[0]?.level).toBe('tagging');
    expect(catalogue.find('iam:AttachRolePolicy')[0]?.level).toBe('permissions');
  });

  it('is the same text each time, small enough to ship, and readable from its file', async () => {
    const text = await generateIamActions();
    expect(text).toBe(await generateIamActions());
    expect(text.length).toBeLessThan(700_000);
    const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
    writeFileSync(join(folder, 'actions.json'), text);
    expect(loadActionCatalogue(join(folder, 'actions.json')).actionCount).toBe(actionCatalogue().actionCount);
    rmSync(folder, { recursive: true });
  });
});

it.each([
  'null',
  '[]',
  '{"version":"1"}',
  '{"version":1,"services":{}}',
  '{"version":"1","services":null}',
  '{"version":"1","services":{"ec2":{"Q":"x"}}}',
  '{"version":"1","services":{"ec2":[1]}}',
  '{',
])('refuses %s', (text) => {
  expect(() => parseActionCatalogue(text)).toThrow();
});
