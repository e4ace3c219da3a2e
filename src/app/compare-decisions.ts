import { type Decision, decide, decideMatching } from '../core/decide.ts';
import type { Plan } from '../core/plan.ts';
import { MODES, type Policy } from '../core/policy.ts';
import { indexPolicies } from '../core/policy-index.ts';
import type { PolicySet } from '../core/policy-set.ts';
import type { Principal } from '../core/principal.ts';
import { type PolicyChange, type PolicyPair, pairPolicies, policyChanges, policyIdOf, settingsThatDiffer } from './compare-policies.ts';
import { circumstancesAt, type TimedAlert } from './replay-alerts.ts';

/** What a policy says of an alert at one of two times, or why it says nothing. */
export type Side =
  | { readonly kind: 'decided'; readonly decision: Decision; readonly policy: Policy }
  | { readonly kind: 'missing' }
  | { readonly kind: 'disabled' };

/**
 * Where a decision went: it goes further than before; as far, but for more principals, longer or for more actions; as far, but for
 * less of these; less far; or nothing is done to anybody before and after, for another reason.
 */
type Course = 'further' | 'wider' | 'narrower' | 'less_far' | 'other_reason';

/** A value that differs. */
interface Difference<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** How the deny policy differs; what is null is the same. */
export interface DenyDifference {
  readonly actionsAdded: readonly string[];
  readonly actionsRemoved: readonly string[];
  /** A null among them means everywhere. */
  readonly regions: Difference<readonly string[] | null> | null;
  readonly seal: Difference<boolean> | null;
}

/** An alert of which a policy says something else than before. */
export interface DecisionChange {
  readonly alert: TimedAlert;
  readonly policyId: string;
  /** The policy's id before, where that was another. */
  readonly formerId: string | null;
  readonly course: Course;
  readonly before: Side;
  readonly after: Side;
  readonly targetsAdded: readonly Principal[];
  readonly targetsRemoved: readonly Principal[];
  /** Null where it is the same, or there is a plan on one side only. */
  readonly ttlMinutes: Difference<number> | null;
  /** Null where it is the same, or there is a plan on one side only. */
  readonly deny: DenyDifference | null;
}

/** A policy that is written differently, and how many alerts it would decide differently. */
export interface ComparedPolicy extends PolicyChange {
  readonly alertsChanged: number;
}

/** All that differs between two policy sets, and between what they say of the same alerts. */
export interface Comparison {
  /** Keys of `settings.yaml`. */
  readonly settings: readonly string[];
  readonly policies: readonly ComparedPolicy[];
  /** The most dangerous first: by how far the decision goes at most, then by its course, then by how many it would newly hold. */
  readonly changes: readonly DecisionChange[];
  /** How many alerts would be decided differently by at least one policy. */
  readonly alertsChanged: number;
}

type Met = Extract<Decision, { readonly plan: unknown }>;
type Decisions = ReadonlyMap<string, Decision>;

const COURSES: readonly Course[] = ['further', 'wider', 'less_far', 'narrower', 'other_reason'];

/** Decides each alert by both policy sets, each as of the alert's own time, and says where that differs. */
export function compareDecisions(before: PolicySet, after: PolicySet, alerts: readonly TimedAlert[]): Comparison {
  const pairs = pairPolicies(before, after);
  const [indexBefore, indexAfter] = [indexPolicies(before), indexPolicies(after)];
  const changes = alerts.flatMap((alert) => {
    const { event, decidedAt } = alert;
    const circumstances = circumstancesAt(decidedAt);
    const differing = (decideAll: typeof decide): readonly DecisionChange[] => {
      const earlier = byPolicy(decideAll(event, indexBefore, circumstances));
      const later = byPolicy(decideAll(event, indexAfter, circumstances));
      return pairs.flatMap((pair) => changeOf(alert, pair, earlier, later) ?? []);
    };
    // Most alerts change nothing, and the policies that are met tell so. All are asked only where the reasons of the others matter.
    return differing(decideMatching).length > 0 ? differing(decide) : [];
  });
  const alertsOf = (policyId: string): number => changes.filter((change) => change.policyId === policyId).length;
  return {
    settings: settingsThatDiffer(before.settings, after.settings),
    policies: policyChanges(pairs).map((change) => ({ ...change, alertsChanged: alertsOf(change.policyId) })),
    changes: changes.sort(byDanger),
    alertsChanged: new Set(changes.map(({ alert }) => alert.event.eventId)).size,
  };
}

/** What the side says that somebody would be held for, asked about or told of; null where it is nothing. */
export function planOf(side: Side): Plan | null {
  return metOf(side)?.plan ?? null;
}

