import { IamDirectory } from '../../../../src/adapters/memory/iam-directory.ts';
import { testClock } from '../../../support/test-clock.ts';

const ROLE = 'arn:aws:iam::111122223333:role/team/ci-deployer';
const USER = 'arn:aws:iam::111122223333:user/ci-deployer';
const POLICY = 'arn:aws:iam::111122223333:policy/guardrails/guardrails-ci-0a1b2c3d';
const NAME = 'guardrails-ci-0a1b2c3d';

function aDirectory() {
  const clock = testClock();
  return { clock, directory: new IamDirectory({ now: clock.now }) };
}

describe('the memory IAM in the hands of people', () => {
  it('logs every change, and nothing that changed nothing', () => {
    const { clock, directory } = aDirectory();
    const done = [directory.createPrincipal(ROLE), directory.createPrincipal(ROLE), directory.createPolicy(POLICY, 'a'), directory.createPolicy(POLICY, 'b')];
    clock.pass(1000);
    done.push(directory.humanAttach(ROLE, NAME), directory.humanAttach(ROLE, NAME), directory.humanDetach(USER, NAME), directory.humanDetach(ROLE, NAME));
    done.push(directory.humanDetach(ROLE, NAME), directory.deletePrincipal(USER), directory.deletePrincipal(ROLE), directory.deletePrincipal(ROLE));
    expect(done).toEqual([true, false, true, false, true, false, false, true, false, false, true, false]);
    const before = '2026-01-15T12:00:00.000Z';
    const after = '2026-01-15T12:00:01.000Z';
    expect(directory.changes()).toEqual([
      { at: before, by: 'human', what: 'principal_created', principalArn: ROLE, policyName: null },
      { at: before, by: 'human', what: 'policy_created', principalArn: null, policyName: NAME },
      { at: after, by: 'human', what: 'attached', principalArn: ROLE, policyName: NAME },
      { at: after, by: 'human', what: 'detached', principalArn: ROLE, policyName: NAME },
      { at: after, by: 'human', what: 'principal_deleted', principalArn: ROLE, policyName: null },
    ]);
  });

  it('takes the attachments of a principal away with it', () => {
    const { directory } = aDirectory();
    directory.createPrincipal(ROLE);
    directory.createPolicy(POLICY, 'a');
    directory.humanAttach(ROLE, NAME);
    expect(directory.principals()).toMatchObject([{ arn: ROLE, attached: [{ name: NAME, path: '/guardrails/' }] }]);
    expect(directory.deletePrincipal(ROLE)).toBe(true);
    expect(
      directory
        .changes()
        .map(({ what }) => what)
        .slice(-2),
    ).toEqual(['detached', 'principal_deleted']);
    expect(directory.principals()).toEqual([]);
    directory.createPrincipal(ROLE);
    expect(directory.isAttachedNow(ROLE, NAME)).toBe(false);
  });

  it('does not delete the principal that has the name under another path', () => {
    const { directory } = aDirectory();
    directory.createPrincipal(ROLE);
    expect(directory.deletePrincipal('arn:aws:iam::111122223333:role/ci-deployer')).toBe(false);
    expect(directory.principals()).toHaveLength(1);
  });

  it('keeps a policy for as long as somebody wears it', () => {
    const { directory } = aDirectory();
    directory.createPrincipal(ROLE);
    directory.createPolicy(POLICY, 'a');
    directory.createPolicy(POLICY.replace('111122223333', '444455556666'), 'a');
    directory.humanAttach(ROLE, NAME);
    expect([directory.deletePolicy(POLICY), directory.deletePolicy(POLICY.replace('111122223333', '444455556666'))]).toEqual([false, true]);
    directory.humanDetach(ROLE, NAME);
    expect([directory.deletePolicy(POLICY), directory.deletePolicy(POLICY)]).toEqual([true, false]);
    expect(directory.humanAttach(ROLE, NAME)).toBe(false);
  });

  it('gives a policy at most five versions, of which one is the default', () => {
    const { directory } = aDirectory();
    expect(directory.addPolicyVersion(POLICY, true)).toBe(false);
    directory.createPolicy(POLICY, 'a');
    expect([true, false, false, false, false].map((asDefault) => directory.addPolicyVersion(POLICY, asDefault))).toEqual([true, true, true, true, false]);
    expect(directory.policy('111122223333', NAME).current).toMatchObject({ defaultVersion: 'v2', versions: 5 });
    expect([6, 2, 5].map((version) => directory.setDefaultVersion(POLICY, version))).toEqual([false, false, true]);
    expect(directory.policy('111122223333', NAME).current).toMatchObject({ defaultVersion: 'v5' });
  });

  it.each(['arn:aws:iam::aws:policy/AdministratorAccess', 'guardrails-ci', 'arn:aws:iam::111122223333:policy/guardrails/'])(
    'takes %s for no policy of the account',
    (arn) => {
      expect(() => aDirectory().directory.createPolicy(arn, 'a')).toThrow(`'${arn}' is no ARN of a managed policy`);
    },
  );
});
