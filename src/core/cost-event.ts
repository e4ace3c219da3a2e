import type { CalendarDay, Instant } from './instant.ts';
import type { Amount, Decimal, Usd } from './money.ts';

export const SOURCES = ['budgets', 'anomaly', 'billing_alarm'] as const;
export type Source = (typeof SOURCES)[number];

export const ALERT_TYPES = ['actual', 'forecasted'] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

/** How the threshold was passed. AWS Budgets can also alert on spend *below* a threshold. */
export type ComparisonOperator = '>' | '>=' | '<' | '<=' | '=';

interface CommonFacts {
  /** Made from the alert's own content: copies of it, and redeliveries, have the same one. */
  readonly eventId: string;
  /** The same for all alerts of one cause. */
  readonly incidentId: string;
  /** The amount that a policy's minimum and maximum are compared with. */
  readonly amount: Amount;
  /** When the alert was sent, as its envelope or else its text tells; null where nothing does. */
  readonly sentAt: Instant | null;
}

/** A threshold alert of AWS Budgets. Its amounts are totals of the period so far, 8 to 12 hours old. */
export interface BudgetEvent extends CommonFacts {
  readonly source: 'budgets';
  /** The account that owns the budget. It need not be the one that spends. */
  readonly accountId: string;
  readonly budgetName: string;
  /** As AWS writes it: `Cost`, `Usage`, … ; null where the alert has none. */
  readonly budgetType: string | null;
  readonly budgetedAmount: Amount;
  readonly alertType: AlertType;
  readonly operator: ComparisonOperator;
  readonly threshold: Amount;
  /** The day in the alert's first line. */
  readonly notifiedOn: CalendarDay;
  /** `2026-01`, `2026-Q1`, `2026`, or the day for a daily budget; null where the text names no period that is known. */
  readonly period: string | null;
}

/** One of the causes that Cost Anomaly Detection names. Any part may be missing. */
export interface RootCause {
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly region: string | null;
  readonly service: string | null;
  readonly usageType: string | null;
  /** This cause's share of the anomaly's impact, in US dollars; null in alerts from before AWS sent it. */
  readonly contribution: Decimal | null;
}

/** How far above the expected spend: in percent, or `infinite` where none was expected, or null where AWS didn't say. */
export type ImpactPercent = number | 'infinite' | null;

/** An anomaly of AWS Cost Anomaly Detection. Its amount is the total impact: actual minus expected spend. */
export interface AnomalyEvent extends CommonFacts {
  readonly source: 'anomaly';
  readonly anomalyId: string;
  /** The account that owns the monitor, often the payer. */
  readonly ownerAccountId: string;
  readonly monitorName: string | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly expectedSpend: Usd | null;
  readonly actualSpend: Usd | null;
  readonly impactPercent: ImpactPercent;
  readonly rootCauses: readonly RootCause[];
  readonly detailsUrl: string | null;
}

/** A CloudWatch alarm on `AWS/Billing` `EstimatedCharges` that went to ALARM. Its amount is the month's total so far. */
export interface BillingAlarmEvent extends CommonFacts {
  readonly source: 'billing_alarm';
  /** The account whose charges are meant: the alarm's `LinkedAccount` dimension, else the alarm's own account. */
  readonly accountId: string;
  readonly alarmName: string;
  /** The alarm's region as a code, such as `us-east-1`. It is where the alarm lives, not where the money went. */
  readonly alarmRegion: string;
  /** The alarm's `ServiceName` dimension; null where the alarm is on the total. */
  readonly service: string | null;
  readonly operator: ComparisonOperator | null;
  readonly threshold: Amount | null;
  readonly stateChangedAt: Instant;
  /** The month of the state change, `2026-01`. */
  readonly period: string;
}

/** One observed fact about spend, read from a signal. */
export type CostEvent = BudgetEvent | AnomalyEvent | BillingAlarmEvent;

/** The accounts that the event speaks of, without repetition. */
export function accountIdsOf(event: CostEvent): readonly string[] {
  if (event.source !== 'anomaly') return [event.accountId];
  const linked = distinct(event.rootCauses.map((cause) => cause.accountId));
  return linked.length > 0 ? linked : [event.ownerAccountId];
}

/** The services that the event names, in AWS Cost Explorer's words; none for a budget. */
export function servicesOf(event: CostEvent): readonly string[] {
  if (event.source === 'budgets') return [];
  return distinct(event.source === 'anomaly' ? event.rootCauses.map((cause) => cause.service) : [event.service]);
}

/** The regions in which the event says that money was spent; none for a budget or an alarm. */
export function regionsOf(event: CostEvent): readonly string[] {
  return event.source === 'anomaly' ? distinct(event.rootCauses.map((cause) => cause.region)) : [];
}

/** The event's alert type; null for a source that has none. */
export function alertTypeOf(event: CostEvent): AlertType | null {
  return event.source === 'budgets' ? event.alertType : null;
}

/** The budget's period or the alarm's month; null for an anomaly. */
export function periodOf(event: CostEvent): string | null {
  return event.source === 'anomaly' ? null : event.period;
}

function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
