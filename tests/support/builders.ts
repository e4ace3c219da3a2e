import type { AnomalyEvent, BillingAlarmEvent, BudgetEvent, RootCause } from '../../src/core/cost-event.ts';
import { type CalendarDay, type Instant, parseCalendarDay, parseInstant } from '../../src/core/instant.ts';
import { type Amount, type Decimal, parseDecimal, roundToCents, type Usd } from '../../src/core/money.ts';
import type { Policy } from '../../src/core/policy.ts';

/** The instant that the text names; a test with a wrong one must not run. */
export function at(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`${text} is no instant`);
  return instant;
}

export function day(text: string): CalendarDay {
  const found = parseCalendarDay(text);
  if (found === null) throw new Error(`${text} is no day`);
  return found;
}

export function decimal(text: string): Decimal {
  const found = parseDecimal(text);
  if (found === null) throw new Error(`${text} is no decimal`);
  return found;
}

export function usd(text: string): Usd {
  return roundToCents(decimal(text));
}

/** `1046.29` is in US dollars; anything with another sign or unit is kept as it is. */
export function amount(text: string): Amount {
  const found = parseDecimal(text);
  return found === null ? { kind: 'other', raw: text } : { kind: 'usd', usd: roundToCents(found) };
}

export function aPolicy(changes: Partial<Policy> = {}, match: Partial<Policy['match']> = {}): Policy {
  return {
    policyId: 'ci-spend',
    description: null,
    enabled: true,
    mode: 'manual',
    ttlMinutes: 180,
    match: {
      sources: ['budgets', 'anomaly', 'billing_alarm'],
      accountIds: ['111122223333'],
      minAmount: null,
      maxAmount: null,
      services: null,
      regions: null,
      budgetNames: null,
      alertTypes: null,
      minImpactPercent: null,
      ...match,
    },
    principals: [{ type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci-deployer' }],
    response: { kind: 'deny', actions: ['ec2:RunInstances'], regions: null, seal: false },
    notify: { kind: 'channel', channelId: 'C0PLATFORM', channelHint: null, mentionUsers: [] },
    approval: { approvers: ['U0ALICE'], minApprovals: 1, expiresMinutes: 60 },
    exceptions: { accountIds: [], principals: [], timeWindows: [] },
    metadata: {},
    ...changes,
  };
}

export function aBudgetEvent(changes: Partial<BudgetEvent> = {}): BudgetEvent {
  return {
    source: 'budgets',
    eventId: 'evt-1',
    incidentId: 'inc-1',
    amount: amount('250.00'),
    sentAt: at('2026-03-10T02:05:00Z'),
    accountId: '111122223333',
    budgetName: 'platform-monthly',
    budgetType: 'Cost',
    budgetedAmount: amount('200.00'),
    alertType: 'actual',
    operator: '>',
    threshold: amount('160.00'),
    notifiedOn: day('2026-03-10'),
    period: '2026-03',
    ...changes,
  };
}

export function aRootCause(changes: Partial<RootCause> = {}): RootCause {
  return {
    accountId: '111122223333',
    accountName: null,
    region: 'eu-west-1',
    service: 'Amazon Elastic Compute Cloud - Compute',
    usageType: null,
    contribution: null,
    ...changes,
  };
}

export function anAnomaly(changes: Partial<AnomalyEvent> = {}): AnomalyEvent {
  return {
    source: 'anomaly',
    eventId: 'evt-2',
    incidentId: 'inc-2',
    amount: amount('250.00'),
    sentAt: at('2026-03-10T02:05:00Z'),
    anomalyId: 'anomaly-1',
    ownerAccountId: '999900001111',
    monitorName: null,
    startDate: '2026-03-09',
    endDate: '2026-03-09',
    expectedSpend: usd('50'),
    actualSpend: usd('300'),
    impactPercent: 500,
    rootCauses: [aRootCause()],
    detailsUrl: null,
    ...changes,
  };
}

export function aBillingAlarm(changes: Partial<BillingAlarmEvent> = {}): BillingAlarmEvent {
  return {
    source: 'billing_alarm',
    eventId: 'evt-3',
    incidentId: 'inc-3',
    amount: amount('250.00'),
    sentAt: at('2026-03-10T02:05:00Z'),
    accountId: '111122223333',
    alarmName: 'estimated-charges',
    alarmRegion: 'us-east-1',
    service: null,
    operator: '>',
    threshold: amount('200'),
    stateChangedAt: at('2026-03-10T02:04:00Z'),
    period: '2026-03',
    ...changes,
  };
}
