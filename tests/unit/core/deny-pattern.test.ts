import fc from 'fast-check';
import {
  checkAllowedActions,
  checkDenyPatterns,
  type DenyList,
  expandActions,
  matchesActionPattern,
  SCALES_BOTH_WAYS,
} from '../../../src/core/deny-pattern.ts';
import { actionCatalogue } from '../../support/action-catalogue.ts';

const known = actionCatalogue();

function check(patterns: readonly string[], more: Partial<DenyList> = {}): readonly string[] {
  const placed = patterns.map((pattern, index) => ({ path: `/${index}`, pattern }));
  return checkDenyPatterns({ patterns: placed, fromSets: [], allowUnknown: [], ...more }, known).map(
    ({ path, severity, code }) => `${path} ${severity} ${code}`,
  );
}

function messagesFor(pattern: string): readonly string[] {
  return checkDenyPatterns({ patterns: [{ path: '', pattern }], fromSets: [], allowUnknown: [] }, known).map(({ message }) => message);
}

describe('matchesActionPattern', () => {
  it.each([
    ['ec2:RunInstances', 'EC2:runinstances', true],
    ['ec2:Run*', 'ec2:RunInstances', true],
    ['ec2:*Instances', 'ec2:RunInstances', true],
    ['ec2:*n*n*', 'ec2:RunInstances', true],
    ['ec2:Run?nstances', 'ec2:RunInstances', true],
    ['ec2:Run?', 'ec2:RunInstances', false],
    ['ec2:Run*', 'ec2:StartInstances', false],
    ['ec2:RunInstances*', 'ec2:RunInstances', true],
    ['ec2:RunInstances?', 'ec2:RunInstances', false],
    ['', '', true],
    ['*', '', true],
    ['a', '', false],
  ])('%s and %s: %s', (pattern, action, expected) => {
    expect(matchesActionPattern(pattern, action)).toBe(expected);
  });

  it.each([
    ['ec2:*', 'ec2:Run*', true],
    ['ec2:Run*', 'ec2:*', false],
    ['ec2:R?n*', 'ec2:Run*', true],
    ['ec2:?*', 'ec2:*', false],
    ['ec2:Run?', 'ec2:Run*', false],
    ['ec2:Run*', 'ec2:Run?', true],
  ])('%s covers %s: %s', (pattern, other, expected) => {
    expect(matchesActionPattern(pattern, other)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const letters = (characters: readonly string[]) => fc.array(fc.constantFrom(...characters), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(letters(['a', 'b', '*', '?']), letters(['a', 'b']), (pattern, action) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesActionPattern(pattern, action)).toBe(expression.test(action));
      }),
    );
  });

  it('answers at once where a regular expression would go back and forth', () => {
    const start = process.hrtime.bigint();
    expect(matchesActionPattern('*a'.repeat(60), `${'a'.repeat(5000)}b`)).toBe(false);
    expect(process.hrtime.bigint() - start).toBeLessThan(500_000_000n);
  });
});

