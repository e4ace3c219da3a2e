import { join } from 'node:path';
import { loadActionCatalogue } from '../adapters/iam-actions/action-catalogue.ts';
import { compareDecisions } from '../app/compare-decisions.ts';
import { type RecordedFile, readRecordedAlerts } from '../app/recorded-alerts.ts';
import { replayAlerts, timeAlerts } from '../app/replay-alerts.ts';
import type { Instant } from '../core/instant.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { defaultPolicyDirectory } from './environment.ts';
import { loadAgainst, loadReplayedPolicies } from './load-compared-policies.ts';
import { readRecordedFiles } from './read-recorded-files.ts';
import { renderComparison } from './render-comparison.ts';
import { renderProblem } from './render-problems.ts';
import { renderReplay } from './render-replay.ts';
import { replayJson } from './replay-json.ts';
import { replayMarkdown } from './replay-markdown.ts';
import type { ReplayResult } from './replay-result.ts';
import { type Paint, paintFor, printable } from './terminal-text.ts';

interface ReplayOptions {
  readonly events: string;
  readonly policies?: string;
  readonly against?: string;
  readonly at?: Instant;
  readonly format: 'text' | 'json' | 'markdown';
}

/**
 * Decides recorded alerts by the policies and prints what they say, or what they say otherwise than other policies do. 1 where the
 * policies are invalid, or something that the command names can't be read; differences and unreadable signals are no failure.
 */
export async function replayCommand(options: ReplayOptions, context: CliContext): Promise<ExitCode> {
  const result = replay(options, context);
  const paint = paintFor(context.hasColour);
  const errors = result.kind === 'invalid' ? result.errors : [];
  const againstErrors = result.kind === 'compared' ? result.against.errors : [];
  context.err([...errors, ...againstErrors].map((problem) => renderProblem(problem, paint)).join(''));
  if (errors.length > 0) context.err('The policies are invalid, so nothing was replayed.\n');
  if (againstErrors.length > 0) context.err(`${printable(options.against ?? '')} is invalid: its policies with errors count as if they were not there.\n`);
  if (options.format === 'json') context.out(`${JSON.stringify(replayJson(result))}\n`);
  if (options.format === 'markdown') context.out(replayMarkdown(result));
  if (options.format === 'text') context.out(renderText(result, paint));
  return result.kind === 'invalid' ? 1 : 0;
}

function replay(options: ReplayOptions, context: CliContext): ReplayResult {
  const directory = options.policies ?? defaultPolicyDirectory(context.environment);
  const catalogue = loadActionCatalogue(join(context.dataDirectory, 'iam-actions.json'));
  const { policySet, problems } = loadReplayedPolicies(directory, catalogue);
  const against = options.against === undefined ? null : loadAgainst(options.against, directory, catalogue);
  const recorded = readRecordedAlerts(readEvents(options.events));
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { kind: 'invalid', errors };
  const alerts = timeAlerts(recorded.alerts, options.at ?? context.now());
  if (against === null) return { kind: 'replayed', policySet, recorded, alerts: replayAlerts(alerts, policySet) };
  return { kind: 'compared', policySet, recorded, against, comparison: compareDecisions(against.policySet, policySet, alerts) };
}

function readEvents(path: string): readonly RecordedFile[] {
  try {
    return readRecordedFiles(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(
      `The recorded signals in ${path} can't be read: ${message}. Name a folder with --events, with one file for each signal as it arrived.`,
    );
  }
}

function renderText(result: ReplayResult, paint: Paint): string {
  if (result.kind === 'invalid') return '';
  return result.kind === 'compared' ? renderComparison(result, paint) : renderReplay(result, paint);
}
