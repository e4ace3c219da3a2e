import { type Expectation, type PolicyTest, type PolicyTestRun, runPolicyTests } from '../../../src/app/run-policy-tests.ts';
import type { CostEvent } from '../../../src/core/cost-event.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/policy-set.ts';
import { aBudgetEvent, amount, aPolicy, at } from '../../support/builders.ts';

const NOW = at('2026-05-01T12:00:00Z');
const ROLE = 'arn:aws:iam::111122223333:role/team/ci-deployer';
const POLICY = aPolicy({ principals: [{ type: 'iam_role', arn: ROLE }] });
const WINDOW = { start: 0, end: 0, timezone: 'UTC', days: ['fri'] } as const; // all of a Friday, as 2026-05-01 is
const IN_WINDOW = { accountIds: [], principals: [], timeWindows: [WINDOW] };

const run = (test: Partial<PolicyTest>, policies: readonly Policy[] = [POLICY]): PolicyTestRun =>
  runPolicyTests([{ ...aTest(aBudgetEvent()), ...test }], { revision: 'abc', settings: DEFAULT_SETTINGS, policies }, NOW);

function aTest(event: CostEvent): PolicyTest {
  return { name: 'a test', file: 'tests/a.yaml', line: 3, alert: { kind: 'event', event }, at: null, expectations: [expectation()] };
}

function expectation(changes: Partial<Expectation> = {}): Expectation {
  return { policyId: 'ci-spend', line: 7, outcome: 'manual', targets: null, reasons: [], ...changes };
}

const failuresOf = (changes: Partial<Expectation>, policies?: readonly Policy[]) =>
  run({ expectations: [expectation(changes)] }, policies).results.flatMap(({ failures }) => failures);

describe('an expectation that is met', () => {
  it.each<[string, Partial<Expectation>]>([
    ['by the outcome alone', {}],
    ['by a target named by its ARN', { targets: [ROLE] }],
    ['by a target named by its name', { targets: ['ci-deployer'] }],
    ['by a target named twice', { targets: ['ci-deployer', ROLE] }],
    ['by some of the reasons', { reasons: ['account_met'] }],
  ])('%s', (_how, changes) => {
    expect(failuresOf(changes)).toEqual([]);
  });

  it('by nobody, where the policy is not met', () => {
    const policy = { ...POLICY, match: { ...POLICY.match, minAmount: 100_000n as Policy['match']['minAmount'] } };
    expect(failuresOf({ outcome: 'no_match', targets: [], reasons: ['amount_below_min'] }, [policy])).toEqual([]);
  });

  it('by nobody, where the policy only notifies', () => {
    expect(failuresOf({ outcome: 'dry_run', targets: [], reasons: ['notify_only'] }, [aPolicy({ response: { kind: 'notify_only' }, principals: [] })])).toEqual(
      [],
    );
  });
});

describe('an expectation that is not met', () => {
  it.each<[string, Partial<Expectation>, object]>([
    ['another outcome', { outcome: 'auto' }, { missingTargets: [], unexpectedTargets: [], missingReasons: [] }],
    ['a target that is not there', { targets: [ROLE, 'ana'] }, { missingTargets: ['ana'], unexpectedTargets: [], missingReasons: [] }],
    ['a target too many', { targets: [] }, { missingTargets: [], unexpectedTargets: [ROLE], missingReasons: [] }],
    [
      'the path of an ARN left out',
      { targets: ['arn:aws:iam::111122223333:role/ci-deployer'] },
      { missingTargets: ['arn:aws:iam::111122223333:role/ci-deployer'], unexpectedTargets: [ROLE], missingReasons: [] },
    ],
    ['a reason that is not there', { reasons: ['account_met', 'forecast'] }, { missingTargets: [], unexpectedTargets: [], missingReasons: ['forecast'] }],
  ])('says where they differ: %s', (_what, changes, difference) => {
    const [failure, ...others] = failuresOf(changes);
    expect(others).toEqual([]);
    expect(failure).toMatchObject({ code: 'other_decision', line: 7, policyId: 'ci-spend', difference, decision: { outcome: 'manual' } });
  });

  it('knows a policy that is disabled from one that is not there', () => {
    expect(failuresOf({}, [{ ...POLICY, enabled: false }])).toEqual([{ code: 'disabled_policy', line: 7, policyId: 'ci-spend' }]);
    expect(failuresOf({}, [])).toEqual([{ code: 'unknown_policy', line: 7, policyId: 'ci-spend' }]);
  });

  it('fails where there is no alert, whatever is expected', () => {
    const [result] = run({ alert: { kind: 'unusable', message: 'x.txt is empty.' } }).results;
    expect(result?.failures).toEqual([{ code: 'unusable_alert', line: 3, message: 'x.txt is empty.' }]);
  });
});

