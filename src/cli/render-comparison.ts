import { type ComparedPolicy, type DecisionChange, type DenyDifference, planOf, type Side } from '../app/compare-decisions.ts';
import { differingReasons } from '../app/differing-reasons.ts';
import type { Decision } from '../core/decide.ts';
import { explainReason } from '../core/explain-reason.ts';
import type { Principal } from '../core/principal.ts';
import type { Reason } from '../core/reason.ts';
import { renderRecorded, renderSource } from './render-recorded.ts';
import { eventHeadline } from './render-simulation.ts';
import type { Against, ReplayResult } from './replay-result.ts';
import { count, describeMinutes, type Paint, printable, type Tone } from './terminal-text.ts';

type Compared = Extract<ReplayResult, { readonly kind: 'compared' }>;

const SHOWN_PATTERNS = 8;

const OUTCOMES: Readonly<Record<Decision['outcome'], string>> = {
  auto: 'would act and tell people',
  manual: 'would ask people',
  dry_run: 'would only tell people',
  exempt: 'would do nothing',
  no_match: 'would do nothing',
};

const TONES: Readonly<Record<DecisionChange['course'], Tone>> = { further: 'red', wider: 'red', less_far: 'yellow', narrower: 'yellow', other_reason: 'cyan' };

/** What `replay --against` prints for people: what would be decided differently, why, and which policies differ. */
export function renderComparison({ comparison, against, recorded }: Compared, paint: Paint): string {
  const { changes, policies, settings } = comparison;
  const edits = [...policies.map(describePolicyChange), ...(settings.length > 0 ? [`settings: ${settings.join(', ')}`] : [])];
  return [
    `${paint('bold', comparisonHeadline(comparison.alertsChanged, recorded.alerts.length))}\n`,
    `compared with ${printable(`${against.name} (${shortRevision(against)})`)}${againstNote(against)}\n`,
    ...changes.map((change) => `\n${renderChange(change, paint)}`),
    edits.length > 0 ? `\n${paint('bold', 'What is written differently')}\n${edits.map((edit) => `  ${printable(edit)}\n`).join('')}` : '',
    `\n${renderRecorded(recorded, paint)}`,
  ].join('');
}

/** The result in one sentence. */
export function comparisonHeadline(changed: number, alerts: number): string {
  if (alerts === 0) return 'there are no recorded alerts to compare decisions on';
  return `${changed} of ${count(alerts, 'recorded alert', 'recorded alerts')} would be decided differently`;
}

/** The revision that it was compared with; of a commit, enough to find it. */
export function shortRevision({ policySet }: Against): string {
  return policySet.revision.replace(/^([0-9a-f]{12})[0-9a-f]{28,52}/, '$1');
}

/** What must be known of it besides; empty where there is nothing. */
export function againstNote({ hadDirectory }: Against): string {
  return hadDirectory ? '' : ', where this directory did not exist: every policy is new';
}

/** One changed decision with all that differs, and why: a title, and facts. */
export function renderChange(change: DecisionChange, paint: Paint): string {
  const { alert, before, after } = change;
  const reasons = differingReasons(before, after);
  const facts: readonly (readonly [string, string])[] = [
    ['alert', eventHeadline(alert.event)],
    ['recorded', renderSource(alert)],
    ['before', describeSide(before, after, reasons.before)],
    ['after', describeSide(after, before, reasons.after)],
    ...principalFacts(change).map((text) => ['would hold', text] as const),
    ['for', describeTtl(change)],
    ...denyFacts(change),
  ];
  const title = `${paint(TONES[change.course], describeCourse(change))} ${paint('bold', policyName(change))}\n`;
  return title + facts.map(([name, text]) => (text === '' ? '' : `  ${paint('dim', name.padEnd(10))} ${printable(text)}\n`)).join('');
}

/** How far the policy goes, before and after: `dry_run → auto`, or `auto, wider`. */
export function describeCourse({ before, after, course }: DecisionChange): string {
  const [from, to] = [before, after].map((side) =>
    side.kind === 'decided' ? side.decision.outcome : { missing: 'no policy', disabled: 'disabled' }[side.kind],
  );
  return from === to ? `${to}, ${course}` : `${from} → ${to}`;
}

