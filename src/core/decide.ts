import { withPlacesTaken } from './breaker.ts';
import { contentId } from './content-hash.ts';
import type { CostEvent } from './cost-event.ts';
import { type Circumstances, lowerMode } from './lower-mode.ts';
import { matchPolicy } from './match-policy.ts';
import type { Plan } from './plan.ts';
import type { Mode } from './policy.ts';
import { candidatesFor, type ExcludedPrincipal, type PolicyIndex, type PreparedPolicy } from './policy-index.ts';
import type { Settings } from './policy-set.ts';
import type { ExemptionCode, LoweringCode, MatchCode, MismatchCode, Reason } from './reason.ts';

interface DecisionOf<Outcome extends string> {
  readonly outcome: Outcome;
  readonly policyId: string;
  /** The policy's own mode, before anything lowered it. */
  readonly mode: Mode;
}

interface NoMatch extends DecisionOf<'no_match'> {
  readonly reasons: readonly Reason<MismatchCode>[];
}

export interface Exempt extends DecisionOf<'exempt'> {
  readonly reasons: readonly Reason<MatchCode | ExemptionCode>[];
  readonly excluded: readonly ExcludedPrincipal[];
}

/** The policy is met and answers, as far as its outcome goes. */
export interface Met extends DecisionOf<Mode> {
  /** Why it was met, then what lowered it. */
  readonly reasons: readonly Reason<MatchCode | LoweringCode>[];
  /** The part of the reasons that lowered the mode. */
  readonly lowered: readonly Reason<LoweringCode>[];
  readonly excluded: readonly ExcludedPrincipal[];
  /** What would be done, or is asked for, or is done. Null where the policy only notifies. */
  readonly plan: Plan | null;
}

/** What one policy says about one event. */
export type Decision = NoMatch | Exempt | Met;

/** What every enabled policy says about the event, in the order of their ids. */
export function decide(event: CostEvent, index: PolicyIndex, circumstances: Circumstances): readonly Decision[] {
  return decideInTurn(index.prepared, event, index.settings, circumstances);
}

/** The same without those that don't match, and without asking them: its cost doesn't grow with the policies that the event has nothing to do with. */
export function decideMatching(event: CostEvent, index: PolicyIndex, circumstances: Circumstances): readonly (Exempt | Met)[] {
  const decisions = decideInTurn(candidatesFor(event, index), event, index.settings, circumstances);
  return decisions.filter((decision) => decision.outcome !== 'no_match');
}

/** The id of a policy's answer to an event. Attempt 1 is the engine's own; each `Ask now` or `Ask again` makes the next. */
export function executionId(policyId: string, eventId: string, attempt: number): string {
  return contentId('exe', [policyId, eventId, attempt]);
}

function decideInTurn(policies: readonly PreparedPolicy[], event: CostEvent, settings: Settings, circumstances: Circumstances): readonly Decision[] {
  let breaker = circumstances.breaker;
  return policies.map((prepared) => {
    const decision = decideOne(prepared, event, settings, { ...circumstances, breaker });
    // Each `auto` takes its places before the next policy is asked, as it will when the decisions are committed one after the other.
    if (decision.outcome === 'auto') breaker = withPlacesTaken(breaker, settings.breaker, prepared.targets.length, circumstances.now);
    return decision;
  });
}

function decideOne({ policy, targets, excluded, plan }: PreparedPolicy, event: CostEvent, settings: Settings, circumstances: Circumstances): Decision {
  const { policyId, mode } = policy;
  const match = matchPolicy(policy, event);
  if (match.kind === 'no_match') return { outcome: 'no_match', policyId, mode, reasons: match.reasons };
  if (match.kind === 'exempt') return { outcome: 'exempt', policyId, mode, reasons: match.reasons, excluded: [] };
  if (excluded.length > 0 && targets.length === 0) {
    const reason = { code: 'all_principals_excluded', expected: 'a principal that is neither excepted nor protected', actual: 'none' } as const;
    return { outcome: 'exempt', policyId, mode, reasons: [...match.reasons, reason], excluded };
  }
  const { mode: outcome, lowered } = lowerMode(policy, event, targets.length, settings, circumstances);
  return { outcome, policyId, mode, reasons: [...match.reasons, ...lowered], lowered, excluded, plan };
}