function changeOf(alert: TimedAlert, pair: PolicyPair, earlier: Decisions, later: Decisions): DecisionChange | null {
  const before = sideOf(pair.before, earlier);
  const after = sideOf(pair.after, later);
  const [planBefore, planAfter] = [planOf(before), planOf(after)];
  const targetsAdded = without(planAfter, planBefore);
  const targetsRemoved = without(planBefore, planAfter);
  const ttl = planBefore !== null && planAfter !== null ? { before: planBefore.ttlMinutes, after: planAfter.ttlMinutes } : null;
  const differences = {
    targetsAdded,
    targetsRemoved,
    ttlMinutes: ttl === null || ttl.before === ttl.after ? null : ttl,
    deny: planBefore?.documentHash === planAfter?.documentHash ? null : denyDifference(before, after),
  };
  const planDiffers = targetsAdded.length + targetsRemoved.length > 0 || differences.ttlMinutes !== null || differences.deny !== null;
  if (outcomeOf(before) === outcomeOf(after) && !planDiffers) return null;
  const policyId = policyIdOf(pair);
  const formerId = pair.before === null || pair.before.policyId === policyId ? null : pair.before.policyId;
  return { alert, policyId, formerId, course: courseOf(before, after, differences), before, after, ...differences };
}

function sideOf(policy: Policy | null, decisions: Decisions): Side {
  if (policy === null) return { kind: 'missing' };
  if (!policy.enabled) return { kind: 'disabled' };
  const { policyId, mode } = policy;
  return { kind: 'decided', policy, decision: decisions.get(policyId) ?? { outcome: 'no_match', policyId, mode, reasons: [] } };
}

// A policy that isn't there does what one does that isn't met.
function outcomeOf(side: Side): Decision['outcome'] {
  return side.kind === 'decided' ? side.decision.outcome : 'no_match';
}

function metOf(side: Side): Met | null {
  return side.kind === 'decided' && 'plan' in side.decision ? side.decision : null;
}

function denyDifference(before: Side, after: Side): DenyDifference | null {
  const [earlier, later] = [before, after].map((side) => (side.kind === 'decided' && side.policy.response.kind === 'deny' ? side.policy.response : null));
  if (!earlier || !later || planOf(before) === null || planOf(after) === null) return null;
  return {
    actionsAdded: later.actions.filter((action) => !earlier.actions.includes(action)),
    actionsRemoved: earlier.actions.filter((action) => !later.actions.includes(action)),
    regions: earlier.regions?.join() === later.regions?.join() ? null : { before: earlier.regions, after: later.regions },
    seal: earlier.seal === later.seal ? null : { before: earlier.seal, after: later.seal },
  };
}

function courseOf(before: Side, after: Side, differences: Pick<DecisionChange, 'targetsAdded' | 'ttlMinutes' | 'deny'>): Course {
  const [from, to] = [levelOf(before), levelOf(after)];
  if (from !== to) return from < to ? 'further' : 'less_far';
  if (to === 0) return 'other_reason';
  const { targetsAdded, ttlMinutes, deny } = differences;
  const longer = ttlMinutes !== null && ttlMinutes.before !== 0 && (ttlMinutes.after === 0 || ttlMinutes.after > ttlMinutes.before);
  return targetsAdded.length > 0 || longer || (deny !== null && deniesMore(deny)) ? 'wider' : 'narrower';
}

function deniesMore({ actionsAdded, regions, seal }: DenyDifference): boolean {
  const { before, after } = regions ?? { before: [], after: [] };
  const inMoreRegions = before !== null && (after === null || after.some((region) => !before.includes(region)));
  return actionsAdded.length > 0 || inMoreRegions || seal?.after === true;
}

// 0 does nothing; then as the modes, each of which goes further than the one before.
function levelOf(side: Side): number {
  const met = metOf(side);
  return met === null ? 0 : MODES.indexOf(met.outcome) + 1;
}

function without(plan: Plan | null, other: Plan | null): readonly Principal[] {
  return (plan?.principals ?? []).filter(({ arn }) => !other?.principals.some((principal) => principal.arn === arn));
}

function byPolicy(decisions: readonly Decision[]): Decisions {
  return new Map(decisions.map((decision) => [decision.policyId, decision]));
}

// Equal ones keep the order of the alerts, and under an alert that of the policies.
function byDanger(a: DecisionChange, b: DecisionChange): number {
  const reach = ({ before, after }: DecisionChange): number => Math.max(levelOf(before), levelOf(after));
  const course = (change: DecisionChange): number => COURSES.indexOf(change.course);
  return reach(b) - reach(a) || course(a) - course(b) || b.targetsAdded.length - a.targetsAdded.length;
}
