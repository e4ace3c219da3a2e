import { type BreakerState, breakerRoom } from './breaker.ts';
import type { CostEvent } from './cost-event.ts';
import { type Instant, minutesBetween } from './instant.ts';
import { formatAmount, formatUsdForPeople } from './money.ts';
import { MODES, type Mode, type Policy } from './policy.ts';
import type { Settings } from './policy-set.ts';
import type { LoweringCode, Reason } from './reason.ts';
import { describeTimeWindow, isInTimeWindow } from './time-window.ts';

/** A signal older than this is not acted on without a person's word, in hours. */
const MAX_SIGNAL_AGE_HOURS = 24;

/** The operators' switch: while it is `paused`, nobody is held and no hold is extended; releases go on. */
export type KillSwitch = 'normal' | 'paused';

/** What a decision depends on besides the event and the policy. */
export interface Circumstances {
  readonly now: Instant;
  readonly killSwitch: KillSwitch;
  readonly breaker: BreakerState;
}

/** How far the engine goes, and each reason for which that is less far than the policy's own mode. */
export interface LoweredMode {
  readonly mode: Mode;
  readonly lowered: readonly Reason<LoweringCode>[];
}

interface Lowering {
  readonly cap: Mode;
  readonly reason: Reason<LoweringCode>;
}

/**
 * The one place where a policy's mode is combined with what speaks against it. It only ever goes down: each step may cap the mode,
 * none can raise it, and only a step that really lowered it is given as a reason.
 */
export function lowerMode(policy: Policy, event: CostEvent, targets: number, settings: Settings, circumstances: Circumstances): LoweredMode {
  const steps: readonly (Lowering | null)[] = [
    notifyOnly(policy),
    spendBelowThreshold(event),
    timeWindow(policy, circumstances.now),
    forecast(policy, event),
    notInUsd(event),
    plausibilityCeiling(event, settings),
    plausibilityRatio(event, settings),
    staleSignal(event, circumstances.now),
    breakerFull(targets, settings, circumstances),
    paused(circumstances.killSwitch),
  ];
  return steps.reduce<LoweredMode>((current, step) => (step === null ? current : lowerBy(current, step)), { mode: policy.mode, lowered: [] });
}

function lowerBy(current: LoweredMode, step: Lowering): LoweredMode {
  if (MODES.indexOf(step.cap) >= MODES.indexOf(current.mode)) return current;
  return { mode: step.cap, lowered: [...current.lowered, step.reason] };
}

function cap(mode: Mode, code: LoweringCode, expected: string, actual: string): Lowering {
  return { cap: mode, reason: { code, expected, actual } };
}

function notifyOnly(policy: Policy): Lowering | null {
  return policy.response.kind === 'notify_only' ? cap('dry_run', 'notify_only', 'an action other than notify_only', 'notify_only') : null;
}

// AWS Budgets can also alert when spend stays *under* a threshold. To hold somebody for that would make no sense.
function spendBelowThreshold(event: CostEvent): Lowering | null {
  if (event.source === 'anomaly' || event.threshold === null || !event.operator?.startsWith('<')) return null;
  return cap('dry_run', 'spend_below_threshold', 'an alert on spend above a threshold', `${event.operator} ${formatAmount(event.threshold)}`);
}

function timeWindow(policy: Policy, now: Instant): Lowering | null {
  const window = policy.exceptions.timeWindows.find((some) => isInTimeWindow(some, now));
  return window === undefined ? null : cap('dry_run', 'time_window', `not ${describeTimeWindow(window)}`, now);
}

function forecast(policy: Policy, event: CostEvent): Lowering | null {
  if (event.source !== 'budgets' || event.alertType !== 'forecasted' || policy.match.alertTypes?.includes('forecasted')) return null;
  return cap('manual', 'forecast', 'an actual amount, or alert_types naming forecasted', 'forecasted');
}

function notInUsd(event: CostEvent): Lowering | null {
  return event.amount.kind === 'usd' ? null : cap('manual', 'not_in_usd', 'an amount in US dollars', event.amount.raw);
}

function plausibilityCeiling(event: CostEvent, settings: Settings): Lowering | null {
  if (event.amount.kind !== 'usd' || event.amount.usd <= settings.plausibilityCeiling) return null;
  return cap('manual', 'plausibility_ceiling', `at most ${formatUsdForPeople(settings.plausibilityCeiling)}`, formatUsdForPeople(event.amount.usd));
}

function plausibilityRatio(event: CostEvent, settings: Settings): Lowering | null {
  if (event.source !== 'budgets' || event.amount.kind !== 'usd' || event.budgetedAmount.kind !== 'usd') return null;
  const budgeted = event.budgetedAmount.usd;
  const millionths = BigInt(Math.round(settings.plausibilityRatio * 1_000_000));
  if (budgeted <= 0n || event.amount.usd * 1_000_000n <= budgeted * millionths) return null;
  const expected = `at most ${settings.plausibilityRatio} times the budgeted ${formatUsdForPeople(budgeted)}`;
  return cap('manual', 'plausibility_ratio', expected, formatUsdForPeople(event.amount.usd));
}

function staleSignal(event: CostEvent, now: Instant): Lowering | null {
  if (event.sentAt === null || minutesBetween(event.sentAt, now) <= MAX_SIGNAL_AGE_HOURS * 60) return null;
  return cap('manual', 'stale_signal', `sent at most ${MAX_SIGNAL_AGE_HOURS} hours ago`, `sent at ${event.sentAt}, decided at ${now}`);
}

function breakerFull(targets: number, settings: Settings, circumstances: Circumstances): Lowering | null {
  const { maxQuarantines, perMinutes } = settings.breaker;
  const room = breakerRoom(circumstances.breaker, settings.breaker, circumstances.now);
  if (targets <= room) return null;
  return cap(
    'manual',
    'breaker_full',
    `at most ${maxQuarantines} principals in ${perMinutes} minutes without a person's word`,
    `${targets} more, with room for ${room}`,
  );
}

function paused(killSwitch: KillSwitch): Lowering | null {
  return killSwitch === 'paused' ? cap('dry_run', 'paused', 'an engine that is not paused', 'paused') : null;
}
