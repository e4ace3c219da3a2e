import { parsePrincipalArn, untouchableReason } from '../../../src/core/principal.ts';

describe('parsePrincipalArn', () => {
  it.each([
    ['arn:aws:iam::111122223333:role/ci-deployer', { partition: 'aws', accountId: '111122223333', type: 'iam_role', path: '/', name: 'ci-deployer' }],
    [
      'arn:aws-us-gov:iam::111122223333:role/team/ci/deploy',
      { partition: 'aws-us-gov', accountId: '111122223333', type: 'iam_role', path: '/team/ci/', name: 'deploy' },
    ],
    [
      'arn:aws-cn:iam::111122223333:user/dev@example.com',
      { partition: 'aws-cn', accountId: '111122223333', type: 'iam_user', path: '/', name: 'dev@example.com' },
    ],
    ['arn:aws-eusc:iam::111122223333:user/a', { partition: 'aws-eusc', accountId: '111122223333', type: 'iam_user', path: '/', name: 'a' }],
  ])('reads %s', (arn, expected) => {
    expect(parsePrincipalArn(arn)).toEqual(expected);
  });

  it.each([
    'arn:aws:iam::111122223333:role/*',
    'arn:aws:iam::111122223333:role/t?am/x',
    'arn:aws:iam::111122223333:role/te*/x',
    'arn:aws:iam::*:role/x',
    'arn:aws:iam::11112222333:role/x',
    'arn:aws:iam::111122223333:root',
    'arn:aws:iam::111122223333:group/x',
    'arn:aws:sts::111122223333:assumed-role/x/y',
    'arn:aws:iam:us-east-1:111122223333:role/x',
    'arn:AWS:iam::111122223333:role/x',
    ' arn:aws:iam::111122223333:role/x',
    'arn:aws:iam::111122223333:role/x\n',
    'arn:aws:iam::111122223333:role/',
    `arn:aws:iam::111122223333:role/${'x'.repeat(65)}`,
  ])('refuses %j', (arn) => {
    expect(parsePrincipalArn(arn)).toBeNull();
  });
});

describe('untouchableReason', () => {
  const reasonOf = (resource: string): string | null => {
    const parsed = parsePrincipalArn(`arn:aws:iam::111122223333:${resource}`);
    return parsed === null ? 'no ARN' : untouchableReason(parsed);
  };

  it.each([
    ['role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling', 'service_linked_role'],
    ['role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef', 'identity_center_role'],
    ['role/guardrails/autoguardrails-enforce', 'engine_role'],
    ['role/Guardrails/enforce', 'engine_role'],
    ['role/cdk-hnb659fds-deploy-role-111122223333-eu-west-1', 'bootstrap_role'],
    ['role/OrganizationAccountAccessRole', 'break_glass_role'],
    ['role/organizationaccountaccessrole', 'break_glass_role'],
    ['role/AWSControlTowerExecution', 'break_glass_role'],
    ['role/stacksets-exec-0123456789', 'break_glass_role'],
    ['role/ci-deployer', null],
    ['role/team/guardrails/x', null],
    ['role/my-cdk-role', null],
    ['role/service-role/codebuild-app', null],
    ['user/cdk-robot', null],
  ])('of %s is %s', (resource, expected) => {
    expect(reasonOf(resource)).toBe(expected);
  });
});
