import type { JsonValue } from './content-hash.ts';
import { addMinutes, type Instant, minutesBetween } from './instant.ts';
import { type Holder, liveHolders, type Quarantine, type Refusal, type RefusalCode, withRefusals } from './quarantine.ts';
import type { Transition } from './transition.ts';

/** While a call is unanswered, somebody may still be making it; longer than any function may run. Minutes. */
export const LEASE_MINUTES = 1.5;

/** After a call, so long until what IAM lists is believed: longer than IAM is ever stale plus two function time-outs. Minutes. */
export const SETTLE_MINUTES = 5;

/** An attach may be refused for want of a right, or of this revision's policy, for so long before it is given up: a deploy may be under way. Minutes. */
export const GRACE_MINUTES = 5;

/** What the checks before an attach say of one holder. */
export type Verdict = { readonly kind: 'ok' } | { readonly kind: 'refused'; readonly why: RefusalCode } | { readonly kind: 'wait' };

/** What was found out so far in this round; a step may ask for more. */
export interface Known {
  /** Whether IAM lists the deny policy at the principal, read after the quarantine was. */
  readonly listed?: boolean;
  /** By execution id, for every live holder. */
  readonly verdicts?: ReadonlyMap<string, Verdict>;
}

/** What to do next about a quarantine. */
export type Step =
  | { readonly kind: 'rest'; readonly dueAt: Instant | null }
  | { readonly kind: 'ask_list' }
  | { readonly kind: 'ask_checks'; readonly holders: readonly Holder[] }
  | { readonly kind: 'commit'; readonly transition: Transition<Quarantine> }
  /** Commit first, then call: no call without a record. */
  | { readonly kind: 'call'; readonly call: 'attach' | 'detach'; readonly transition: Transition<Quarantine> };

/** How a call ended. `gone`: the principal, or the attachment, isn't there. */
export type CallResult = 'ok' | 'gone' | 'quota' | 'access_denied' | 'failed';

/**
 * The next step of a quarantine towards what its holders want. Only a detach leads back from `attaching`; what IAM lists counts only
 * once the last call has settled; and no way leads to `absent` without that.
 */
export function nextStep(quarantine: Quarantine, now: Instant, known: Known = {}): Step {
  const leaseEndsAt = leaseEnd(quarantine);
  if (leaseEndsAt !== null && now < leaseEndsAt) return { kind: 'rest', dueAt: leaseEndsAt };
  const live = liveHolders(quarantine, now);
  const isFree = quarantine.phase === 'absent' || quarantine.phase === 'detaching';
  if (live.length < quarantine.holders.length && (isFree || live.length > 0)) return leave(quarantine, live, isFree, now);
  switch (quarantine.phase) {
    case 'absent':
      return live.length > 0 ? attachOr(quarantine, live, now, known, rest(quarantine, now)) : rest(quarantine, now);
    case 'attaching':
      return live.length > 0 ? whileAttaching(quarantine, live, now, known) : detach(quarantine, now);
    case 'attached':
      return live.length > 0 ? look(quarantine, now, known) : detach(quarantine, now);
    case 'detaching':
      return live.length > 0 ? attachOr(quarantine, live, now, known, whileDetaching(quarantine, now, known)) : whileDetaching(quarantine, now, known);
  }
}

/**
 * Records how the call under way ended. What it says is for people ("held", "free again"); only a look after the settle time confirms
 * it. Null where no answer is waited for.
 */
