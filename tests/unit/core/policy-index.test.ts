import fc from 'fast-check';
import { EMPTY_BREAKER } from '../../../src/core/breaker.ts';
import { ALERT_TYPES, type CostEvent, type ImpactPercent, SOURCES } from '../../../src/core/cost-event.ts';
import { decide, decideMatching } from '../../../src/core/decide.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { candidatesFor, indexPolicies } from '../../../src/core/policy-index.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/policy-set.ts';
import { aBillingAlarm, aBudgetEvent, amount, anAnomaly, aPolicy, aRootCause, at, decimal, usd } from '../../support/builders.ts';

const accounts = ['111122223333', '444455556666', '777788889999'];
const services = [
  'AmazonCloudWatch',
  'Amazon Elastic Compute Cloud',
  'Amazon Elastic Compute Cloud - Compute',
  'amazon elastic compute cloud',
  'Amazon*',
  'EC2 - Other',
];
const names = ['platform', 'platform-monthly', 'plat*', 'Platform'];
const amounts = ['0', '0.01', '99.99', '100', '100.005', '250'];
const circumstances = { now: at('2026-03-10T02:10:00Z'), killSwitch: 'normal', breaker: EMPTY_BREAKER } as const;

const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null });
const someOf = (values: readonly string[]): fc.Arbitrary<string[]> => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

const policies: fc.Arbitrary<Policy[]> = fc
  .array(
    fc.record({
      enabled: fc.boolean(),
      mode: fc.constantFrom('dry_run', 'manual', 'auto'),
      excepted: fc.subarray(accounts, { maxLength: 1 }),
      match: fc.record({
        sources: fc.uniqueArray(fc.constantFrom(...SOURCES), { minLength: 1 }),
        accountIds: fc.oneof(fc.constant('*' as const), someOf(accounts)),
        minAmount: orNull(fc.constantFrom(...amounts).map(usd)),
        maxAmount: orNull(fc.constantFrom(...amounts).map(usd)),
        services: orNull(someOf(services)),
        regions: orNull(someOf(['eu-west-1', 'us-*'])),
        budgetNames: orNull(someOf(names)),
        alertTypes: orNull(fc.uniqueArray(fc.constantFrom(...ALERT_TYPES), { minLength: 1 })),
        minImpactPercent: orNull(fc.constantFrom(0, 100)),
      }),
    }),
    { maxLength: 25 },
  )
  .map((rows) =>
    rows.map(({ enabled, mode, excepted, match }, number) =>
      aPolicy(
        { policyId: `policy-${String(number).padStart(2, '0')}`, enabled, mode, exceptions: { accountIds: excepted, principals: [], timeWindows: [] } },
        match,
      ),
    ),
  );

const anAmount = fc.constantFrom(...amounts, '-5', '12 GB').map(amount);
const account = fc.constantFrom(...accounts);
const cause = fc
  .record({
    accountId: orNull(account),
    service: orNull(fc.constantFrom(...services)),
    region: orNull(fc.constantFrom('eu-west-1', 'us-east-1')),
    contribution: orNull(fc.constantFrom('33.333', '66.667', '-10').map(decimal)),
  })
  .map(aRootCause);

const events: fc.Arbitrary<CostEvent> = fc.oneof(
  fc.record({ amount: anAmount, accountId: account, budgetName: fc.constantFrom(...names), alertType: fc.constantFrom(...ALERT_TYPES) }).map(aBudgetEvent),
  fc
    .record({
      amount: anAmount,
      ownerAccountId: account,
      rootCauses: fc.array(cause, { maxLength: 3 }),
      impactPercent: fc.constantFrom<ImpactPercent>(0, 150, 'infinite', null),
    })
    .map(anAnomaly),
  fc.record({ amount: anAmount, accountId: account, service: orNull(fc.constantFrom(...services)) }).map(aBillingAlarm),
);

describe('the index', () => {
  it('finds what asking every policy finds, in the same order', () => {
    fc.assert(
      fc.property(policies, events, (some, event) => {
        const index = indexPolicies({ revision: 'test', settings: DEFAULT_SETTINGS, policies: some });
        expect(decideMatching(event, index, circumstances)).toEqual(decide(event, index, circumstances).filter(({ outcome }) => outcome !== 'no_match'));
      }),
      { numRuns: 3000 },
    );
  });

  it('passes over the policies that an event has nothing to do with', () => {
    const some = accounts.flatMap((accountId) =>
      ['100', '200', '300'].flatMap((min) => [
        aPolicy({ policyId: `${accountId}-${min}` }, { accountIds: [accountId], minAmount: usd(min) }),
        aPolicy({ policyId: `${accountId}-${min}-name` }, { accountIds: [accountId], minAmount: usd(min), budgetNames: ['platform'] }),
        aPolicy({ policyId: `${accountId}-${min}-service` }, { accountIds: [accountId], minAmount: usd(min), services: ['AmazonCloudWatch'] }),
      ]),
    );
    const index = indexPolicies({ revision: 'test', settings: DEFAULT_SETTINGS, policies: some });
    const idsFor = (event: CostEvent): readonly string[] => candidatesFor(event, index).map(({ policy }) => policy.policyId);
    expect(idsFor(aBudgetEvent({ budgetName: 'platform', amount: amount('250') }))).toEqual([
      '111122223333-100',
      '111122223333-100-name',
      '111122223333-200',
      '111122223333-200-name',
    ]);
    expect(idsFor(aBudgetEvent({ budgetName: 'platform', amount: amount('250 GB') }))).toEqual([]);
    expect(idsFor(aBillingAlarm({ accountId: '444455556666', service: 'AmazonCloudWatch', amount: amount('150') }))).toEqual([
      '444455556666-100',
      '444455556666-100-service',
    ]);
  });
});

describe('a prepared policy', () => {
  it('leaves protected principals alone, even where validation was passed by', () => {
    const role = (name: string) => ({ type: 'iam_role', arn: `arn:aws:iam::111122223333:role/${name}` }) as const;
    const policy = aPolicy({ principals: [role('ci-deployer'), role('admin'), role('guardrails/enforce'), { type: 'iam_role', arn: 'no arn' }] });
    const settings = { ...DEFAULT_SETTINGS, protectedPrincipals: ['arn:aws:iam::*:role/ADMIN'] };
    const [prepared] = indexPolicies({ revision: 'test', settings, policies: [policy] }).prepared;
    expect(prepared?.targets).toEqual([role('ci-deployer')]);
    expect(prepared?.excluded.map(({ reason }) => reason)).toEqual(['protected', 'protected', 'protected']);
    expect(prepared?.plan?.principals).toEqual([role('ci-deployer')]);
  });
});
