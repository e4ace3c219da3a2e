import { costEventOf, type DescribedAlarm, type DescribedAnomaly, type DescribedBudget } from '../../../src/app/described-event.ts';
import type { CostEvent } from '../../../src/core/cost-event.ts';
import { readSignals } from '../../../src/sources/read-signal.ts';
import { amount, at, decimal, usd } from '../../support/builders.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const CLOCK = at('2026-03-10T02:10:00Z');

const BUDGET: DescribedBudget = {
  source: 'budgets',
  accountId: '111122223333',
  sentAt: null,
  amount: amount('250'),
  alertType: null,
  budgetName: null,
  budgetedAmount: null,
  threshold: null,
  operator: null,
  period: null,
};
const ANOMALY: DescribedAnomaly = {
  source: 'anomaly',
  accountId: '999900001111',
  sentAt: null,
  impact: usd('250'),
  impactPercent: null,
  expectedSpend: null,
  rootCauses: [],
};
const ALARM: DescribedAlarm = {
  source: 'billing_alarm',
  accountId: '111122223333',
  sentAt: null,
  amount: amount('250'),
  alarmName: null,
  service: null,
  threshold: null,
  operator: null,
};
const CAUSE = { accountId: null, service: null, region: null, contribution: null };

describe('a described budget', () => {
  it('is an actual alert above a threshold, of a budget of its amount, in the month of its time', () => {
    expect(costEventOf(BUDGET, CLOCK)).toEqual({
      source: 'budgets',
      eventId: expect.stringMatching(/^evt-[0-9a-f]{32}$/),
      incidentId: expect.stringMatching(/^inc-[0-9a-f]{32}$/),
      amount: amount('250'),
      sentAt: null,
      accountId: '111122223333',
      budgetName: 'budget',
      budgetType: 'Cost',
      budgetedAmount: amount('250'),
      alertType: 'actual',
      operator: '>',
      threshold: amount('250'),
      notifiedOn: '2026-03-10',
      period: '2026-03',
    });
  });

  it('has the ids of the alert that AWS would have sent', () => {
    const real = eventIn('budgets-forecasted-monthly.txt');
    const described = costEventOf(
      {
        ...BUDGET,
        accountId: '204715839206',
        sentAt: at('2026-03-04T09:00:00Z'),
        amount: amount('7204.08'),
        alertType: 'forecasted',
        budgetName: 'platform-monthly',
        budgetedAmount: usd('6000'),
      },
      CLOCK,
    );
    expect(described).toEqual({ ...real, sentAt: at('2026-03-04T09:00:00Z') });
  });

  it('keeps what is said of it', () => {
    const event = costEventOf({ ...BUDGET, amount: amount('12.5 GB'), budgetedAmount: null, threshold: usd('8'), operator: '<', period: '2026-Q1' }, CLOCK);
    expect(event).toMatchObject({ amount: amount('12.5 GB'), budgetedAmount: amount('12.5 GB'), threshold: amount('8'), operator: '<', period: '2026-Q1' });
  });
});

describe('a described anomaly', () => {
  it('has no cause, no usual spend and no percentage unless they are given', () => {
    expect(costEventOf(ANOMALY, CLOCK)).toMatchObject({
      amount: amount('250'),
      ownerAccountId: '999900001111',
      expectedSpend: null,
      actualSpend: null,
      impactPercent: null,
      rootCauses: [],
      endDate: '2026-03-10',
    });
  });

  it.each([
    ['50', null, 500, '300'],
    ['0', null, 'infinite', '250'],
    ['50', 12.5, 12.5, '300'],
    ['75', null, 333.33, '325'],
  ] as const)('with %s expected and %s percent given, has an impact of %s percent', (expected, given, impactPercent, actual) => {
    const event = costEventOf({ ...ANOMALY, expectedSpend: usd(expected), impactPercent: given }, CLOCK);
    expect(event).toMatchObject({ expectedSpend: usd(expected), actualSpend: usd(actual), impactPercent });
  });

  it('gives its account to causes without one', () => {
    const event = costEventOf(
      { ...ANOMALY, rootCauses: [CAUSE, { ...CAUSE, accountId: '111122223333', service: 'Amazon Bedrock', contribution: decimal('1.005') }] },
      CLOCK,
    );
    expect('rootCauses' in event && event.rootCauses).toMatchObject([
      { accountId: '999900001111', service: null, contribution: null },
      { accountId: '111122223333', service: 'Amazon Bedrock', contribution: decimal('1.005') },
    ]);
  });

  it('is the same anomaly as it grows, and another one with other causes or on another day', () => {
    const event = costEventOf(ANOMALY, CLOCK);
    const grown = costEventOf({ ...ANOMALY, impact: usd('251') }, CLOCK);
    const others = [costEventOf({ ...ANOMALY, rootCauses: [CAUSE] }, CLOCK), costEventOf({ ...ANOMALY, sentAt: at('2026-03-11T00:00:00Z') }, CLOCK)];
    expect(grown.incidentId).toBe(event.incidentId);
    expect(grown.eventId).not.toBe(event.eventId);
    for (const other of others) expect(other.incidentId).not.toBe(event.incidentId);
  });
});

describe('a described billing alarm', () => {
  it('went off when it was sent, on the total of the month', () => {
    expect(costEventOf(ALARM, CLOCK)).toEqual({
      source: 'billing_alarm',
      eventId: expect.any(String),
      incidentId: expect.any(String),
      amount: amount('250'),
      sentAt: null,
      accountId: '111122223333',
      alarmName: 'billing-alarm',
      alarmRegion: 'us-east-1',
      service: null,
      operator: '>',
      threshold: amount('250'),
      stateChangedAt: CLOCK,
      period: '2026-03',
    });
  });

  it('has the ids of the alarm that AWS would have sent', () => {
    const real = eventIn('alarm-sns.json');
    const described = costEventOf(
      {
        ...ALARM,
        accountId: '204715839206',
        sentAt: at('2026-05-22T13:31:08.412Z'),
        amount: amount('2117.46'),
        alarmName: 'charges over 2,000',
        threshold: usd('2000'),
      },
      CLOCK,
    );
    expect(described).toEqual(real);
  });
});

it('has one id for equal descriptions', () => {
  for (const described of [BUDGET, ANOMALY, ALARM]) expect(costEventOf({ ...described }, CLOCK)).toEqual(costEventOf(described, CLOCK));
});

function eventIn(fixture: string): CostEvent {
  const [reading] = readSignals(signalFixture(fixture));
  if (reading?.kind !== 'event') throw new Error(`${fixture} is no event`);
  return reading.event;
}