export function recordAnswer(quarantine: Quarantine, result: CallResult, now: Instant): Transition<Quarantine> | null {
  if (!isCalling(quarantine) || quarantine.answer !== 'none') return null;
  const call = quarantine.phase === 'attaching' ? 'attach' : 'detach';
  const succeeded = result === 'ok' || (result === 'gone' && call === 'detach');
  if (succeeded) {
    const firstAttachedAt = call === 'attach' ? (quarantine.firstAttachedAt ?? now) : quarantine.firstAttachedAt;
    const state = { ...quarantine, answer: 'ok', failures: 0, deniedSince: null, firstAttachedAt } as const;
    return moved(quarantine, { ...state, dueAt: dueFor(state, now) }, `quarantine.${call}_answered`, { result });
  }
  const deniedSince = result === 'access_denied' ? (quarantine.deniedSince ?? now) : null;
  const state = { ...quarantine, answer: 'failed', failures: quarantine.failures + 1, deniedSince } as const;
  const why = call === 'attach' ? givenUp(result, deniedSince, now) : null;
  const refusals = why === null ? [] : refusalsOf(liveHolders(state, now), why, now);
  const after = withRefusals(state, refusals);
  const details = { result, failures: state.failures, refusals: refusalDetails(refusals) };
  return moved(quarantine, { ...after, dueAt: dueFor(after, now) }, `quarantine.${call}_failed`, details);
}

function givenUp(result: CallResult, deniedSince: Instant | null, now: Instant): RefusalCode | null {
  if (result === 'quota') return 'quota';
  return deniedSince !== null && minutesBetween(deniedSince, now) >= GRACE_MINUTES ? 'access_denied' : null;
}

type Attaching = Extract<Quarantine, { phase: 'attaching' }>;
type Detaching = Extract<Quarantine, { phase: 'detaching' }>;
type Attached = Extract<Quarantine, { phase: 'attached' }>;

function isCalling(quarantine: Quarantine): quarantine is Attaching | Detaching {
  return quarantine.phase === 'attaching' || quarantine.phase === 'detaching';
}

// Until then somebody may still be calling; null where no answer is waited for.
function leaseEnd(quarantine: Quarantine): Instant | null {
  return isCalling(quarantine) && quarantine.answer === 'none' ? addMinutes(quarantine.calledAt, LEASE_MINUTES) : null;
}

function isSettled(quarantine: Attaching | Detaching, now: Instant): boolean {
  return minutesBetween(quarantine.calledAt, now) >= SETTLE_MINUTES;
}

// A call that IAM denies us changes nothing. Were the settle time counted from each of them, a detach that is denied each minute would
// never be looked at, and never end although somebody else took it off.
function isDeniedForLong(quarantine: Detaching, now: Instant): boolean {
  const { answer, deniedSince } = quarantine;
  return answer === 'failed' && deniedSince !== null && minutesBetween(deniedSince, now) >= SETTLE_MINUTES;
}

function whileAttaching(quarantine: Attaching, live: readonly Holder[], now: Instant, known: Known): Step {
  const settled = isSettled(quarantine, now);
  if (!settled && quarantine.answer === 'ok') return rest(quarantine, now);
  if (settled) {
    if (known.listed === undefined) return { kind: 'ask_list' };
    if (known.listed) return confirmAttached(quarantine, now);
  }
  return attachOr(quarantine, live, now, known, rest(quarantine, now));
}

function whileDetaching(quarantine: Detaching, now: Instant, known: Known): Step {
  if (!isSettled(quarantine, now) && !isDeniedForLong(quarantine, now)) return quarantine.answer === 'ok' ? rest(quarantine, now) : detach(quarantine, now);
  if (known.listed === undefined) return { kind: 'ask_list' };
  return known.listed ? detach(quarantine, now) : confirmAbsent(quarantine, now);
}

// The checks decide: attach for whoever may, refuse whoever may not, and do `otherwise` while nobody can say yet.
function attachOr(quarantine: Quarantine, live: readonly Holder[], now: Instant, known: Known, otherwise: Step): Step {
  const { verdicts } = known;
  if (verdicts === undefined) return { kind: 'ask_checks', holders: live };
  const refusals = live.flatMap((holder) => {
    const verdict = verdicts.get(holder.executionId);
    return verdict?.kind === 'refused' ? refusalsOf([holder], verdict.why, now) : [];
  });
  if (live.some(({ executionId }) => verdicts.get(executionId)?.kind === 'ok')) return attach(quarantine, refusals, now);
  if (refusals.length === 0) return otherwise;
  const after = withRefusals(quarantine, refusals);
  return { kind: 'commit', transition: moved(quarantine, { ...after, dueAt: now }, 'quarantine.refused', { refusals: refusalDetails(refusals) }) };
}

