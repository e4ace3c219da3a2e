import type * as z from 'zod';
import type { DescribedAlarm, DescribedAnomaly, DescribedBudget, DescribedCause, DescribedEvent } from '../../app/described-event.ts';
import type { Source } from '../../core/cost-event.ts';
import { parseInstant } from '../../core/instant.ts';
import { type Amount, type Decimal, parseDecimal, roundToCents, type Usd } from '../../core/money.ts';
import { childPath } from '../../core/problem.ts';
import { EVENTS } from './policy-test-schema.ts';
import type { YamlDocument } from './yaml-document.ts';

type Written = number | string | null | undefined;
type RawScalar = YamlDocument['rawScalar'];

/** The event that a document describes; the document meets its schema already. Here, and nowhere else, snake_case becomes camelCase. */
export function toDescribedEvent(source: Source, { value, rawScalar }: YamlDocument): DescribedEvent {
  switch (source) {
    case 'budgets':
      return toBudget(EVENTS.budgets.parse(value), rawScalar);
    case 'anomaly':
      return toAnomaly(EVENTS.anomaly.parse(value), rawScalar);
    case 'billing_alarm':
      return toAlarm(EVENTS.billing_alarm.parse(value), rawScalar);
  }
}

function toBudget(event: z.infer<typeof EVENTS.budgets>, raw: RawScalar): DescribedBudget {
  return {
    source: 'budgets',
    accountId: event.account_id,
    sentAt: parseInstant(event.sent_at ?? ''),
    amount: toAmount(event, raw),
    alertType: event.alert_type ?? null,
    budgetName: event.budget_name ?? null,
    budgetedAmount: toUsd(event.budgeted_amount_usd, raw('/budgeted_amount_usd')),
    threshold: toUsd(event.threshold_usd, raw('/threshold_usd')),
    operator: event.operator ?? null,
    period: event.period ?? null,
  };
}

function toAnomaly(event: z.infer<typeof EVENTS.anomaly>, raw: RawScalar): DescribedAnomaly {
  return {
    source: 'anomaly',
    accountId: event.account_id,
    sentAt: parseInstant(event.sent_at ?? ''),
    impact: roundToCents(exactly(event.amount_usd, raw('/amount_usd'))),
    impactPercent: event.impact_percent ?? null,
    expectedSpend: toUsd(event.expected_spend_usd, raw('/expected_spend_usd')),
    rootCauses: (event.root_causes ?? []).map((cause, index): DescribedCause => {
      const contribution = cause.contribution_usd ?? null;
      return {
        accountId: cause.account_id ?? null,
        service: cause.service ?? null,
        region: cause.region ?? null,
        contribution: contribution === null ? null : exactly(contribution, raw(childPath('/root_causes', index, 'contribution_usd'))),
      };
    }),
  };
}

function toAlarm(event: z.infer<typeof EVENTS.billing_alarm>, raw: RawScalar): DescribedAlarm {
  return {
    source: 'billing_alarm',
    accountId: event.account_id,
    sentAt: parseInstant(event.sent_at ?? ''),
    amount: toAmount(event, raw),
    alarmName: event.alarm_name ?? null,
    service: event.service ?? null,
    threshold: toUsd(event.threshold_usd, raw('/threshold_usd')),
    operator: event.operator ?? null,
  };
}

function toAmount(event: { readonly amount_usd?: Written; readonly amount_raw?: string | null | undefined }, raw: RawScalar): Amount {
  const usd = toUsd(event.amount_usd, raw('/amount_usd'));
  return usd === null ? { kind: 'other', raw: event.amount_raw ?? '' } : { kind: 'usd', usd };
}

function toUsd(written: Written, raw: string | null): Usd | null {
  return written === null || written === undefined ? null : roundToCents(exactly(written, raw));
}

/** By the digits that were written, so that nothing is lost on the way. */
function exactly(written: number | string, raw: string | null): Decimal {
  const exact = parseDecimal(raw ?? '') ?? parseDecimal(String(written));
  if (exact === null) throw new Error(`the schema let ${JSON.stringify(written)} pass as an amount`);
  return exact;
}
