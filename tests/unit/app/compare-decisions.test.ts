import { compareDecisions, type DecisionChange, planOf } from '../../../src/app/compare-decisions.ts';
import { differingReasons } from '../../../src/app/differing-reasons.ts';
import { type TimedAlert, timeAlerts } from '../../../src/app/replay-alerts.ts';
import type { CostEvent } from '../../../src/core/cost-event.ts';
import type { Policy, Response } from '../../../src/core/policy.ts';
import { DEFAULT_SETTINGS, type PolicySet, type Settings } from '../../../src/core/policy-set.ts';
import type { Principal } from '../../../src/core/principal.ts';
import { aBudgetEvent, amount, anAnomaly, aPolicy, at, usd } from '../../support/builders.ts';

const role = (name: string): Principal => ({ type: 'iam_role', arn: `arn:aws:iam::111122223333:role/${name}` });
const denying = (changes: Partial<Extract<Response, { kind: 'deny' }>>): Partial<Policy> => ({
  response: { kind: 'deny', actions: ['ec2:RunInstances'], regions: null, seal: false, ...changes },
});
const setOf = (policies: readonly Policy[], settings: Partial<Settings> = {}): PolicySet => ({
  revision: 'x',
  settings: { ...DEFAULT_SETTINGS, ...settings },
  policies: [...policies].sort((a, b) => (a.policyId < b.policyId ? -1 : 1)),
});
const alertsOf = (...events: readonly CostEvent[]): readonly TimedAlert[] =>
  timeAlerts(
    events.map((event) => ({ event, files: [`${event.eventId}.txt`] })),
    at('2026-03-10T03:00:00Z'),
  );
const one = alertsOf(aBudgetEvent());

/** What differs for one alert, as a row of a table. */
function changed(
  before: Partial<Policy> | null,
  after: Partial<Policy> | null,
  match: readonly [Partial<Policy['match']>?, Partial<Policy['match']>?] = [],
): readonly DecisionChange[] {
  const policies = (changes: Partial<Policy> | null, matching?: Partial<Policy['match']>): readonly Policy[] =>
    changes === null ? [] : [aPolicy(changes, matching)];
  return compareDecisions(setOf(policies(before, match[0])), setOf(policies(after, match[1])), one).changes;
}