function attach(quarantine: Quarantine, refusals: readonly Refusal[], now: Instant): Step {
  const failures = quarantine.phase === 'attaching' ? quarantine.failures + Number(quarantine.answer === 'none') : 0;
  const deniedSince = quarantine.phase === 'attaching' ? quarantine.deniedSince : null;
  const state = { ...commonOf(withRefusals(quarantine, refusals), now), phase: 'attaching', calledAt: now, answer: 'none', failures, deniedSince } as const;
  const details = { called_at: now, refusals: refusalDetails(refusals) };
  return { kind: 'call', call: 'attach', transition: moved(quarantine, { ...state, dueAt: dueFor(state, now) }, 'quarantine.attach_ordered', details) };
}

function detach(quarantine: Quarantine, now: Instant): Step {
  const failures = quarantine.phase === 'detaching' ? quarantine.failures + Number(quarantine.answer === 'none') : 0;
  const deniedSince = quarantine.phase === 'detaching' ? quarantine.deniedSince : null;
  const state = { ...commonOf(quarantine, now), phase: 'detaching', calledAt: now, answer: 'none', failures, deniedSince } as const;
  const details = { called_at: now };
  return { kind: 'call', call: 'detach', transition: moved(quarantine, { ...state, dueAt: dueFor(state, now) }, 'quarantine.detach_ordered', details) };
}

function confirmAttached(quarantine: Attaching, now: Instant): Step {
  const state = {
    ...commonOf(quarantine, now),
    firstAttachedAt: quarantine.firstAttachedAt ?? now,
    phase: 'attached',
    calledAt: quarantine.calledAt,
    attachedAt: now,
    nextLookAt: addMinutes(now, 1),
    missingSince: null,
    driftTold: false,
  } as const;
  return { kind: 'commit', transition: moved(quarantine, { ...state, dueAt: dueFor(state, now) }, 'quarantine.attached', {}) };
}

function confirmAbsent(quarantine: Detaching, now: Instant): Step {
  const state = { ...commonOf(quarantine, now), firstAttachedAt: null, wasThere: false, phase: 'absent', calledAt: quarantine.calledAt } as const;
  return { kind: 'commit', transition: moved(quarantine, { ...state, dueAt: dueFor(state, now) }, 'quarantine.absent', {}) };
}

// A look now and then: what was taken off behind our back is told, once, and not put back: somebody may have had a reason.
function look(quarantine: Attached, now: Instant, known: Known): Step {
  if (now < quarantine.nextLookAt) return rest(quarantine, now);
  if (known.listed === undefined) return { kind: 'ask_list' };
  const missingSince = known.listed ? null : (quarantine.missingSince ?? now);
  const drifted = missingSince !== null && minutesBetween(missingSince, now) >= DRIFT_MINUTES;
  const nextLookAt = addMinutes(now, missingSince !== null && !drifted ? DRIFT_MINUTES : LOOK_MINUTES);
  const state = {
    ...commonOf(quarantine, now),
    phase: 'attached',
    calledAt: quarantine.calledAt,
    attachedAt: quarantine.attachedAt,
    nextLookAt,
    missingSince,
    driftTold: drifted,
  } as const;
  const action = drifted && !quarantine.driftTold ? 'quarantine.drifted' : 'quarantine.looked';
  return { kind: 'commit', transition: moved(quarantine, { ...state, dueAt: dueFor(state, now) }, action, { listed: known.listed }) };
}

