import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { LOWERING_SENTENCES } from '../../../scripts/docs/lowering-sentences.ts';
import { renderPolicyPage } from '../../../scripts/docs/policy-page.ts';
import { PROBLEM_GROUPS, PROBLEM_SENTENCES } from '../../../scripts/docs/problem-sentences.ts';
import { PROJECT_ROOT } from '../../../scripts/project-root.ts';
import { loadPolicies } from '../../../src/adapters/yaml/load-policies.ts';
import type { PolicyFile } from '../../../src/adapters/yaml/policy-file.ts';
import { readPolicyDirectory } from '../../../src/adapters/yaml/read-policy-directory.ts';
import { readYaml } from '../../../src/adapters/yaml/yaml-document.ts';
import { ENVIRONMENT_VARIABLES } from '../../../src/cli/environment.ts';
import { MODES, type Mode } from '../../../src/core/policy.ts';
import { PROBLEM_CODES, type Problem } from '../../../src/core/problem.ts';
import { LOWERING_CODES } from '../../../src/core/reason.ts';
import { actionCatalogue } from '../../support/action-catalogue.ts';
import { folderWith, runGuardrails } from '../../support/run-guardrails.ts';

const PAGES = ['docs/policies.md', 'docs/migrating.md'];

/** A fenced block of a page. What begins with a comment naming a file is that file. */
interface Block {
  readonly page: string;
  readonly line: number;
  /** The words after the fence: `yaml`, `yaml cloud-custodian`. */
  readonly info: string;
  readonly text: string;
}

const blocks = PAGES.flatMap(blocksOf);
const ours = blocks.filter(({ info }) => info === 'yaml');

describe('docs/policies.md', () => {
  it('is up to date with the code; if not, run: npm run docs', () => {
    const page = read('docs/policies.md');
    expect(page).toBe(renderPolicyPage(page));
  });

  it('is not made where a mark is missing, unknown or never ended', () => {
    const page = read('docs/policies.md');
    expect(() => renderPolicyPage(page.replace('<!-- lowering:begin -->', ''))).toThrow('lowering');
    expect(() => renderPolicyPage(`${page}<!-- weather:begin -->`)).toThrow('weather');
    expect(() => renderPolicyPage(page.replace('<!-- lowering:end -->', ''))).toThrow('never ended');
  });

  it('takes what stands between the marks from the code', () => {
    const page = read('docs/policies.md');
    const stale = page.replaceAll(/(<!-- (.+):begin -->)[\s\S]*?(<!-- \2:end -->)/g, '$1 stale $3');
    expect(stale).not.toContain('ec2:RunInstances` ');
    expect(renderPolicyPage(stale)).toBe(page);
  });

  it('names every problem code once, in a group', () => {
    expect([...PROBLEM_GROUPS.keys()][0]).toBe(PROBLEM_CODES[0]);
    const page = read('docs/policies.md');
    expect(PROBLEM_CODES.filter((code) => page.split(`\n| \`${code}\` | `).length !== 2)).toEqual([]);
  });

  it('says of each problem code the severities that it has', () => {
    const rows = load(read('tests/fixtures/policies/mistakes.yaml')) as readonly { readonly problems: readonly string[] }[];
    const found = new Map<string, Set<string>>();
    for (const problem of rows.flatMap(({ problems }) => problems)) {
      const [, severity = '', code = ''] = / (error|warning|note) (\w+) /.exec(problem) ?? [];
      found.set(code, (found.get(code) ?? new Set()).add(severity));
    }
    const told = PROBLEM_CODES.filter((code) => found.has(code)).map((code) => [code, [...PROBLEM_SENTENCES[code].severities].sort()]);
    expect(told.length).toBeGreaterThan(50);
    expect(told).toEqual(PROBLEM_CODES.flatMap((code) => (found.has(code) ? [[code, [...(found.get(code) ?? [])].sort()]] : [])));
  });

  it('says of each reason how far it lowers, as the decision tables do', () => {
    const lowered = new Map<string, Mode>();
    for (const { expect: expected, policy } of decisionCases()) {
      const last = LOWERING_CODES.find((code) => code === expected.reasons.at(-1));
      const mode = MODES.find((one) => one === expected.outcome);
      if (last !== undefined && mode !== undefined && policy?.mode === undefined) lowered.set(last, mode);
    }
    expect(Object.fromEntries(lowered)).toEqual(Object.fromEntries(LOWERING_CODES.map((code) => [code, LOWERING_SENTENCES[code].to])));
  });
});

describe('the examples of', () => {
  it.each(PAGES)('%s are all YAML that validate has nothing against', (page) => {
    const files = filesOf(page);
    expect(files.length).toBeGreaterThan(3);
    expect(files.flatMap((file) => readYaml(file.text, 'mapping_or_list').findings)).toEqual([]);
    for (const one of files.filter(({ role }) => role === 'policy')) {
      const settings = files.filter(({ role }) => role === 'settings').slice(0, 1);
      expect(loadPolicies([one, ...settings], actionCatalogue()).problems).toEqual([]);
    }
  });

  it('docs/policies.md that are tests pass with its first policy', async () => {
    const [settings, policy, tests] = ['# policies/settings.yaml', '# policies/ci-spend.yaml', '# policies/tests/ci-spend.yaml'].map(
      (name) => ours.find(({ page, text }) => page === 'docs/policies.md' && text.startsWith(`${name}\n`))?.text ?? '',
    );
    const folder = folderWith({ 'settings.yaml': settings ?? '', 'ci-spend.yaml': policy ?? '', 'tests/ci-spend.yaml': tests ?? '' });
    const validated = await runGuardrails(['validate', folder, '--json']);
    expect(JSON.parse(validated.out)).toMatchObject({ valid: true, problems: [] });
    const ran = await runGuardrails(['test', folder]);
    expect(ran).toMatchObject({ exitCode: 0, out: expect.stringContaining('3 passed') });
  });

  it('another program are told as such, and are no policies of this one', () => {
    const foreign = blocks.filter(({ info }) => info.startsWith('yaml '));
    expect(foreign.map(({ info }) => info)).toEqual(['yaml cloud-custodian']);
    for (const { text } of foreign)
      expect(problemsOf([{ path: 'foreign.yaml', role: 'policy', text }]).some(({ severity }) => severity === 'error')).toBe(true);
  });
});

