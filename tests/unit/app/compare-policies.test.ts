import { pairPolicies, policyChanges, settingsThatDiffer } from '../../../src/app/compare-policies.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { DEFAULT_SETTINGS, type PolicySet, type Settings } from '../../../src/core/policy-set.ts';
import { aPolicy, usd } from '../../support/builders.ts';

const setOf = (...policies: readonly Policy[]): PolicySet => ({ revision: 'x', settings: DEFAULT_SETTINGS, policies });
const changes = (before: readonly Policy[], after: readonly Policy[]) => policyChanges(pairPolicies(setOf(...before), setOf(...after)));

/** The same policy with one thing in it different. */
const EDITS: readonly (readonly [key: string, edited: Policy])[] = [
  ['description', aPolicy({ description: 'Another' })],
  ['mode', aPolicy({ mode: 'auto' })],
  ['ttl_minutes', aPolicy({ ttlMinutes: 0 })],
  ['scope.principals', aPolicy({ principals: [] })],
  ['scope.regions', aPolicy({ response: { kind: 'deny', actions: ['ec2:RunInstances'], regions: ['eu-west-1'], seal: false } })],
  ['actions', aPolicy({ response: { kind: 'deny', actions: ['ec2:RunInstances'], regions: null, seal: true } })],
  ['actions', aPolicy({ response: { kind: 'notify_only' } })],
  ['notify', aPolicy({ notify: { kind: 'channel', channelId: 'C0OTHER', channelHint: null, mentionUsers: [] } })],
  ['approval', aPolicy({ approval: { approvers: ['U0MALLORY'], minApprovals: 1, expiresMinutes: 60 } })],
  ['exceptions.accounts', aPolicy({ exceptions: { accountIds: ['444455556666'], principals: [], timeWindows: [] } })],
  ['exceptions.principals', aPolicy({ exceptions: { accountIds: [], principals: ['*'], timeWindows: [] } })],
  ['metadata', aPolicy({ metadata: { owner: 'platform' } })],
  ['match.source', aPolicy({}, { sources: ['budgets'] })],
  ['match.account_ids', aPolicy({}, { accountIds: '*' })],
  ['match.min_amount_usd', aPolicy({}, { minAmount: usd('200') })],
  ['match.max_amount_usd', aPolicy({}, { maxAmount: usd('200') })],
  ['match.services', aPolicy({}, { services: ['*'] })],
  ['match.regions', aPolicy({}, { regions: ['*'] })],
  ['match.budget_names', aPolicy({}, { budgetNames: ['*'] })],
  ['match.alert_types', aPolicy({}, { alertTypes: ['actual'] })],
  ['match.min_impact_percent', aPolicy({}, { minImpactPercent: 1 })],
];

describe('what happened to policies', () => {
  it('is nothing where they are the same, whatever their order', () => {
    expect(changes([aPolicy({ policyId: 'a' }), aPolicy({ policyId: 'b' })], [aPolicy({ policyId: 'b' }), aPolicy({ policyId: 'a' })])).toEqual([]);
  });

  it.each(EDITS)('names %s where it is written differently', (key, edited) => {
    const [change] = changes([aPolicy()], [edited]);
    expect(change).toEqual(expect.objectContaining({ kind: 'edited', policyId: 'ci-spend', formerId: null, keys: [key] }));
  });

  it('says what was added and what was removed, with the mode, by id', () => {
    const other = aPolicy({ policyId: 'a', mode: 'auto', ttlMinutes: 5 });
    expect(changes([aPolicy()], [other])).toEqual([
      { kind: 'added', policyId: 'a', formerId: null, keys: [], mode: { before: null, after: 'auto' } },
      { kind: 'removed', policyId: 'ci-spend', formerId: null, keys: [], mode: { before: 'manual', after: null } },
    ]);
  });

  it('says what was enabled and disabled, and what was edited with that', () => {
    const off = aPolicy({ enabled: false });
    expect(changes([off], [aPolicy({ ttlMinutes: 5 })])).toEqual([
      { kind: 'enabled', policyId: 'ci-spend', formerId: null, keys: ['ttl_minutes'], mode: { before: null, after: 'manual' } },
    ]);
    expect(changes([aPolicy()], [off])).toEqual([
      { kind: 'disabled', policyId: 'ci-spend', formerId: null, keys: [], mode: { before: 'manual', after: null } },
    ]);
  });

  it('knows a renamed policy by all the rest being the same; its description may be another', () => {
    const renamed = aPolicy({ policyId: 'ci-compute', description: 'Renamed' });
    expect(changes([aPolicy()], [renamed])).toEqual([
      { kind: 'renamed', policyId: 'ci-compute', formerId: 'ci-spend', keys: ['description'], mode: { before: 'manual', after: 'manual' } },
    ]);
  });

  it('takes one for two others where it was renamed and edited, or renamed and switched off', () => {
    const kinds = (after: Policy): readonly string[] => changes([aPolicy()], [after]).map(({ kind }) => kind);
    expect(kinds(aPolicy({ policyId: 'b', ttlMinutes: 5 }))).toEqual(['added', 'removed']);
    expect(kinds(aPolicy({ policyId: 'b', enabled: false }))).toEqual(['added', 'removed']);
  });

  it('pairs each of several equal policies with one other at most', () => {
    const ids = changes([aPolicy({ policyId: 'a' })], [aPolicy({ policyId: 'b' }), aPolicy({ policyId: 'c' })]).map(({ kind, policyId, formerId }) => [
      kind,
      formerId,
      policyId,
    ]);
    expect(ids).toEqual([
      ['renamed', 'a', 'b'],
      ['added', null, 'c'],
    ]);
  });
});

describe('the settings that differ', () => {
  const EDITED: Settings = {
    notify: { kind: 'channel', channelId: 'C0', channelHint: null, mentionUsers: [] },
    tellUnmatched: false,
    slack: { teamId: 'T0', appId: null, signingSecretSsmParameter: null, botTokenSsmParameter: null },
    approval: { approvers: ['U0'], minApprovals: 1, expiresMinutes: 60 },
    plausibilityCeiling: usd('1'),
    plausibilityRatio: 2,
    breaker: { maxQuarantines: 1, perMinutes: 60 },
    protectedPrincipals: ['*'],
    maxTtlMinutes: 1,
    allowUnknownActions: ['ec2:X'],
  };

  it('are none where they are the same', () => {
    expect(settingsThatDiffer(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS })).toEqual([]);
  });

  it.each(Object.entries(EDITED))('are named as in settings.yaml: %s', (key, value) => {
    const named = settingsThatDiffer(DEFAULT_SETTINGS, { ...DEFAULT_SETTINGS, [key]: value });
    expect(named.map((name) => name.replaceAll('_', '').replace(/usd$/, ''))).toEqual([key.toLowerCase()]);
  });
});