// Whose time is over leaves. Where nothing was attached for them meanwhile they never had it, and their executions must know; who let
// go, so that the time was over with the order itself, knows it.
function leave(quarantine: Quarantine, live: readonly Holder[], isFree: boolean, now: Instant): Step {
  const over = quarantine.holders.filter((holder) => !live.includes(holder));
  const missed = over.filter(({ orderedAt, expiresAt }) => isFree && expiresAt !== orderedAt);
  const refusals = refusalsOf(missed, 'too_late', now);
  const state = { ...withRefusals(quarantine, refusals), holders: live };
  const details = { refusals: refusalDetails(refusals) };
  return { kind: 'commit', transition: moved(quarantine, { ...state, dueAt: dueFor(state, now) }, 'quarantine.holders_left', details) };
}

// What is owed already and can't be done now is tried again a minute later: never a time that is over, or it would come up in every sweep.
function rest(quarantine: Quarantine, now: Instant): Step {
  const dueAt = dueFor(quarantine, now);
  return { kind: 'rest', dueAt: dueAt !== null && dueAt <= now ? addMinutes(now, 1) : dueAt };
}

const DRIFT_MINUTES = 5;
const LOOK_MINUTES = 60;
const RETRY_MINUTES = [1, 2, 4, 5];

/** When somebody must look at the quarantine again: never later than the next holder's end. */
export function dueFor(quarantine: Quarantine, now: Instant): Instant | null {
  const ends = quarantine.holders.map(({ expiresAt }) => expiresAt).filter((expiresAt) => expiresAt !== null);
  const next = nextEffort(quarantine, now);
  const times = next === null ? ends : [...ends, next];
  return times.length === 0 ? null : times.reduce((a, b) => (a < b ? a : b));
}

function nextEffort(quarantine: Quarantine, now: Instant): Instant | null {
  switch (quarantine.phase) {
    case 'absent':
      return quarantine.holders.length > 0 ? addMinutes(now, 1) : null;
    case 'attached':
      return quarantine.holders.length > 0 ? quarantine.nextLookAt : now;
    default:
      return nextCall(quarantine, now);
  }
}

function nextCall(quarantine: Attaching | Detaching, now: Instant): Instant {
  const { phase, calledAt, answer, failures, holders } = quarantine;
  if (answer === 'none') return addMinutes(calledAt, LEASE_MINUTES);
  // Somebody came or left while the call was under way: what they want can be done at once.
  if ((phase === 'attaching') !== holders.length > 0) return now;
  if (answer === 'ok') return addMinutes(calledAt, SETTLE_MINUTES);
  return addMinutes(now, phase === 'detaching' ? 1 : (RETRY_MINUTES[failures - 1] ?? 5));
}

function commonOf(quarantine: Quarantine, now: Instant) {
  const { quarantineId, principal, denyPolicyName, documentHash, refusals, firstAttachedAt, wasThere, dueAt } = quarantine;
  return { quarantineId, principal, denyPolicyName, documentHash, holders: liveHolders(quarantine, now), refusals, firstAttachedAt, wasThere, dueAt };
}

function refusalsOf(holders: readonly Holder[], why: RefusalCode, now: Instant): readonly Refusal[] {
  return holders.map(({ executionId }) => ({ executionId, why, refusedAt: now }));
}

function refusalDetails(refusals: readonly Refusal[]): readonly { readonly execution_id: string; readonly why: string }[] {
  return refusals.map(({ executionId, why }) => ({ execution_id: executionId, why }));
}

function moved(before: Quarantine, state: Quarantine, action: string, details: { readonly [key: string]: JsonValue }): Transition<Quarantine> {
  const holders = state.holders.map(({ executionId, expiresAt }) => ({ execution_id: executionId, expires_at: expiresAt }));
  const staying = new Set(state.holders.map(({ executionId }) => executionId));
  const left = before.holders.map(({ executionId }) => executionId).filter((executionId) => !staying.has(executionId));
  const what = { principal: state.principal.arn, deny_policy: state.denyPolicyName, from: before.phase, to: state.phase, holders, left };
  return { state, entry: { action, actor: 'system', details: { ...what, ...details } } };
}
