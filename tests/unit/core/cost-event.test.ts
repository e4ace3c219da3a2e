import { accountIdsOf, alertTypeOf, periodOf, regionsOf, servicesOf } from '../../../src/core/cost-event.ts';
import { aBillingAlarm, aBudgetEvent, anAnomaly, aRootCause } from '../../support/builders.ts';

describe('what an event speaks of', () => {
  const anomaly = anAnomaly({
    rootCauses: [
      aRootCause({ accountId: '444455556666', service: 'AmazonCloudWatch', region: 'eu-west-1' }),
      aRootCause({ accountId: '111122223333', service: null, region: 'eu-west-1' }),
      aRootCause({ accountId: null, service: 'AmazonCloudWatch', region: null }),
    ],
  });

  it('are the accounts of its causes, and the owner only without any', () => {
    expect(accountIdsOf(anomaly)).toEqual(['444455556666', '111122223333']);
    expect(accountIdsOf(anAnomaly({ rootCauses: [aRootCause({ accountId: null })] }))).toEqual(['999900001111']);
    expect(accountIdsOf(aBudgetEvent())).toEqual(['111122223333']);
    expect(accountIdsOf(aBillingAlarm())).toEqual(['111122223333']);
  });

  it('are services and regions, each once, where the source names them', () => {
    expect([servicesOf(anomaly), regionsOf(anomaly)]).toEqual([['AmazonCloudWatch'], ['eu-west-1']]);
    expect([servicesOf(aBillingAlarm({ service: 'AmazonEC2' })), servicesOf(aBillingAlarm()), regionsOf(aBillingAlarm())]).toEqual([['AmazonEC2'], [], []]);
    expect([servicesOf(aBudgetEvent()), regionsOf(aBudgetEvent())]).toEqual([[], []]);
  });

  it('are its alert type and its period', () => {
    expect([aBudgetEvent(), anomaly, aBillingAlarm()].map(alertTypeOf)).toEqual(['actual', null, null]);
    expect([aBudgetEvent(), anomaly, aBillingAlarm()].map(periodOf)).toEqual(['2026-03', null, '2026-03']);
  });
});