/** The policy by its id; where it was renamed, by both. */
export function policyName({ policyId, formerId }: { readonly policyId: string; readonly formerId: string | null }): string {
  return formerId === null ? policyId : `${formerId} → ${policyId}`;
}

/** For how long it would hold, where that is known; the text is empty where it would hold nobody. */
export function describeTtl({ before, after, ttlMinutes }: DecisionChange): string {
  if (ttlMinutes !== null) return `${describeMinutes(ttlMinutes.before)} → ${describeMinutes(ttlMinutes.after)}`;
  const plan = planOf(after) ?? planOf(before);
  return plan === null ? '' : describeMinutes(plan.ttlMinutes);
}

/** The principals that a change concerns, those first that it newly or no longer concerns. */
export function principalsOf({
  before,
  after,
  targetsAdded,
  targetsRemoved,
}: DecisionChange): readonly { readonly mark: '+' | '-' | ''; readonly arn: string }[] {
  const marked = (mark: '+' | '-' | '', principals: readonly Principal[]) => principals.map(({ arn }) => ({ mark, arn }));
  const kept = planOf(before) === null ? [] : (planOf(after)?.principals ?? []).filter(({ arn }) => !targetsAdded.some((added) => added.arn === arn));
  return [...marked('+', targetsAdded), ...marked('-', targetsRemoved), ...marked('', kept)];
}

/** What differs in a policy, in one line. */
export function describePolicyChange(change: ComparedPolicy): string {
  const { kind, mode, keys, alertsChanged } = change;
  const modes = [...new Set([mode.before, mode.after].filter((one) => one !== null))];
  const what = `${kind}: ${policyName(change)}${modes.length > 0 ? ` (${modes.join(' → ')})` : ''}${keys.length > 0 ? `: ${keys.join(', ')}` : ''}`;
  return alertsChanged > 0 || kind === 'renamed' ? what : `${what} - no recorded alert is decided differently by it`;
}

function describeSide(side: Side, other: Side, reasons: readonly Reason[]): string {
  if (side.kind === 'missing') return 'there is no such policy';
  if (side.kind === 'disabled') return 'the policy is disabled';
  const { outcome, mode } = side.decision;
  // Of a policy that is not met, the mode says nothing.
  const hasOtherMode = 'plan' in side.decision && other.kind === 'decided' && 'plan' in other.decision && other.decision.mode !== mode;
  const sentences = [...(hasOtherMode ? [`its mode is ${mode}`] : []), ...reasons.map(explainReason)];
  return `${OUTCOMES[outcome]}${sentences.length > 0 ? `: ${sentences.join('; ')}` : ''}`;
}

function principalFacts(change: DecisionChange): readonly string[] {
  return principalsOf(change).map(({ mark, arn }) => `${mark} ${arn}`.trimStart());
}

function denyFacts({ before, after, deny }: DecisionChange): readonly (readonly [string, string])[] {
  if (deny !== null) return denyDifferenceFacts(deny);
  if ((planOf(before) === null) === (planOf(after) === null)) return [];
  const side = planOf(after) === null ? before : after;
  const { response } = side.kind === 'decided' ? side.policy : { response: null };
  return response?.kind === 'deny' ? [['stops', shortened(response.actions)]] : [];
}

function denyDifferenceFacts({ actionsAdded, actionsRemoved, regions, seal }: DenyDifference): readonly (readonly [string, string])[] {
  const place = (some: readonly string[] | null): string => some?.join(', ') ?? 'everywhere';
  return [
    ['stops', actionsAdded.length > 0 ? `+ ${shortened(actionsAdded)}` : ''],
    ['stops', actionsRemoved.length > 0 ? `- ${shortened(actionsRemoved)}` : ''],
    ['in', regions === null ? '' : `${place(regions.before)} → ${place(regions.after)}`],
    ['seal', seal === null ? '' : `${seal.before ? 'on' : 'off'} → ${seal.after ? 'on' : 'off'}`],
  ];
}

function shortened(patterns: readonly string[]): string {
  const more = patterns.length - SHOWN_PATTERNS;
  return `${patterns.slice(0, SHOWN_PATTERNS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
