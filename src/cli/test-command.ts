import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadActionCatalogue } from '../adapters/iam-actions/action-catalogue.ts';
import { type LoadedPolicySet, loadPolicySet } from '../adapters/yaml/load-policy-set.ts';
import { type LoadedPolicyTests, loadPolicyTests } from '../adapters/yaml/load-policy-tests.ts';
import { type PolicyTestRun, runPolicyTests } from '../app/run-policy-tests.ts';
import type { Problem } from '../core/problem.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { defaultPolicyDirectory } from './environment.ts';
import { policyTestsJson } from './policy-tests-json.ts';
import { renderPolicyTests } from './render-policy-tests.ts';
import { renderProblem } from './render-problems.ts';
import { paintFor } from './terminal-text.ts';

interface TestOptions {
  /** The policy directory; its tests are in its folder `tests`. */
  readonly directory?: string | undefined;
  readonly json?: true;
}

/** Runs the tests of a policy directory. 1 where one fails, where a test or a policy is invalid, and where there are no tests. */
export async function testCommand(options: TestOptions, context: CliContext): Promise<ExitCode> {
  const directory = options.directory ?? defaultPolicyDirectory(context.environment);
  const folder = join(directory, 'tests');
  const { policies, tests } = load(directory, folder, context);
  // The warnings of policies are the business of `validate`.
  const problems = [...policies.problems.filter(isError), ...tests.problems];
  // Half of a team's policies is not its policy: what the other half says would be no answer.
  const run = policies.problems.some(isError) ? null : runPolicyTests(tests.tests, policies.policySet, context.now());
  const passed = run !== null && run.results.length > 0 && run.results.every(({ failures }) => failures.length === 0) && !problems.some(isError);
  if (options.json) {
    context.out(`${JSON.stringify(policyTestsJson(run, problems, passed))}\n`);
    return passed ? 0 : 1;
  }
  const paint = paintFor(context.hasColour);
  context.err(problems.map((problem) => renderProblem(problem, paint)).join(''));
  context.out(run === null ? NOT_RUN : textFor(run, folder, policies, context, tests));
  return passed ? 0 : 1;
}

const NOT_RUN = 'No test was run: a policy or its settings are invalid. Correct them first.\n';

function textFor(run: PolicyTestRun, folder: string, policies: LoadedPolicySet, context: CliContext, { problems }: LoadedPolicyTests): string {
  if (run.results.length === 0 && !problems.some(isError)) {
    return `There are no tests in ${folder}, so nothing shows what these policies do. guardrails init writes a policy with its tests, as an example.\n`;
  }
  return renderPolicyTests(run, policies.policySet, paintFor(context.hasColour));
}

function load(directory: string, folder: string, context: CliContext): { readonly policies: LoadedPolicySet; readonly tests: LoadedPolicyTests } {
  if (!isDirectory(directory)) {
    throw new CommandFailed(`${directory} is no directory. Name the directory of the policies; their tests are in its folder "tests".`);
  }
  if (basename(directory) === 'tests' && !existsSync(folder)) {
    throw new CommandFailed(`${directory} holds the tests themselves. Name the directory of the policies above it.`);
  }
  try {
    const policies = loadPolicySet(directory, loadActionCatalogue(join(context.dataDirectory, 'iam-actions.json')));
    return { policies, tests: loadPolicyTests(folder, context.now()) };
  } catch (error) {
    throw new CommandFailed(`The policies at ${directory} can't be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}