describe('the time', () => {
  const auto = { ...POLICY, mode: 'auto', exceptions: IN_WINDOW } as const;

  it("is the test's own, else the alert's own, else now", () => {
    const outcomeAt = (testAt: string | null, sentAt: string | null): string | undefined => {
      const event = aBudgetEvent({ sentAt: sentAt === null ? null : at(sentAt) });
      const test = { at: testAt === null ? null : at(testAt), alert: { kind: 'event', event }, expectations: [expectation({ outcome: 'auto' })] } as const;
      const [failure] = run(test, [auto]).results.flatMap(({ failures }) => failures);
      return failure?.code === 'other_decision' ? failure.decision.outcome : 'auto';
    };
    expect(outcomeAt('2026-04-30T12:00:00Z', '2026-05-01T12:00:00Z')).toBe('auto'); // a Thursday
    expect(outcomeAt(null, '2026-05-01T12:00:00Z')).toBe('dry_run');
    expect(outcomeAt(null, '2026-04-30T12:00:00Z')).toBe('auto');
    expect(outcomeAt(null, null)).toBe('dry_run');
  });

  it('makes an alert stale', () => {
    const [result] = run({ at: at('2026-03-12T00:00:00Z'), expectations: [expectation({ outcome: 'manual', reasons: ['stale_signal'] })] }, [
      { ...POLICY, mode: 'auto' },
    ]).results;
    expect(result?.failures).toEqual([]);
  });

  it.each<[string, Policy, string | null, readonly string[]]>([
    ['has time windows and the clock was asked', auto, null, ['ci-spend']],
    ['has none', { ...auto, exceptions: POLICY.exceptions }, null, []],
    ['only tells in any case', { ...auto, mode: 'dry_run' }, null, []],
    ['names nobody', { ...auto, response: { kind: 'notify_only' }, principals: [] }, null, []],
    ['is not met', { ...auto, match: { ...auto.match, sources: ['anomaly'] } }, null, []],
    ['has time windows, but the alert has a time', auto, '2026-04-30T12:00:00Z', []],
  ])('is said to matter, or not, where a policy %s', (_what, policy, sentAt, expected) => {
    const event = aBudgetEvent({ sentAt: sentAt === null ? null : at(sentAt) });
    expect(run({ alert: { kind: 'event', event } }, [policy]).results[0]?.timeDependent).toEqual(expected);
  });
});

it('is neither paused nor short of room: every auto policy acts', () => {
  const policies = Array.from({ length: 9 }, (_, index) => aPolicy({ policyId: `p-${index}`, mode: 'auto' }));
  const settings = { ...DEFAULT_SETTINGS, breaker: { maxQuarantines: 9, perMinutes: 60 } };
  const expectations = policies.map(({ policyId }) => expectation({ policyId, outcome: 'auto' }));
  const twice = [aTest(aBudgetEvent()), aTest(aBudgetEvent({ amount: amount('251') }))].map((test) => ({ ...test, expectations }));
  const { results } = runPolicyTests(twice, { revision: 'abc', settings, policies }, NOW);
  expect(results.map(({ failures }) => failures.length)).toEqual([0, 0]);
});

it('names the enabled policies that no test expects anything of', () => {
  const policies = [POLICY, aPolicy({ policyId: 'other' }), aPolicy({ policyId: 'asleep', enabled: false })];
  expect(run({}, policies).untestedPolicies).toEqual(['other']);
});
