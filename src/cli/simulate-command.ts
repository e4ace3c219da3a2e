import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadActionCatalogue } from '../adapters/iam-actions/action-catalogue.ts';
import { type LoadedPolicySet, loadPolicySet } from '../adapters/yaml/load-policy-set.ts';
import type { BreakerState } from '../core/breaker.ts';
import type { CostEvent } from '../core/cost-event.ts';
import { decide } from '../core/decide.ts';
import type { Instant } from '../core/instant.ts';
import { indexPolicies, type PolicyIndex } from '../core/policy-index.ts';
import { readSignals } from '../sources/read-signal.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { defaultPolicyDirectory } from './environment.ts';
import { renderProblem } from './render-problems.ts';
import { renderSimulation } from './render-simulation.ts';
import type { SimulatedSignal } from './simulated-signal.ts';
import { simulationJson } from './simulation-json.ts';
import { paintFor } from './terminal-text.ts';

interface SimulateOptions {
  readonly event: string;
  readonly policies?: string;
  readonly at?: Instant;
  readonly paused?: true;
  readonly breakerTaken: number;
  readonly json?: true;
}

/** Reads an alert and prints what each policy says of it. 1 where a signal can't be read or a policy is invalid. */
export async function simulateCommand(options: SimulateOptions, context: CliContext): Promise<ExitCode> {
  const loaded = load(options.policies ?? defaultPolicyDirectory(context.environment), context);
  const index = indexPolicies(loaded.policySet);
  const signals = readSignals(readEvent(options.event, context)).map((reading): SimulatedSignal => {
    if (reading.kind === 'unreadable') return reading;
    return simulate(reading.event, index, options, context);
  });
  const paint = paintFor(context.hasColour);
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  context.err(errors.map((problem) => renderProblem(problem, paint)).join(''));
  context.out(options.json ? `${JSON.stringify(simulationJson(signals))}\n` : renderSimulation(signals, loaded, paint));
  return errors.length > 0 || signals.some(({ kind }) => kind === 'unreadable') ? 1 : 0;
}

function simulate(event: CostEvent, index: PolicyIndex, options: SimulateOptions, context: CliContext): SimulatedSignal {
  const decidedAt = options.at ?? event.sentAt ?? context.now();
  const breaker: BreakerState = { startedAt: Array<Instant>(options.breakerTaken).fill(decidedAt) };
  const decisions = decide(event, index, { now: decidedAt, killSwitch: options.paused ? 'paused' : 'normal', breaker });
  return { kind: 'decided', event, decidedAt, decisions };
}

function load(path: string, context: CliContext): LoadedPolicySet {
  try {
    return loadPolicySet(path, loadActionCatalogue(join(context.dataDirectory, 'iam-actions.json')));
  } catch (error) {
    throw new CommandFailed(`The policies at ${path} can't be read: ${messageOf(error)}. Name their directory with --policies or POLICY_DIR.`);
  }
}

function readEvent(file: string, context: CliContext): string {
  try {
    return file === '-' ? context.readStdin() : readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailed(`The event ${file} can't be read: ${messageOf(error)}.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
