import { planFor } from '../../../src/core/plan.ts';
import type { Principal } from '../../../src/core/principal.ts';
import { aPolicy } from '../../support/builders.ts';

const a: Principal = { type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/a' };
const b: Principal = { type: 'iam_user', arn: 'arn:aws:iam::111122223333:user/b' };

describe('planFor', () => {
  it('is the same plan, whatever order the principals are named in', () => {
    const plan = planFor(aPolicy(), [b, a]);
    expect(plan).toEqual(planFor(aPolicy(), [a, b]));
    expect(plan?.principals).toEqual([a, b]);
    expect(plan?.denyPolicyName).toMatch(/^guardrails-ci-spend-[0-9a-f]{8}$/);
  });

  it('has another hash for each thing that people approve', () => {
    const plans = [
      planFor(aPolicy(), [a]),
      planFor(aPolicy(), [a, b]),
      planFor(aPolicy(), [b]),
      planFor(aPolicy({ ttlMinutes: 181 }), [a]),
      planFor(aPolicy({ policyId: 'other' }), [a]),
      planFor(aPolicy({ response: { kind: 'deny', actions: ['ec2:StartInstances'], regions: null, seal: false } }), [a]),
    ];
    expect(new Set(plans.map((plan) => plan?.planHash)).size).toBe(plans.length);
  });

  it('does not change with what is no part of it', () => {
    expect(planFor(aPolicy({ mode: 'auto', description: 'x' }), [a])?.planHash).toBe(planFor(aPolicy(), [a])?.planHash);
  });

  it('is none where the policy only notifies', () => {
    expect(planFor(aPolicy({ response: { kind: 'notify_only' } }), [])).toBeNull();
  });
});
