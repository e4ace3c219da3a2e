import type { ReplayedAlert } from '../app/replay-alerts.ts';
import type { Decision } from '../core/decide.ts';
import { explainReason } from '../core/explain-reason.ts';
import { parsePrincipalArn } from '../core/principal.ts';
import { renderRecorded, renderSource } from './render-recorded.ts';
import { eventHeadline } from './render-simulation.ts';
import type { ReplayResult } from './replay-result.ts';
import { count, describeMinutes, type Paint, printable } from './terminal-text.ts';

/** The outcomes in the order in which a summary shows them: what goes furthest first. */
export const OUTCOMES = ['auto', 'manual', 'dry_run', 'exempt', 'no_match'] as const satisfies readonly Decision['outcome'][];

/** How often a policy said what. */
export interface OutcomeCounts {
  readonly policyId: string;
  readonly counts: Readonly<Record<(typeof OUTCOMES)[number], number>>;
}

type Replayed = Extract<ReplayResult, { readonly kind: 'replayed' }>;
type Answer = Exclude<Decision, { readonly outcome: 'no_match' }>;

/** What `replay` prints for people: how often each policy says what, and for each alert what the policies say that it meets. */
export function renderReplay({ alerts, policySet, recorded }: Replayed, paint: Paint): string {
  return [
    `${paint('bold', `${count(alerts.length, 'recorded alert', 'recorded alerts')}, decided by the policies at ${printable(policySet.revision)}`)}\n\n`,
    renderCounts(countOutcomes(alerts), paint),
    ...alerts.map((alert) => `\n${renderAlert(alert, paint)}`),
    `\n${renderRecorded(recorded, paint)}`,
  ].join('');
}

/** How often each policy that was asked said what, in the order of their ids. */
export function countOutcomes(alerts: readonly ReplayedAlert[]): readonly OutcomeCounts[] {
  const counts = new Map<string, Record<(typeof OUTCOMES)[number], number>>();
  for (const { policyId, outcome } of alerts.flatMap(({ decisions }) => decisions)) {
    const known = counts.get(policyId) ?? { auto: 0, manual: 0, dry_run: 0, exempt: 0, no_match: 0 };
    counts.set(policyId, { ...known, [outcome]: known[outcome] + 1 });
  }
  return [...counts].map(([policyId, said]) => ({ policyId, counts: said }));
}

/** What the policies say that are met by the alert, each in one line. */
export function renderAlert(alert: ReplayedAlert, paint: Paint): string {
  const answers = alert.decisions.filter((decision) => decision.outcome !== 'no_match');
  return [
    `${paint('bold', eventHeadline(alert.event))}\n`,
    `  ${paint('dim', 'recorded')}   ${printable(renderSource(alert))}\n`,
    ...answers.map((answer) => `  ${answer.outcome.padEnd(10)} ${printable(`${answer.policyId}${describeAnswer(answer)}`)}\n`),
    answers.length === 0 ? '  no policy is met\n' : '',
  ].join('');
}

function describeAnswer(answer: Answer): string {
  if (answer.outcome === 'exempt') return `: ${answer.reasons.slice(-1).map(explainReason).join('')}`;
  const { plan, lowered, mode } = answer;
  const names =
    plan === null ? '' : `: ${plan.principals.map(({ arn }) => parsePrincipalArn(arn)?.name ?? arn).join(', ')}, ${describeMinutes(plan.ttlMinutes)}`;
  return `${names}${lowered.length > 0 ? ` (lowered from ${mode}: ${lowered.map(explainReason).join('; ')})` : ''}`;
}

function renderCounts(rows: readonly OutcomeCounts[], paint: Paint): string {
  const width = Math.max('policy'.length, ...rows.map(({ policyId }) => policyId.length));
  const heads = `${'policy'.padEnd(width)}${OUTCOMES.map((outcome) => `  ${outcome}`).join('')}`;
  const line = ({ policyId, counts }: OutcomeCounts): string =>
    `${policyId.padEnd(width)}${OUTCOMES.map((outcome) => `  ${String(counts[outcome]).padStart(outcome.length)}`).join('')}`;
  return `${paint('dim', heads)}\n${rows.map((row) => `${line(row)}\n`).join('')}`;
}
