import { contentId } from '../core/content-hash.ts';
import type { AlertType, AnomalyEvent, BillingAlarmEvent, BudgetEvent, ComparisonOperator, CostEvent, ImpactPercent, RootCause } from '../core/cost-event.ts';
import { dayOf, type Instant } from '../core/instant.ts';
import { type Amount, type Decimal, formatUsd, type Usd } from '../core/money.ts';
import { amountKey } from '../sources/aws-amount.ts';

interface DescribedFacts {
  /** The budget's or the alarm's account; of an anomaly the owner's, and that of every cause without one. */
  readonly accountId: string;
  readonly sentAt: Instant | null;
}

export interface DescribedBudget extends DescribedFacts {
  readonly source: 'budgets';
  readonly amount: Amount;
  readonly alertType: AlertType | null;
  readonly budgetName: string | null;
  readonly budgetedAmount: Usd | null;
  readonly threshold: Usd | null;
  readonly operator: ComparisonOperator | null;
  readonly period: string | null;
}

export interface DescribedAnomaly extends DescribedFacts {
  readonly source: 'anomaly';
  /** AWS gives an anomaly's impact in US dollars alone. */
  readonly impact: Usd;
  readonly impactPercent: ImpactPercent;
  readonly expectedSpend: Usd | null;
  readonly rootCauses: readonly DescribedCause[];
}

export interface DescribedCause {
  readonly accountId: string | null;
  readonly service: string | null;
  readonly region: string | null;
  readonly contribution: Decimal | null;
}

export interface DescribedAlarm extends DescribedFacts {
  readonly source: 'billing_alarm';
  readonly amount: Amount;
  readonly alarmName: string | null;
  readonly service: string | null;
  readonly threshold: Usd | null;
  readonly operator: ComparisonOperator | null;
}

/** An event as a person writes it down: null is what was left out. */
export type DescribedEvent = DescribedBudget | DescribedAnomaly | DescribedAlarm;

/**
 * The event that a description means, with what was left out filled in as nothing that a policy could trip over: a budget of the very
 * amount, an actual alert above a threshold. Its day and its period are those of its own time, else of `clock`. Equal descriptions have
 * equal ids, and a budget's or an alarm's are made as those of the alert that AWS would have sent.
 */
export function costEventOf(described: DescribedEvent, clock: Instant): CostEvent {
  const when = described.sentAt ?? clock;
  switch (described.source) {
    case 'budgets':
      return budgetOf(described, when);
    case 'anomaly':
      return anomalyOf(described, when);
    case 'billing_alarm':
      return alarmOf(described, when);
  }
}

function budgetOf(described: DescribedBudget, when: Instant): BudgetEvent {
  const { accountId, amount, sentAt, alertType, operator } = described;
  const budgetedAmount = described.budgetedAmount === null ? amount : inUsd(described.budgetedAmount);
  const facts = {
    accountId,
    amount,
    budgetName: described.budgetName ?? 'budget',
    budgetedAmount,
    alertType: alertType ?? 'actual',
    operator: operator ?? '>',
    threshold: described.threshold === null ? budgetedAmount : inUsd(described.threshold),
    notifiedOn: dayOf(when),
    period: described.period ?? when.slice(0, 7),
  } as const;
  const idParts = [facts.budgetName, facts.alertType, facts.operator, amountKey(facts.threshold), facts.notifiedOn, amountKey(amount)];
  return {
    source: 'budgets',
    eventId: contentId('evt', ['budgets', accountId, ...idParts]),
    incidentId: contentId('inc', ['budgets', accountId, facts.budgetName, facts.period]),
    sentAt,
    budgetType: 'Cost',
    ...facts,
  };
}

function anomalyOf(described: DescribedAnomaly, when: Instant): AnomalyEvent {
  const { accountId, impact, sentAt, expectedSpend } = described;
  const rootCauses = described.rootCauses.map((cause) => rootCauseOf(cause, accountId));
  const endDate = dayOf(when);
  // The same causes on the same day are the same anomaly, as it grows.
  const anomalyId = contentId('anomaly', [accountId, endDate, ...rootCauses.flatMap((cause) => [cause.accountId, cause.service, cause.region])]);
  return {
    source: 'anomaly',
    eventId: contentId('evt', ['anomaly', anomalyId, endDate, formatUsd(impact)]),
    incidentId: contentId('inc', ['anomaly', anomalyId]),
    amount: inUsd(impact),
    sentAt,
    anomalyId,
    ownerAccountId: accountId,
    monitorName: null,
    startDate: endDate,
    endDate,
    expectedSpend,
    actualSpend: expectedSpend === null ? null : ((expectedSpend + impact) as Usd),
    impactPercent: described.impactPercent ?? percentOf(impact, expectedSpend),
    rootCauses,
    detailsUrl: null,
  };
}

function rootCauseOf({ accountId, service, region, contribution }: DescribedCause, owner: string): RootCause {
  return { accountId: accountId ?? owner, accountName: null, region, service, usageType: null, contribution };
}

/** As AWS computes it: infinite where nothing was expected. */
function percentOf(impact: Usd, expectedSpend: Usd | null): ImpactPercent {
  if (expectedSpend === null) return null;
  return expectedSpend === 0n ? 'infinite' : Math.round((Number(impact) / Number(expectedSpend)) * 10_000) / 100;
}

function alarmOf(described: DescribedAlarm, when: Instant): BillingAlarmEvent {
  const { accountId, amount, sentAt, service } = described;
  const alarmName = described.alarmName ?? 'billing-alarm';
  const alarmRegion = 'us-east-1'; // where AWS keeps the metrics of charges
  const period = when.slice(0, 7);
  return {
    source: 'billing_alarm',
    eventId: contentId('evt', ['billing_alarm', accountId, alarmRegion, alarmName, when]),
    incidentId: contentId('inc', ['billing_alarm', accountId, alarmRegion, alarmName, period]),
    amount,
    sentAt,
    accountId,
    alarmName,
    alarmRegion,
    service,
    operator: described.operator ?? '>',
    threshold: described.threshold === null ? amount : inUsd(described.threshold),
    stateChangedAt: when,
    period,
  };
}

function inUsd(usd: Usd): Amount {
  return { kind: 'usd', usd };
}
