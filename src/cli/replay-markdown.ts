import type { DecisionChange } from '../app/compare-decisions.ts';
import type { RecordedAlerts } from '../app/recorded-alerts.ts';
import { parsePrincipalArn } from '../core/principal.ts';
import type { Problem } from '../core/problem.ts';
import { markdownBlock, markdownCode, markdownDetails, takeWithin } from './markdown-text.ts';
import {
  againstNote,
  comparisonHeadline,
  describeCourse,
  describePolicyChange,
  describeTtl,
  policyName,
  principalsOf,
  renderChange,
  shortRevision,
} from './render-comparison.ts';
import { countProblems, renderProblem } from './render-problems.ts';
import { describeRecorded, renderRecorded } from './render-recorded.ts';
import { countOutcomes, OUTCOMES, type OutcomeCounts, renderAlert } from './render-replay.ts';
import { eventHeadline } from './render-simulation.ts';
import type { Against, ReplayResult } from './replay-result.ts';
import { count, type Paint, printable } from './terminal-text.ts';

type Compared = Extract<ReplayResult, { readonly kind: 'compared' }>;
type Replayed = Extract<ReplayResult, { readonly kind: 'replayed' }>;

// GitHub takes 65,536 characters in a comment. The parts below add up to less, with room for what others put around them.
const MOST = { table: 20_000, full: 20_000, edits: 5_000, problems: 5_000, recorded: 5_000, line: 500, name: 100 } as const;
const SHOWN_ROWS = 50;
const SHOWN_NAMES = 5;

const plain: Paint = (_tone, text) => text;

/** What `replay --format markdown` prints: a comment for a pull request, of less than 60,000 characters whatever was replayed. */
export function replayMarkdown(result: ReplayResult): string {
  if (result.kind === 'invalid') return title('the policies are invalid, so nothing was replayed') + problemBlock(result.errors);
  return result.kind === 'compared' ? comparedMarkdown(result) : replayedMarkdown(result);
}

function comparedMarkdown({ comparison, against, recorded }: Compared): string {
  const { changes, alertsChanged } = comparison;
  return [
    title(comparisonHeadline(alertsChanged, recorded.alerts.length)),
    `\nCompared with ${markdownCode(against.name)} (${markdownCode(shortRevision(against))})${againstNote(against)}.\n`,
    againstErrors(against),
    changes.length === 0 ? '' : `\n${table(['Policy', 'Decision', 'Recorded alert', 'Whom'], changes.map(changeRow))}`,
    changes.length === 0
      ? ''
      : folded(
          'Why, in full',
          changes.map((change) => `${renderChange(change, plain)}\n`),
          MOST.full,
        ),
    editsMarkdown(comparison),
    recordedMarkdown(recorded),
  ].join('');
}

function replayedMarkdown({ alerts, policySet, recorded }: Replayed): string {
  const row = ({ policyId, counts }: OutcomeCounts): string => `| ${markdownCode(policyId)} | ${OUTCOMES.map((outcome) => counts[outcome]).join(' | ')} |\n`;
  return [
    title(`what the policies say of ${count(alerts.length, 'recorded alert', 'recorded alerts')}`),
    `\nDecided by the policies at ${markdownCode(policySet.revision)}.\n\n`,
    `${table(['Policy', ...OUTCOMES.map((outcome) => `\`${outcome}\``)], countOutcomes(alerts).map(row))}`,
    alerts.length === 0
      ? ''
      : folded(
          'Alert by alert',
          alerts.map((alert) => `${renderAlert(alert, plain)}\n`),
          MOST.full,
        ),
    recordedMarkdown(recorded),
  ].join('');
}

function changeRow(change: DecisionChange): string {
  const { alert, after, course, ttlMinutes, deny } = change;
  const acts = after.kind === 'decided' && after.decision.outcome === 'auto' && (course === 'further' || course === 'wider');
  const mark = acts ? '**' : '';
  const notes = [...(ttlMinutes === null ? [] : [describeTtl(change)]), ...(deny === null ? [] : ['another deny policy'])];
  const decision = [`${mark}\`${describeCourse(change)}\`${mark}`, ...notes].join('<br>');
  const source = `${markdownCode(eventHeadline(alert.event), MOST.name)}<br>${markdownCode(alert.files.join(', '), MOST.name)}`;
  return `| ${markdownCode(policyName(change), 2 * 64 + 3)} | ${decision} | ${source} | ${namesCell(change)} |\n`;
}

function namesCell(change: DecisionChange): string {
  const principals = principalsOf(change);
  const shown = principals.slice(0, SHOWN_NAMES).map(({ mark, arn }) => `${mark} ${markdownCode(parsePrincipalArn(arn)?.name ?? arn, MOST.name)}`.trimStart());
  return [...shown, ...(principals.length > shown.length ? [`and ${principals.length - shown.length} more`] : [])].join('<br>');
}

function editsMarkdown({ policies, settings }: Compared['comparison']): string {
  if (policies.length + settings.length === 0) return '';
  const edits = [...policies.map(describePolicyChange), ...(settings.length > 0 ? [`settings: ${settings.join(', ')}`] : [])];
  const summary = `What is written differently: ${count(policies.length, 'policy', 'policies')}${settings.length > 0 ? ', and the settings' : ''}`;
  return folded(
    summary,
    edits.map((edit) => `${printable(edit)}\n`),
    MOST.edits,
  );
}

function recordedMarkdown(recorded: RecordedAlerts): string {
  return folded(
    `What was replayed: ${describeRecorded(recorded)}`,
    renderRecorded(recorded, plain)
      .split(/(?<=\n)/)
      .slice(1),
    MOST.recorded,
  );
}

function againstErrors({ errors }: Against): string {
  if (errors.length === 0) return '';
  return `\n**What it is compared with is invalid: the policies with errors there count as if they were not there.**\n${problemBlock(errors)}`;
}

function problemBlock(errors: readonly Problem[]): string {
  return folded(
    countProblems(errors),
    errors.map((problem) => renderProblem(problem, plain)),
    MOST.problems,
  );
}

function title(text: string): string {
  return `### Guardrails: ${text}\n`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const { text, leftOver } = takeWithin(rows.slice(0, SHOWN_ROWS), MOST.table);
  const more = leftOver + Math.max(0, rows.length - SHOWN_ROWS);
  return `| ${heads.join(' | ')} |\n|${heads.map(() => ' --- |').join('')}\n${text}${notShown(more, '\n')}`;
}

function folded(summary: string, parts: readonly string[], most: number): string {
  if (parts.length === 0) return `\n${summary}.\n`;
  // Escaped first and measured then, since an escape is longer than what it stands for.
  const blocks = parts.map((part) => markdownBlock(shortLines(part)));
  const { text, leftOver } = takeWithin(blocks, most);
  return `\n${markdownDetails(summary, text.replaceAll('</pre>\n<pre>\n', '') + notShown(leftOver, '\n'))}`;
}

function notShown(number: number, before: string): string {
  return number === 0 ? '' : `${before}… and ${number} more that ${number === 1 ? "isn't" : "aren't"} shown here: \`guardrails replay\` prints all of them.\n`;
}

function shortLines(text: string): string {
  return text.replace(new RegExp(`^(.{${MOST.line}}).+$`, 'gmu'), '$1…');
}