describe('compareDecisions', () => {
  it('stays quiet where nothing is decided differently, though much is written differently', () => {
    expect(changed({}, {})).toEqual([]);
    expect(changed({}, { description: 'Other', metadata: { owner: 'x' }, approval: { approvers: [], minApprovals: 2, expiresMinutes: 1 } })).toEqual([]);
    expect(changed({}, {}, [{}, { minAmount: usd('250') }])).toEqual([]);
    expect(changed(null, {}, [{}, { minAmount: usd('250.01') }])).toEqual([]);
    expect(changed({ enabled: false }, null)).toEqual([]);
  });

  it('says that a raised threshold is not met any more, and why', () => {
    const [change, ...others] = changed({}, {}, [{ minAmount: usd('200') }, { minAmount: usd('300') }]);
    expect(others).toEqual([]);
    expect(change).toEqual(
      expect.objectContaining({
        policyId: 'ci-spend',
        formerId: null,
        course: 'less_far',
        targetsAdded: [],
        targetsRemoved: [role('ci-deployer')],
        ttlMinutes: null,
        deny: null,
      }),
    );
    expect(change && differingReasons(change.before, change.after)).toEqual({
      before: [{ code: 'amount_met', expected: 'at least $200.00', actual: '$250.00' }],
      after: [{ code: 'amount_below_min', expected: 'at least $300.00', actual: '$250.00' }],
    });
  });

  it('gives a reason on both sides where only its numbers differ', () => {
    const [change] = changed({ mode: 'manual' }, { mode: 'auto' }, [{ minAmount: usd('200') }, { minAmount: usd('220') }]);
    expect(change && differingReasons(change.before, change.after)).toEqual({
      before: [{ code: 'amount_met', expected: 'at least $200.00', actual: '$250.00' }],
      after: [{ code: 'amount_met', expected: 'at least $220.00', actual: '$250.00' }],
    });
  });

  it.each<readonly [string, Partial<Policy> | null, Partial<Policy> | null, Partial<DecisionChange>]>([
    ['a mode that goes further', { mode: 'manual' }, { mode: 'auto' }, { course: 'further', targetsAdded: [], targetsRemoved: [] }],
    ['a mode that goes less far', { mode: 'auto' }, { mode: 'dry_run' }, { course: 'less_far' }],
    ['a policy that is new', null, {}, { course: 'further', before: { kind: 'missing' }, targetsAdded: [role('ci-deployer')] }],
    ['a policy that is gone', {}, null, { course: 'less_far', after: { kind: 'missing' }, targetsRemoved: [role('ci-deployer')] }],
    ['a policy that was enabled', { enabled: false }, {}, { course: 'further', before: { kind: 'disabled' } }],
    ['a policy that was disabled', {}, { enabled: false }, { course: 'less_far', after: { kind: 'disabled' } }],
    ['one more target', {}, { principals: [role('ci-deployer'), role('x')] }, { course: 'wider', targetsAdded: [role('x')], targetsRemoved: [] }],
    ['one target less', { principals: [role('ci-deployer'), role('x')] }, {}, { course: 'narrower', targetsAdded: [], targetsRemoved: [role('x')] }],
    ['another target', {}, { principals: [role('x')] }, { course: 'wider', targetsAdded: [role('x')], targetsRemoved: [role('ci-deployer')] }],
    ['a longer time', {}, { ttlMinutes: 181 }, { course: 'wider', ttlMinutes: { before: 180, after: 181 } }],
    ['a time without end', {}, { ttlMinutes: 0 }, { course: 'wider', ttlMinutes: { before: 180, after: 0 } }],
    ['an end of what had none', { ttlMinutes: 0 }, {}, { course: 'narrower', ttlMinutes: { before: 0, after: 180 } }],
    ['a shorter time', {}, { ttlMinutes: 60 }, { course: 'narrower', ttlMinutes: { before: 180, after: 60 } }],
    [
      'more and other actions',
      {},
      denying({ actions: ['ec2:CreateVpc', 's3:CreateBucket'] }),
      { course: 'wider', deny: { actionsAdded: ['ec2:CreateVpc', 's3:CreateBucket'], actionsRemoved: ['ec2:RunInstances'], regions: null, seal: null } },
    ],
    [
      'fewer actions',
      denying({ actions: ['ec2:CreateVpc', 'ec2:RunInstances'] }),
      {},
      { course: 'narrower', deny: { actionsAdded: [], actionsRemoved: ['ec2:CreateVpc'], regions: null, seal: null } },
    ],
    ['a seal', {}, denying({ seal: true }), { course: 'wider', deny: expect.objectContaining({ seal: { before: false, after: true } }) }],
    ['no seal any more', denying({ seal: true }), {}, { course: 'narrower', deny: expect.objectContaining({ seal: { before: true, after: false } }) }],
    [
      'one region only',
      {},
      denying({ regions: ['eu-west-1'] }),
      { course: 'narrower', deny: expect.objectContaining({ regions: { before: null, after: ['eu-west-1'] } }) },
    ],
    [
      'every region',
      denying({ regions: ['eu-west-1'] }),
      {},
      { course: 'wider', deny: expect.objectContaining({ regions: { before: ['eu-west-1'], after: null } }) },
    ],
    ['one more region', denying({ regions: ['eu-west-1'] }), denying({ regions: ['eu-west-1', 'us-east-1'] }), { course: 'wider' }],
    ['one region less', denying({ regions: ['eu-west-1', 'us-east-1'] }), denying({ regions: ['eu-west-1'] }), { course: 'narrower' }],
    ['an exception for its only target', {}, { exceptions: { accountIds: [], principals: ['*'], timeWindows: [] } }, { course: 'less_far' }],
    ['a policy that only notifies', { mode: 'dry_run' }, { mode: 'dry_run', response: { kind: 'notify_only' } }, { course: 'narrower', deny: null }],
    [
      'one that notified only',
      { mode: 'dry_run', response: { kind: 'notify_only' } },
      { mode: 'dry_run' },
      { course: 'wider', targetsAdded: [role('ci-deployer')] },
    ],
  ])('tells of %s', (_what, before, after, expected) => {
    expect(changed(before, after)).toEqual([expect.objectContaining(expected)]);
  });

  it('tells of a policy that does nothing before and after, for another reason', () => {
    const excepted = { exceptions: { accountIds: [], principals: ['*'], timeWindows: [] } };
    const [change] = changed(excepted, excepted, [{}, { minAmount: usd('300') }]);
    expect(change?.course).toBe('other_reason');
    expect(change && [planOf(change.before), planOf(change.after)]).toEqual([null, null]);
  });

  it('tells of settings that decide differently, and names them', () => {
    const policies = [aPolicy({ mode: 'auto' })];
    const comparison = compareDecisions(setOf(policies), setOf(policies, { plausibilityCeiling: usd('100') }), one);
    expect(comparison.settings).toEqual(['plausibility_ceiling_usd']);
    expect(comparison.policies).toEqual([]);
    expect(comparison.changes).toEqual([expect.objectContaining({ policyId: 'ci-spend', course: 'less_far' })]);
    const reasons = comparison.changes.map(({ before, after }) => differingReasons(before, after));
    expect(reasons).toEqual([{ before: [], after: [{ code: 'plausibility_ceiling', expected: 'at most $100.00', actual: '$250.00' }] }]);
  });

  it('does not take a new name for another decision', () => {
    const comparison = compareDecisions(setOf([aPolicy()]), setOf([aPolicy({ policyId: 'ci-compute' })]), one);
    expect(comparison).toEqual({
      settings: [],
      changes: [],
      alertsChanged: 0,
      policies: [expect.objectContaining({ kind: 'renamed', formerId: 'ci-spend', policyId: 'ci-compute', alertsChanged: 0 })],
    });
  });

  it('gives both names where a renamed policy decides differently by new settings', () => {
    const after = setOf([aPolicy({ policyId: 'ci-compute', mode: 'auto' })], { plausibilityCeiling: usd('100') });
    const { changes } = compareDecisions(setOf([aPolicy({ mode: 'auto' })]), after, one);
    expect(changes).toEqual([expect.objectContaining({ formerId: 'ci-spend', policyId: 'ci-compute' })]);
  });

  it('decides each alert at its own time, and one without at the given', () => {
    const night = { exceptions: { accountIds: [], principals: [], timeWindows: [{ start: 120, end: 150, timezone: 'UTC', days: ['tue' as const] }] } };
    const alerts = alertsOf(aBudgetEvent({ eventId: 'at-night' }), aBudgetEvent({ eventId: 'without', sentAt: null }));
    const { changes } = compareDecisions(setOf([aPolicy()]), setOf([aPolicy(night)]), alerts);
    expect(changes.map(({ alert }) => [alert.event.eventId, alert.decidedAt])).toEqual([['at-night', '2026-03-10T02:05:00.000Z']]);
  });

  it('puts the most dangerous change first, and counts alerts, not changes', () => {
    const before = setOf([
      aPolicy({ policyId: 'asks-more', principals: [role('a')] }),
      aPolicy({ policyId: 'acts-longer', mode: 'auto' }),
      aPolicy({ policyId: 'acts-no-more', mode: 'auto', principals: [role('b')] }),
      aPolicy({ policyId: 'acts-now', mode: 'dry_run', principals: [role('c')] }),
      aPolicy({ policyId: 'tells-less', mode: 'dry_run', principals: [role('d')] }),
    ]);
    const after = setOf([
      aPolicy({ policyId: 'asks-more', principals: [role('a'), role('e')] }),
      aPolicy({ policyId: 'acts-longer', mode: 'auto', ttlMinutes: 500 }),
      aPolicy({ policyId: 'acts-no-more', mode: 'manual', principals: [role('b')] }),
      aPolicy({ policyId: 'acts-now', mode: 'auto', principals: [role('c')] }),
      aPolicy({ policyId: 'new-and-acts', mode: 'auto', principals: [role('f')], ttlMinutes: 5 }),
      aPolicy({ policyId: 'tells-less', mode: 'dry_run', principals: [role('d')], ttlMinutes: 5 }),
    ]);
    const alerts = alertsOf(aBudgetEvent(), anAnomaly({ amount: amount('1.00') }), aBudgetEvent({ eventId: 'elsewhere', accountId: '999999999999' }));
    const { changes, alertsChanged, policies } = compareDecisions(before, after, alerts);
    expect(changes.map(({ policyId, course, alert }) => `${policyId} ${course} ${alert.event.eventId}`)).toEqual([
      'new-and-acts further evt-1',
      'new-and-acts further evt-2',
      'acts-now further evt-1',
      'acts-now further evt-2',
      'acts-longer wider evt-1',
      'acts-longer wider evt-2',
      'acts-no-more less_far evt-1',
      'acts-no-more less_far evt-2',
      'asks-more wider evt-1',
      'asks-more wider evt-2',
      'tells-less narrower evt-1',
      'tells-less narrower evt-2',
    ]);
    expect(alertsChanged).toBe(2);
    expect(policies.map(({ policyId, alertsChanged: number }) => [policyId, number])).toEqual([
      ['acts-longer', 2],
      ['acts-no-more', 2],
      ['acts-now', 2],
      ['asks-more', 2],
      ['new-and-acts', 2],
      ['tells-less', 2],
    ]);
  });

  it('gives all reasons of a side where none of them is about the same as on the other', () => {
    const causes = [
      { accountId: '111122223333', accountName: null, region: 'eu-west-1', service: 'A', usageType: null, contribution: null },
      { accountId: '444455556666', accountName: null, region: 'us-east-1', service: 'B', usageType: null, contribution: null },
    ];
    const { changes } = compareDecisions(setOf([aPolicy()]), setOf([aPolicy({}, { services: ['B'] })]), alertsOf(anAnomaly({ rootCauses: causes })));
    const [reasons] = changes.map(({ before, after }) => differingReasons(before, after));
    expect(reasons?.before.map(({ code }) => code)).toEqual(['source_met', 'account_met']);
    expect(reasons?.after.map(({ code }) => code)).toEqual(['no_single_root_cause']);
  });
});
