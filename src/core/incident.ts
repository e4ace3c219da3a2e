import { type AlertType, alertTypeOf, type CostEvent } from './cost-event.ts';
import type { Met } from './decide.ts';
import { extendedExpiry, type HoldTime } from './extension.ts';
import { addMinutes, type Instant } from './instant.ts';
import type { KillSwitch } from './lower-mode.ts';
import type { Amount } from './money.ts';

/** After a rejection, people are not asked about the same incident again for so long, in hours. */
const REJECTION_HOURS = 24;

/** How bad an incident was when it was last asked about: what a later event is compared with. */
export interface Severity {
  readonly amount: Amount;
  readonly threshold: Amount | null;
  readonly alertType: AlertType | null;
}

/** An execution that still waits for an answer, or holds somebody. */
export type OpenExecution = { readonly executionId: string; readonly planHash: string } & (
  | { readonly stage: 'waiting' }
  | ({ readonly stage: 'holding' } & HoldTime)
);

/** What is remembered of one (policy, incident). */
export interface IncidentState {
  readonly open: OpenExecution | null;
  readonly lastRejection: { readonly rejectedAt: Instant; readonly severity: Severity } | null;
}

export const NO_INCIDENT: IncidentState = { open: null, lastRejection: null };

/** What a further event of an incident leads to. */
export type IncidentAnswer =
  /** A new execution. */
  | { readonly kind: 'start' }
  /** The open execution takes the event in. */
  | { readonly kind: 'merge'; readonly executionId: string; readonly effect: 'update_request' | 'still_rising' }
  | { readonly kind: 'merge'; readonly executionId: string; readonly effect: 'extend'; readonly expiresAt: Instant }
  /** A person said no, and nothing is worse since. */
  | { readonly kind: 'rest'; readonly restUntil: Instant };

/**
 * What a policy that is met does about an incident with a past: join what is open under the same plan, respect a rejection for a
 * day unless it got worse, or start anew. An open execution of another plan doesn't stop a new one.
 */
export function answerIncident(
  state: IncidentState,
  decision: Met,
  event: CostEvent,
  circumstances: { readonly now: Instant; readonly killSwitch: KillSwitch; readonly maxTtlMinutes: number },
): IncidentAnswer {
  const { open, lastRejection } = state;
  const { plan } = decision;
  if (open !== null && plan !== null && open.planHash === plan.planHash) return mergeInto(open, decision.outcome, plan.ttlMinutes, circumstances);
  if (lastRejection === null || decision.outcome === 'dry_run') return { kind: 'start' };
  const restUntil = addMinutes(lastRejection.rejectedAt, REJECTION_HOURS * 60);
  const isOver = circumstances.now >= restUntil;
  return isOver || isWorse(lastRejection.severity, severityOf(event)) ? { kind: 'start' } : { kind: 'rest', restUntil };
}

/** What to remember of an event, to tell later whether it got worse. */
export function severityOf(event: CostEvent): Severity {
  const threshold = event.source === 'anomaly' ? null : event.threshold;
  return { amount: event.amount, threshold, alertType: alertTypeOf(event) };
}

function mergeInto(
  open: OpenExecution,
  outcome: Met['outcome'],
  ttlMinutes: number,
  circumstances: { readonly now: Instant; readonly killSwitch: KillSwitch; readonly maxTtlMinutes: number },
): IncidentAnswer {
  const { executionId } = open;
  if (open.stage === 'waiting') return { kind: 'merge', executionId, effect: 'update_request' };
  const stillRising = { kind: 'merge', executionId, effect: 'still_rising' } as const;
  if (outcome !== 'auto' || circumstances.killSwitch === 'paused') return stillRising;
  const expiresAt = extendedExpiry(open, ttlMinutes, circumstances.maxTtlMinutes, circumstances.now);
  return expiresAt === null || expiresAt === open.expiresAt ? stillRising : { kind: 'merge', executionId, effect: 'extend', expiresAt };
}

function isWorse(before: Severity, after: Severity): boolean {
  const doubled = before.amount.kind === 'usd' && after.amount.kind === 'usd' && after.amount.usd > 0n && after.amount.usd >= 2n * before.amount.usd;
  const higher = before.threshold?.kind === 'usd' && after.threshold?.kind === 'usd' && after.threshold.usd > before.threshold.usd;
  const nowActual = before.alertType === 'forecasted' && after.alertType === 'actual';
  return doubled || higher || nowActual;
}
