import type { CostEvent, Source } from '../../src/core/cost-event.ts';
import { aBillingAlarm, aBudgetEvent, amount, anAnomaly, aRootCause, at, decimal, usd } from '../support/builders.ts';

/** An event as the tables describe it: what a row doesn't say is as in the builders. */
export interface CaseEvent {
  readonly source?: Source;
  readonly account?: string;
  readonly amount?: string;
  readonly budgeted?: string;
  readonly budget_name?: string;
  readonly alert_type?: 'actual' | 'forecasted';
  readonly operator?: '>' | '<' | '=';
  readonly sent_at?: string | null;
  readonly service?: string | null;
  readonly expected_spend?: string;
  readonly impact_percent?: number | 'infinite' | null;
  readonly causes?: readonly {
    readonly account?: string | null;
    readonly service?: string | null;
    readonly region?: string | null;
    readonly contribution?: string | null;
  }[];
}

export function eventOf(described: CaseEvent): CostEvent {
  const account = described.account ?? '111122223333';
  const common = {
    amount: amount(described.amount ?? '250.00'),
    sentAt: described.sent_at === null ? null : at(described.sent_at ?? '2026-03-10T02:05:00Z'),
  };
  if (described.source === 'anomaly') return anAnomaly({ ...common, ...anomalyParts(described) });
  if (described.source === 'billing_alarm')
    return aBillingAlarm({ ...common, accountId: account, service: described.service ?? null, operator: described.operator ?? null });
  return aBudgetEvent({
    ...common,
    accountId: account,
    budgetedAmount: amount(described.budgeted ?? '200.00'),
    budgetName: described.budget_name ?? 'platform-monthly',
    alertType: described.alert_type ?? 'actual',
    operator: described.operator ?? '>',
  });
}

function anomalyParts(described: CaseEvent): Parameters<typeof anAnomaly>[0] {
  const causes = described.causes?.map(({ account, service, region, contribution }) =>
    aRootCause({
      ...(account === undefined ? {} : { accountId: account }),
      ...(service === undefined ? {} : { service }),
      ...(region === undefined ? {} : { region }),
      contribution: contribution === undefined || contribution === null ? null : decimal(contribution),
    }),
  );
  return {
    ...(described.account === undefined ? {} : { ownerAccountId: described.account }),
    ...(described.impact_percent === undefined ? {} : { impactPercent: described.impact_percent }),
    ...(described.expected_spend === undefined ? {} : { expectedSpend: usd(described.expected_spend) }),
    ...(causes === undefined ? {} : { rootCauses: causes }),
  };
}
