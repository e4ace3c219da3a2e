import { checkAttach } from '../../../src/app/check-attach.ts';
import { OutsideError } from '../../../src/app/ports.ts';
import { setSwitch } from '../../../src/app/set-switch.ts';
import type { Verdict } from '../../../src/core/converge-steps.ts';
import { addMinutes } from '../../../src/core/instant.ts';
import { planFor } from '../../../src/core/plan.ts';
import { indexPolicies } from '../../../src/core/policy-index.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/policy-set.ts';
import type { Principal } from '../../../src/core/principal.ts';
import { emptyQuarantine, type Holder, type Quarantine } from '../../../src/core/quarantine.ts';
import { aPolicy } from '../../support/builders.ts';
import { SmallEngine } from '../../support/small-engine.ts';

const role = (path: string): Principal => ({ type: 'iam_role', arn: `arn:aws:iam::111122223333:role/${path}` });
const policy = aPolicy({ policyId: 'ci', mode: 'auto', principals: [role('team/ci')] });
const POLICY_ARN = (name: string): string => `arn:aws:iam::111122223333:policy/guardrails/${name}`;

function scene(principal = role('team/ci')) {
  const engine = new SmallEngine([{ ...policy, principals: [principal] }]);
  const plan = planFor({ ...policy, principals: [principal] }, [principal]);
  if (plan === null) throw new Error('no plan');
  const quarantine = emptyQuarantine(principal, plan.denyPolicyName, plan.documentHash);
  const holder: Holder = { executionId: 'exe-1', planHash: plan.planHash, orderedAt: engine.nowAt, expiresAt: null };
  return { engine, plan, quarantine, holder };
}

async function verdict(engine: SmallEngine, quarantine: Quarantine, holder: Holder, changes: object = {}): Promise<Verdict | undefined> {
  const verdicts = await checkAttach({ ...engine.deps, ...changes }, quarantine, [holder], engine.nowAt);
  return verdicts.get(holder.executionId);
}

const refused = (why: string) => ({ kind: 'refused', why });
const HOUR_AGO = 60;

describe('checkAttach', () => {
  it('finds nothing to object to', async () => {
    const { engine, quarantine, holder } = scene();
    expect(await verdict(engine, quarantine, holder)).toEqual({ kind: 'ok' });
  });

  it('refuses a principal that is gone, or is another one of that name', async () => {
    const { engine, quarantine, holder } = scene();
    engine.nowAt = addMinutes(engine.nowAt, 5);
    const later = { ...holder, orderedAt: engine.nowAt };
    engine.directory.deletePrincipal(role('team/ci').arn);
    expect(await verdict(engine, quarantine, later)).toEqual(refused('not_found'));
    engine.directory.createPrincipal(role('other/ci').arn);
    expect(await verdict(engine, quarantine, later)).toEqual(refused('other_principal'));
    const elsewhere = { findPrincipal: async () => ({ arn: 'arn:aws:iam::444455556666:role/team/ci' }), findDenyPolicy: engine.iam.findDenyPolicy };
    expect(await verdict(engine, quarantine, later, { iam: elsewhere })).toEqual(refused('foreign_account'));
  });

  it.each([
    ['aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling', 'unmodifiable'],
    ['aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef', 'unmodifiable'],
    ['guardrails/enforce', 'protected'],
    ['cdk-hnb659fds-deploy-role', 'protected'],
  ])('refuses %s: %s', async (path, why) => {
    const { engine, quarantine, holder } = scene(role(path));
    expect(await verdict(engine, quarantine, holder)).toEqual(refused(why));
  });

  it('refuses whom the settings protect today', async () => {
    const { engine, quarantine, holder } = scene();
    const policies = indexPolicies({
      revision: 'r2',
      settings: { ...DEFAULT_SETTINGS, protectedPrincipals: ['arn:aws:iam::*:role/TEAM/*'] },
      policies: [policy],
    });
    expect(await verdict(engine, quarantine, holder, { policies })).toEqual(refused('protected'));
  });

  it('refuses a deny policy that is not what was planned', async () => {
    const { engine, quarantine, holder, plan } = scene();
    expect(await verdict(engine, { ...quarantine, documentHash: 'another' }, holder)).toEqual(refused('policy_changed'));
    expect(await verdict(engine, { ...quarantine, denyPolicyName: 'guardrails-ci-ffffffff' }, holder)).toEqual(refused('policy_changed'));
    engine.directory.addPolicyVersion(POLICY_ARN(plan.denyPolicyName), true);
    expect(await verdict(engine, quarantine, holder)).toEqual(refused('policy_changed'));
  });

  it('refuses while paused', async () => {
    const { engine, quarantine, holder } = scene();
    await setSwitch(engine.deps, 'paused', 'iam:operator');
    expect(await verdict(engine, quarantine, holder)).toEqual(refused('paused'));
  });

  it('waits five minutes for a plan that this revision does not have, then refuses it', async () => {
    const { engine, quarantine, holder } = scene();
    const other = { ...holder, planHash: 'of another revision' };
    expect(await verdict(engine, quarantine, other)).toEqual({ kind: 'wait' });
    expect(await verdict(engine, quarantine, { ...other, orderedAt: addMinutes(engine.nowAt, -4.9) })).toEqual({ kind: 'wait' });
    expect(await verdict(engine, quarantine, { ...other, orderedAt: addMinutes(engine.nowAt, -5) })).toEqual(refused('policy_gone'));
  });

  it('waits while nobody answers, and gives up a quarter of an hour after the order', async () => {
    const { engine, quarantine, holder } = scene();
    const fail = async (): Promise<never> => {
      throw new OutsideError('no answer');
    };
    const silent = { iam: { findPrincipal: fail, findDenyPolicy: engine.iam.findDenyPolicy } };
    expect(await verdict(engine, quarantine, holder, silent)).toEqual({ kind: 'wait' });
    expect(await verdict(engine, quarantine, { ...holder, orderedAt: addMinutes(engine.nowAt, -15) }, silent)).toEqual(refused('too_late'));
    expect(await verdict(engine, quarantine, { ...holder, orderedAt: addMinutes(engine.nowAt, -HOUR_AGO) })).toEqual(refused('too_late'));
    await expect(
      verdict(engine, quarantine, holder, {
        iam: { findPrincipal: async () => Promise.reject(new TypeError('a mistake of ours')), findDenyPolicy: engine.iam.findDenyPolicy },
      }),
    ).rejects.toThrow('a mistake of ours');
  });
});
