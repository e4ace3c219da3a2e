import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { loadPolicies } from '../../../../src/adapters/yaml/load-policies.ts';
import { readPolicyDirectory } from '../../../../src/adapters/yaml/read-policy-directory.ts';
import { PROBLEM_CODES, type Problem } from '../../../../src/core/problem.ts';
import { actionCatalogue } from '../../../support/action-catalogue.ts';

interface Row {
  readonly name: string;
  readonly text?: string;
  readonly replace?: Readonly<Record<string, string>>;
  readonly append?: string;
  readonly settings?: string;
  readonly problems: readonly string[];
}

const FIXTURES = join(__dirname, '../../../fixtures/policies');
const BASE = readFileSync(join(FIXTURES, 'base.yaml'), 'utf8');
const ROWS = load(readFileSync(join(FIXTURES, 'mistakes.yaml'), 'utf8')) as readonly Row[];

const directory = mkdtempSync(join(tmpdir(), 'mistakes-'));

afterAll(() => rmSync(directory, { recursive: true }));

it('finds nothing wrong with the policy that the rows change', () => {
  expect(problemsOf({ name: 'base', problems: [] })).toEqual([]);
});

it.each(ROWS.map((row) => [row.name, row] as const))('reports %s', (_name, row) => {
  const problems = problemsOf(row);
  expect(problems.map(render)).toEqual(row.problems);
  // Whatever goes wrong, a message is a sentence, and repeats no secret.
  for (const { message } of problems) {
    expect(message).toMatch(/[.?]$/);
    expect(message).not.toMatch(/hooks\.slack\.com|xox|8f742231/);
  }
});

it('reports what can be wrong with files and between them', () => {
  fillDirectory();
  const problems = loadPolicies(readPolicyDirectory(directory), actionCatalogue()).problems;
  expect(problems.map((problem) => render({ ...problem, file: problem.file.slice(directory.length + 1) }))).toEqual([
    'broken-link.yaml 1:1 error unreadable_file -',
    'huge.yaml 1:1 error file_too_large -',
    'latin1.yaml 1:1 error not_utf8 -',
    'many.yaml 10:5 error too_many /scope/principals',
    'same.yaml 1:12 error duplicate_policy_id /policy_id',
    'settings.yml 1:1 error duplicate_settings -',
    'team/deeper/lost.yml 1:1 warning yaml_in_subfolder -',
    'team/lost.yaml 1:1 warning yaml_in_subfolder -',
    'wide.yaml 13:3 error document_too_large /actions',
  ]);
});

it('has a row, or a file, for every code', () => {
  const inRows = ROWS.flatMap(({ problems }) => problems.map((problem) => PROBLEM_CODES.find((code) => problem.includes(` ${code} `))));
  fillDirectory();
  const inFiles = loadPolicies(readPolicyDirectory(directory), actionCatalogue()).problems.map(({ code }) => code);
  const covered = new Set([...inRows, ...inFiles]);
  expect(PROBLEM_CODES.filter((code) => !covered.has(code))).toEqual([]);
});

function problemsOf(row: Row): readonly Problem[] {
  const settings = row.settings === undefined ? [] : [{ path: 'settings.yaml', role: 'settings' as const, text: row.settings }];
  return loadPolicies([{ path: 'policy.yaml', role: 'policy', text: textOf(row) }, ...settings], actionCatalogue()).problems;
}

function textOf(row: Row): string {
  const replaced = Object.entries(row.replace ?? {}).reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`${row.name}: expected ${JSON.stringify(from)} exactly once`);
    return text.replace(from, () => to);
  }, row.text ?? BASE);
  return row.append === undefined ? replaced : `${replaced}${row.append.trimEnd()}\n`;
}

function render({ file, line, column, severity, code, path }: Problem): string {
  return `${file === 'policy.yaml' ? '' : `${file} `}${line}:${column} ${severity} ${code} ${path === '' ? '-' : path}`;
}

function fillDirectory(): void {
  rmSync(directory, { recursive: true });
  for (const folder of ['disabled', 'tests', 'team/deeper', '.hidden', 'node_modules/x']) mkdirSync(join(directory, folder), { recursive: true });
  const actions = Array.from({ length: 150 }, (_, index) => `"ec2:${longName(index)}"`).join(', ');
  const principals = Array.from({ length: 21 }, (_, index) => `    - {type: iam_role, arn: "arn:aws:iam::111122223333:role/ci-${index}"}`);
  const files: Readonly<Record<string, string | Uint8Array>> = {
    '.hidden.yaml': '{',
    '.hidden/x.yaml': '{',
    'Same.yml': BASE,
    'disabled/old.yaml': '{',
    'huge.yaml': `# ${'x'.repeat(1_048_576)}`,
    'latin1.yaml': Uint8Array.of(0x61, 0x3a, 0x20, 0xe9),
    'many.yaml': BASE.replace('ci-spend', 'many').replace(/ {4}- type: iam_role\n.*\n/, `${principals.join('\n')}\n`),
    'node_modules/x/y.yaml': '{',
    'readme.md': '{',
    'same.yaml': BASE.replace('ci-spend', 'CI-Spend'),
    'settings.yaml': `allow_unknown_actions: [${actions}]`,
    'settings.yml': '{',
    'team/deeper/lost.yml': '{',
    'team/lost.yaml': '{',
    'tests/some.yaml': '{',
    'wide.yaml': BASE.replace('ci-spend', 'wide').replace('"ec2:RunInstances"', actions),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  symlinkSync(join(directory, 'nowhere'), join(directory, 'broken-link.yaml'));
}

/** An action that nobody knows, so that 150 of them are too long for one document. */
function longName(index: number): string {
  return `RunSomethingThatIsNotKnownYet${String(index).padStart(10, '0')}`;
}
