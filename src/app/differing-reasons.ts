import type { Reason } from '../core/reason.ts';
import type { Side } from './compare-decisions.ts';

/** The reasons of each side of a decision that explain why it differs from the other; those that both have in common say nothing. */
export function differingReasons(before: Side, after: Side): { readonly before: readonly Reason[]; readonly after: readonly Reason[] } {
  const [earlier, later] = [reasonsOf(before), reasonsOf(after)];
  return { before: relevant(missingIn(later, earlier), before, after, later), after: relevant(missingIn(earlier, later), after, before, earlier) };
}

function reasonsOf(side: Side): readonly Reason[] {
  return side.kind === 'decided' ? side.decision.reasons : [];
}

function missingIn(others: readonly Reason[], reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(({ code, expected, actual }) => !others.some((other) => other.code === code && other.expected === expected && other.actual === actual));
}

// What isn't met gives only what kept it from that, so of the side that is met only the same matters: its amount beside the amount.
function relevant(reasons: readonly Reason[], side: Side, other: Side, others: readonly Reason[]): readonly Reason[] {
  if (isUnmet(side) || !isUnmet(other)) return reasons;
  const topics = others.map(topicOf);
  const sameTopics = reasons.filter((reason) => topics.includes(topicOf(reason)));
  return sameTopics.length > 0 ? sameTopics : reasons;
}

function isUnmet(side: Side): boolean {
  return side.kind === 'decided' && side.decision.outcome === 'no_match';
}

// `amount_met` and `amount_below_min` speak of the same thing.
function topicOf({ code }: Reason): string {
  return code.split('_', 1).join();
}
