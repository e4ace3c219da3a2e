import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { PROJECT_ROOT } from '../../../scripts/project-root.ts';
import { runGuardrails } from '../../support/run-guardrails.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly pass_filenames?: boolean;
}

const FOLDER = join(PROJECT_ROOT, '.github', 'workflows');
const WORKFLOWS = readdirSync(FOLDER).map((name) => [name, load(readFileSync(join(FOLDER, name), 'utf8')) as Workflow] as const);
const HOOKS = load(readFileSync(join(PROJECT_ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Hook[];

/** What a workflow may put into an environment: nothing else, since a title or a branch's name is written by strangers. */
const KNOWN_VALUES = ['github.base_ref', 'github.token', 'github.repository', 'github.event.pull_request.number'];

const workflow = (name: string): Workflow => {
  const found = WORKFLOWS.find(([file]) => file === name)?.[1];
  if (found === undefined) throw new Error(`there is no workflow ${name}`);
  return found;
};
const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
const scriptsOf = (steps: readonly Step[]): readonly string[] => steps.flatMap(({ run }) => run ?? []);

/** The commands of our program in a script, each with its words. */
function guardrailsCommands(script: string): readonly (readonly string[])[] {
  return [...script.matchAll(/guardrails ([^\n>|]*)/g)].map(([, words = '']) => words.trim().split(/\s+/));
}

/** What is wrong with the command by our program's own help; empty where nothing is. */
async function mistakesIn([command = '', ...words]: readonly string[]): Promise<readonly string[]> {
  const { out } = await runGuardrails([command, '--help']);
  if (!out.startsWith(`Usage: guardrails ${command} `)) return [`there is no command ${command}`];
  const unknown = words.filter((word) => word.startsWith('--') && !new RegExp(`^ +${word}[ ,]`, 'm').test(out));
  const format = words[words.indexOf('--format') + 1];
  const formats = words.includes('--format') && !out.includes(`"${format}"`) ? [`--format ${format}`] : [];
  return [...unknown, ...formats];
}

describe.each(WORKFLOWS)('the workflow %s', (_name, { on, permissions, jobs }) => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('runs what strangers send with no more than their rights', () => {
    expect(Object.keys(on).filter((event) => !['push', 'pull_request'].includes(event))).toEqual([]);
    expect(permissions).toEqual({ contents: 'read' });
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))) expect(step.with?.['persist-credentials']).toBe(false);
  });

  it('runs code of the repository in no job that may write', () => {
    for (const job of Object.values(jobs).filter((one) => Object.values(one.permissions ?? {}).includes('write'))) {
      expect(job.permissions).toEqual({ 'pull-requests': 'write' });
      expect(job.steps.filter(({ uses }) => uses !== undefined && !uses.startsWith('actions/download-artifact@'))).toEqual([]);
      expect(scriptsOf(job.steps).filter((script) => /\b(npm|npx|node|bash|sh|\.\/)\b/.test(script))).toEqual([]);
    }
  });

  it('puts no value into a script but by its environment, and only known ones there', () => {
    expect(scriptsOf(steps).filter((script) => script.includes('${{'))).toEqual([]);
    const values = steps
      .flatMap(({ env }) => Object.values(env ?? {}))
      .flatMap((value) => [...value.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map(([, name]) => name));
    expect(values.filter((name) => !KNOWN_VALUES.includes(name ?? ''))).toEqual([]);
  });

  it("uses GitHub's own actions by their major version, and ends in time", () => {
    expect(steps.flatMap(({ uses }) => uses ?? []).filter((uses) => !/^actions\/[a-z-]+@v\d+$/.test(uses))).toEqual([]);
    expect(Object.values(jobs).map((job) => job['timeout-minutes'])).not.toContain(undefined);
  });

  it('calls our program by commands and options that it has, and nobody else by its name', async () => {
    for (const script of scriptsOf(steps)) {
      for (const words of guardrailsCommands(script)) expect(await mistakesIn(words)).toEqual([]);
      expect(script.match(/npx /g)?.length ?? 0).toBe(script.match(/npx --no-install guardrails /g)?.length ?? 0);
    }
  });
});

describe('the workflow for pull requests that change policies', () => {
  const { on, jobs } = workflow('policies.yml');
  const steps = stepsOf(workflow('policies.yml'));

  it('validates, tests and replays against the base branch, with all of history there', () => {
    const commands = scriptsOf(steps).flatMap(guardrailsCommands);
    expect(commands.map(([command]) => command)).toEqual(['validate', 'test', 'replay']);
    expect(commands[2]).toEqual(['replay', '--events', 'policies/tests/alerts', '--against', '"origin/$BASE"', '--format', 'markdown']);
    expect(steps.find(({ uses }) => uses?.startsWith('actions/checkout@'))?.with?.['fetch-depth']).toBe(0);
    expect(existsSync(join(PROJECT_ROOT, 'policies/tests/alerts'))).toBe(true);
    expect(on).toEqual({ pull_request: { paths: expect.arrayContaining(['policies/**']) } });
  });

  it('writes a summary always, and a comment where its token may', () => {
    expect(scriptsOf(jobs['replay']?.steps ?? []).join('\n')).toContain('>> "$GITHUB_STEP_SUMMARY"');
    expect(jobs['comment']?.permissions).toEqual({ 'pull-requests': 'write' });
    expect(jobs['comment']?.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  });
});

describe('the workflow for every change', () => {
  it('runs what everybody runs', () => {
    const { on } = workflow('check.yml');
    expect(Object.keys(on).sort()).toEqual(['pull_request', 'push']);
    expect(scriptsOf(stepsOf(workflow('check.yml')))).toEqual(['bash .ci/run']);
    expect(existsSync(join(PROJECT_ROOT, '.ci/run'))).toBe(true);
  });
});

describe('the hooks for pre-commit', () => {
  it.each(HOOKS.map((hook) => [hook.id, hook] as const))(
    '%s calls a command that there is, and installs nothing of that name',
    async (_id, { entry, language }) => {
      expect(entry).toMatch(/^npx --no-install guardrails [a-z]+$/);
      expect(language).toBe('system');
      for (const words of guardrailsCommands(entry)) expect(await mistakesIn(words)).toEqual([]);
    },
  );

  it.each([
    ['policies/a.yaml', ['guardrails-validate', 'guardrails-test']],
    ['policies/settings.yml', ['guardrails-validate', 'guardrails-test']],
    ['team/policies/a.yaml', ['guardrails-validate', 'guardrails-test']],
    ['policies/tests/a.yaml', ['guardrails-test']],
    ['policies/tests/alerts/a.txt', ['guardrails-test']],
    ['policies/disabled/a.yaml', ['guardrails-test']],
    ['mypolicies/a.yaml', []],
    ['README.md', []],
  ])('a change of %s calls %j', (file, expected) => {
    expect(HOOKS.filter(({ files }) => new RegExp(files).test(file)).map(({ id }) => id)).toEqual(expected);
  });

  it('hand the changed files to validate, and none to test', () => {
    expect(HOOKS.map(({ id, pass_filenames: passed = true }) => [id, passed])).toEqual([
      ['guardrails-validate', true],
      ['guardrails-test', false],
    ]);
  });
});

describe('the check of commands', () => {
  it('finds a command, an option and a format that there are not', async () => {
    expect(await mistakesIn(['replai', '--events', 'x'])).toEqual(['there is no command replai']);
    expect(await mistakesIn(['validate', '--formats', 'github'])).toEqual(['--formats']);
    expect(await mistakesIn(['replay', '--events', 'x', '--format', 'github'])).toEqual(['--format github']);
  });
});
