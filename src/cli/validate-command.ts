import { join } from 'node:path';
import { type ActionCatalogue, loadActionCatalogue } from '../adapters/iam-actions/action-catalogue.ts';
import type { LoadedPolicies } from '../adapters/yaml/load-policies.ts';
import { type LoadedPaths, loadPolicyPaths } from '../adapters/yaml/load-policy-paths.ts';
import type { Policy } from '../core/policy.ts';
import type { Problem } from '../core/problem.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { defaultPolicyDirectory } from './environment.ts';
import { countProblems, renderGithubAnnotation, renderProblem } from './render-problems.ts';
import { count, describeMinutes, type Paint, paintFor, printable } from './terminal-text.ts';

interface ValidateOptions {
  readonly paths: readonly string[];
  readonly format: 'text' | 'json' | 'github';
}

/** Checks policies and settings and prints every problem. 1 where one is an error; warnings alone are 0. */
export async function validateCommand(options: ValidateOptions, context: CliContext): Promise<ExitCode> {
  const paths = options.paths.length > 0 ? options.paths : [defaultPolicyDirectory(context.environment)];
  const catalogue = loadActionCatalogue(join(context.dataDirectory, 'iam-actions.json'));
  const { loaded, passedOver } = load(paths, catalogue);
  context.err(passedOver.map((path) => `${printable(path)} is no policy, since it is in a folder for other things: passed over\n`).join(''));
  const problems = loaded.flatMap((some) => some.problems);
  const valid = !problems.some(({ severity }) => severity === 'error');
  if (options.format === 'json') context.out(`${JSON.stringify(validationJson(loaded, problems, valid))}\n`);
  if (options.format === 'github') context.out(problems.map(renderGithubAnnotation).join(''));
  if (options.format === 'text') context.out(renderValidation(loaded, problems, valid, paintFor(context.hasColour)));
  return valid ? 0 : 1;
}

function load(paths: readonly string[], catalogue: ActionCatalogue): LoadedPaths {
  try {
    return loadPolicyPaths(paths, catalogue);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(`The policies at ${paths.join(', ')} can't be read: ${message}. Name a policy file or directory, or set POLICY_DIR.`);
  }
}

function validationJson(loaded: readonly LoadedPolicies[], problems: readonly Problem[], valid: boolean): object {
  const details = loaded.flatMap(({ policies }) =>
    policies.map(({ file, policy, deniedActions }) => ({
      policy_id: policy.policyId,
      file,
      mode: policy.mode,
      enabled: policy.enabled,
      patterns: policy.response.kind === 'deny' ? policy.response.actions.length : 0,
      denied_actions: deniedActions.length,
    })),
  );
  return { valid, policies: total(loaded), problems, details };
}

function renderValidation(loaded: readonly LoadedPolicies[], problems: readonly Problem[], valid: boolean, paint: Paint): string {
  const lines = loaded.flatMap(({ policies }) => policies.map(({ policy, deniedActions }) => policyLine(policy, deniedActions.length, paint)));
  const counts = countProblems(problems);
  const verdict = valid ? paint('green', 'valid') : paint('red', 'invalid: nothing here would be compiled or deployed');
  const summary = `${count(total(loaded), 'policy', 'policies')}${counts === '' ? '' : `, ${counts}`}: ${verdict}\n`;
  return problems.map((problem) => renderProblem(problem, paint)).join('') + lines.join('') + summary;
}

function policyLine(policy: Policy, deniedActions: number, paint: Paint): string {
  const { response } = policy;
  const effect =
    response.kind === 'notify_only'
      ? 'tells people only'
      : `${count(response.actions.length, 'pattern denies', 'patterns deny')} ${count(deniedActions, 'action', 'actions')} to ${count(policy.principals.length, 'principal', 'principals')}, ${describeMinutes(policy.ttlMinutes)}`;
  return `${paint('green', 'ok')} ${paint('bold', policy.policyId)} ${policy.enabled ? policy.mode : 'disabled'}: ${effect}\n`;
}

function total(loaded: readonly LoadedPolicies[]): number {
  return loaded.reduce((sum, { fileCount }) => sum + fileCount, 0);
}