describe('a pattern by itself', () => {
  it.each([
    'ec2:RunInstances',
    'ec2:Run*',
    'EC2:runinstances',
    'bedrock:InvokeModel*',
    'sagemaker:InvokeEndpoint',
    's3:PutObject',
    'ec2:AllocateAddress',
    'lambda:Create?unction',
  ])('%s may be denied', (pattern) => {
    expect(check([pattern])).toEqual([]);
  });

  it.each(['*', '*:*'])('%s denies everything', (pattern) => {
    expect(check([pattern])).toEqual(['/0 error denies_everything']);
  });

  it.each([
    '',
    'ec2',
    ':RunInstances',
    'ec2:',
    'ec2 :RunInstances',
    'ec2:Run Instances',
    '*:RunInstances',
    'e?2:RunInstances',
    'ec2:Run:Instances',
    `ec2:${'*a'.repeat(200)}`,
  ])('%j is malformed', (pattern) => {
    expect(check([pattern])).toEqual(['/0 error malformed_action']);
  });

  it.each([
    'ec2:TerminateInstances',
    'ec2:StopInstances',
    's3:DeleteBucket',
    'ec2:ReleaseAddress',
    'batch:CancelJob',
    'ec2:DeregisterImage',
    'rds:RemoveTagsFromResource',
  ])('%s would stop cleaning up', (pattern) => {
    expect(check([pattern])).toEqual(['/0 error denies_cleanup']);
  });

  it.each([
    's3:GetObject',
    's3:ListBucket',
    'ec2:DescribeInstances',
    'dynamodb:BatchGetItem',
    'cloudtrail:LookupEvents',
    'sagemaker:Search',
    'aws-portal:ViewBilling',
  ])('%s would stop looking', (pattern) => {
    expect(check([pattern])).toEqual(['/0 error denies_looking']);
  });

  it('says how many actions it would stop, and names three', () => {
    expect(messagesFor('ec2:Terminate*')).toEqual([expect.stringContaining('(ec2:TerminateClientVpnConnections, ec2:TerminateInstances)')]);
    expect(messagesFor('ec2:Stop*')[0]).not.toContain('actions, such as');
    expect(messagesFor('ec2:Delete*')[0]).toMatch(/\(\d{2,3} actions, such as ec2:Delete\w+, ec2:Delete\w+, ec2:Delete\w+\)/);
  });

  it('doesn’t warn of scaling where the pattern is refused anyway', () => {
    expect(check(['autoscaling:*'])).toEqual(['/0 error denies_looking', '/0 error denies_cleanup']);
  });

  it('names the action that was meant', () => {
    expect(messagesFor('ec2:RunInstance')[0]).toContain('Did you mean "ec2:RunInstances"?');
    expect(messagesFor('ec2:CreateDBInstance')[0]).toContain('Did you mean "rds:CreateDBInstance"');
    expect(messagesFor('ec22:Run*')[0]).toContain('Did you mean "ec2:RunInstances"');
    expect(messagesFor('nothing:LikeThis')[0]).not.toContain('Did you mean');
  });

  it('shows an endless pattern only in part', () => {
    expect(messagesFor('x'.repeat(5000))[0]?.length).toBeLessThan(400);
  });
});

describe('an action that settings allow although it is unknown', () => {
  it('passes by its exact name, whatever its case, and no other', () => {
    const allowUnknown = ['ec2:RunQuantumInstances'];
    expect(check(['EC2:RunQuantumInstances'], { allowUnknown })).toEqual([]);
    expect(check(['ec2:RunQuantumInstance', 'ec2:RunQuantum*'], { allowUnknown })).toEqual(['/0 error unknown_action', '/1 error matches_nothing']);
  });

  it('is refused where its name says that it looks or cleans up', () => {
    expect(check(['ec2:ListQuantumInstances', 'ec2:StopQuantumInstances'], { allowUnknown: ['ec2:ListQuantumInstances', 'ec2:StopQuantumInstances'] })).toEqual(
      ['/0 error denies_looking', '/1 error denies_cleanup'],
    );
  });

  it('is warned of once it is known', () => {
    const findings = checkAllowedActions('/allow', ['ec2:RunQuantumInstances', null, 'ec2:runinstances'], known);
    expect(findings.map(({ path, code }) => `${path} ${code}`)).toEqual(['/allow/2 allowed_action_known']);
    expect(findings[0]?.message).toContain('ec2:RunInstances');
  });
});

describe('patterns beside each other', () => {
  it('warns of what another one covers', () => {
    expect(check(['ec2:Run*', 'ec2:RunInstances'])).toEqual(['/1 warning redundant_action']);
    expect(check(['ec2:RunInstances', 'ec2:Run*'])).toEqual(['/0 warning redundant_action']);
    expect(check(['ec2:RunInstances', 'ec2:runInstances', 'ec2:RunInstances'])).toEqual(['/1 warning redundant_action', '/2 warning redundant_action']);
  });

  it('warns of what a deny set holds', () => {
    expect(check(['ec2:RunInstances'], { fromSets: ['ec2:Run*'] })).toEqual(['/0 warning redundant_action']);
  });

  it('lets a refused pattern cover nothing', () => {
    expect(check(['ec2:*', 'ec2:RunInstances'])).toEqual(['/0 error denies_looking', '/0 error denies_cleanup']);
  });
});

it('spells patterns out by AWS’s names, each once', () => {
  expect(expandActions(['ec2:runinstances', 'ec2:Run*', 'ec2:RunQuantumInstances'], known)).toEqual([
    'ec2:RunInstances',
    'ec2:RunQuantumInstances',
    'ec2:RunScheduledInstances',
  ]);
});

describe('the actions that scale both ways', () => {
  it.each(SCALES_BOTH_WAYS)('%s exists, by this name, and is only warned of', (action) => {
    expect(known.find(action).map(({ name }) => name)).toEqual([action]);
    expect(check([action])).toEqual(['/0 warning scales_both_ways']);
  });
});
