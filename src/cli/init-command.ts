import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadActionCatalogue } from '../adapters/iam-actions/action-catalogue.ts';
import { SCHEMA_KINDS } from '../adapters/yaml/json-schema.ts';
import { loadPolicies } from '../adapters/yaml/load-policies.ts';
import type { PolicyFile } from '../adapters/yaml/policy-file.ts';
import { isSettingsFile, readPolicyDirectory } from '../adapters/yaml/read-policy-directory.ts';
import { UNTOUCHABLE, unreadableArn } from '../core/check-principals.ts';
import { type PrincipalArn, parsePrincipalArn, untouchableReason } from '../core/principal.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { defaultPolicyDirectory, type Environment } from './environment.ts';
import { type FirstFile, type FirstPolicy, firstPolicy, firstSchema, firstSettings } from './first-files.ts';
import { type Paint, paintFor, printable } from './terminal-text.ts';

interface InitOptions {
  readonly role: string;
  readonly dir?: string;
  readonly json?: true;
}

/** Writes a first policy for a role or user, with its tests, and settings where there are none. Never overwrites: 1 where a file is there. */
export async function initCommand({ role: arn, dir, json }: InitOptions, context: CliContext): Promise<ExitCode> {
  const principal = parsePrincipalArn(arn);
  if (principal === null) {
    context.err(`--role: ${printable(unreadableArn(arn, '').message)}\n`);
    return 2;
  }
  const untouchable = untouchableReason(principal);
  if (untouchable !== null) throw new CommandFailed(`${arn} ${UNTOUCHABLE[untouchable]}. Name another role or user.`);
  const directory = dir ?? defaultPolicyDirectory(context.environment);
  const { first, files } = attempt(directory, () => plannedFiles(arn, principal, directory, context));
  attempt(directory, () => files.forEach(writeNew));
  const written = files.map(({ path }) => path);
  context.out(
    json ? `${JSON.stringify({ policy_id: first.policyId, written })}\n` : renderInit(files, directory, context.environment, paintFor(context.hasColour)),
  );
  return 0;
}

interface Planned {
  readonly first: FirstPolicy;
  readonly files: readonly FirstFile[];
}

/** What to write, after all that could speak against it: half a policy would be worse than none. */
function plannedFiles(arn: string, principal: PrincipalArn, directory: string, context: CliContext): Planned {
  const catalogue = loadActionCatalogue(join(context.dataDirectory, 'iam-actions.json'));
  const existing = existsSync(directory) ? readPolicyDirectory(directory) : [];
  const settings = existing.some(({ role }) => role === 'settings') ? [] : [firstSettings(directory)];
  const schemas = SCHEMA_KINDS.map((kind) => firstSchema(kind, directory)).filter(({ path }) => !existsSync(path));
  const around: readonly PolicyFile[] = [...existing, ...settings.map(({ path, text }) => ({ path, text, role: 'settings' as const }))];
  const first = firstPolicy(arn, principal, directory, loadPolicies(around, catalogue).settings);
  const files = [first.policy, first.tests, ...settings, ...schemas];
  const inTheWay = files.filter(({ path }) => existsSync(path)).map(({ path }) => path);
  if (inTheWay.length > 0) throw new CommandFailed(`${inTheWay.join(' and ')}: already there, and nothing was written. Move or rename what is there first.`);
  const { problems } = loadPolicies([...around, { path: first.policy.path, text: first.policy.text, role: 'policy' }], catalogue);
  const refused = problems.find(({ file, severity }) => file === first.policy.path && severity === 'error');
  if (refused !== undefined) throw new CommandFailed(`Nothing was written. ${refused.message}`);
  return { first, files };
}

/** Fails where somebody made the file meanwhile. */
function writeNew({ path, text }: FirstFile): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: 'wx' });
}

function attempt<Result>(directory: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw new CommandFailed(`No policy can be written in ${directory}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function renderInit(files: readonly FirstFile[], directory: string, environment: Environment, paint: Paint): string {
  const named = directory === defaultPolicyDirectory(environment) ? '' : ` ${/^[\w./-]+$/.test(directory) ? directory : JSON.stringify(directory)}`;
  const kept = files.some(({ path }) => isSettingsFile(path)) ? '' : 'The settings that are there stay as they are.\n';
  const wrote = files.map(({ path, purpose }) => [path, purpose] as const);
  const next = [
    [`npx guardrails validate${named}`, 'says what it would hold, and whether anything is wrong'],
    [`npx guardrails test${named}`, 'runs its tests'],
    [`npx guardrails simulate --event FILE${named === '' ? '' : ` --policies${named}`}`, 'says what it would do about an alert of yours'],
  ] as const;
  return `Wrote\n${columns(wrote, paint)}${kept}\nNext\n${columns(next, paint)}`;
}

function columns(rows: readonly (readonly [string, string])[], paint: Paint): string {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${paint('bold', printable(first))}${' '.repeat(width - first.length)}  ${second}\n`).join('');
}
