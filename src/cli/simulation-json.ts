import { accountIdsOf, alertTypeOf, type CostEvent, periodOf, regionsOf, servicesOf } from '../core/cost-event.ts';
import type { Decision } from '../core/decide.ts';
import { formatUsd } from '../core/money.ts';
import type { SimulatedSignal } from './simulated-signal.ts';

/** What `simulate --json` prints: the outside form, in snake_case, of events and decisions. */
export function simulationJson(signals: readonly SimulatedSignal[]): object {
  return { results: signals.map(resultJson) };
}

function resultJson(signal: SimulatedSignal): object {
  if (signal.kind === 'unreadable') return { event: null, error: { code: 'unreadable_signal', ...signal.error } };
  return { event: eventJson(signal.event), decided_at: signal.decidedAt, decisions: signal.decisions.map(decisionJson) };
}

/** An event in its outside form. */
export function eventJson(event: CostEvent): object {
  return {
    event_id: event.eventId,
    incident_id: event.incidentId,
    source: event.source,
    account_ids: accountIdsOf(event),
    amount_usd: event.amount.kind === 'usd' ? formatUsd(event.amount.usd) : null,
    ...(event.amount.kind === 'other' ? { amount_raw: event.amount.raw } : {}),
    alert_type: alertTypeOf(event),
    budget_name: event.source === 'budgets' ? event.budgetName : null,
    period: periodOf(event),
    services: servicesOf(event),
    regions: regionsOf(event),
    sent_at: event.sentAt,
  };
}

/** A decision in its outside form. */
export function decisionJson(decision: Decision): object {
  const { outcome, policyId, mode, reasons } = decision;
  const common = { policy_id: policyId, outcome, mode, reasons };
  if (decision.outcome === 'no_match') return { ...common, targets: [], excluded: [], ttl_minutes: null, deny_policy_name: null };
  if (decision.outcome === 'exempt') return { ...common, targets: [], excluded: decision.excluded, ttl_minutes: null, deny_policy_name: null };
  const { plan, excluded } = decision;
  return {
    ...common,
    targets: plan?.principals ?? [],
    excluded,
    ttl_minutes: plan?.ttlMinutes ?? null,
    deny_policy_name: plan?.denyPolicyName ?? null,
    plan_hash: plan?.planHash ?? null,
  };
}