describe('docs/migrating.md', () => {
  const page = read('docs/migrating.md');
  const loaded = loadPolicies(readPolicyDirectory(join(PROJECT_ROOT, 'tests/fixtures/policies/migrating')), actionCatalogue());

  it('keeps its word: policies in each form that the predecessor documents load without an error', () => {
    expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(loaded.policies).toHaveLength(loaded.fileCount);
    expect(loaded.fileCount).toBe(7);
  });

  it('names what they are warned of', () => {
    const codes = [...new Set(loaded.problems.map(({ code }) => code))].sort();
    const table = /### What you may be warned of\n([\s\S]*?)\n###/.exec(page)?.[1] ?? '';
    expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => String(code)).sort()).toEqual(codes);
  });

  it.each([
    ['"*"', 'denies_everything'],
    ['"ec2:*"', 'denies_cleanup'],
    ['"ec2:StopInstances"', 'denies_cleanup'],
    ['"ec2:TerminateInstances"', 'denies_cleanup'],
    ['"ec2:Describe*"', 'denies_looking'],
    ['"s3:ListBucket"', 'denies_looking'],
  ])('is right that a deny of %s is refused as %s', (action, code) => {
    const text = read('tests/fixtures/policies/base.yaml').replace('"ec2:RunInstances"', action);
    expect(problemsOf([{ path: 'policy.yaml', role: 'policy', text }]).map((problem) => problem.code)).toContain(code);
    expect(page).toContain(action.replaceAll('"', '`'));
  });

  it('names only problem codes that exist as reasons to refuse', () => {
    const table = /### What is refused\n\n([\s\S]*?)\n\n/.exec(page)?.[1] ?? '';
    const codes = [...table.matchAll(/^\| [^|]+ \| ([^|]+) \|/gm)].flatMap(([, cell]) =>
      [...String(cell).matchAll(/`(\w+)`/g)].map(([, code]) => String(code)),
    );
    expect(codes.length).toBeGreaterThan(10);
    const errors = PROBLEM_CODES.filter((code) => PROBLEM_SENTENCES[code].severities.includes('error'));
    expect(codes.filter((code) => !errors.some((one) => one === code))).toEqual([]);
  });

  it('names every variable that the program reads, and says of no other that it does', () => {
    const row = page.split('\n').find((line) => line.includes('| not read')) ?? '';
    expect(row).not.toBe('');
    expect(ENVIRONMENT_VARIABLES.filter((name) => row.includes(`\`${name}\``))).toEqual([]);
    expect(ENVIRONMENT_VARIABLES.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

it.each(PAGES)('%s links only to what exists', (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target)).filter((target) => !target.startsWith('https://'));
  const missing = targets.filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(PROJECT_ROOT, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
  });
  expect(missing).toEqual([]);
});

function read(path: string): string {
  return readFileSync(join(PROJECT_ROOT, path), 'utf8');
}

function blocksOf(page: string): readonly Block[] {
  const text = read(page);
  return [...text.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, info = '', content = ''] = match;
    return { page, line: text.slice(0, match.index).split('\n').length, info, text: content };
  });
}

/** The YAML of a page as files: a policy as it stands, and a part of one in the place of that part of the page's first policy. */
function filesOf(page: string): readonly PolicyFile[] {
  const texts = ours.filter((block) => block.page === page);
  const isPart = ({ text }: Block): boolean => !/^(policy_id:|# policies\/)/m.test(text);
  const whole = load(texts.find((block) => /^policy_id:/m.test(block.text))?.text ?? '') as object;
  return texts.map((block) => {
    const path = `${page}:${block.line}`;
    if (block.text.startsWith('# policies/settings.yaml')) return { path, role: 'settings', text: block.text };
    if (block.text.startsWith('# policies/tests/')) return { path, role: 'ignored', text: block.text };
    return { path, role: 'policy', text: isPart(block) ? JSON.stringify({ ...whole, ...(load(block.text) as object) }) : block.text };
  });
}

function problemsOf(files: readonly PolicyFile[]): readonly Problem[] {
  return loadPolicies(files, actionCatalogue()).problems;
}

interface DecisionCase {
  readonly policy?: { readonly mode?: string };
  readonly expect: { readonly outcome: string; readonly reasons: readonly string[] };
}

function decisionCases(): readonly DecisionCase[] {
  const folder = join(PROJECT_ROOT, 'tests/cases');
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return names.flatMap((name) => load(readFileSync(join(folder, name), 'utf8')) as readonly DecisionCase[]);
}

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
