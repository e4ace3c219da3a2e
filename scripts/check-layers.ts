/**
 * Holds the imports of the project in the working directory against its `.dependency-cruiser.json`, and then the tool against the
 * files: one that can't read TypeScript finds nothing to check, and passes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICruiseResult, IViolation } from 'dependency-cruiser';
import { PROJECT_ROOT } from './project-root.ts';
import { type SourceFile, unseenImports } from './unseen-imports.ts';

/** In a process of its own: it loads its parser in a way that the loader of this script doesn't support. */
function cruise(folders: readonly string[]): ICruiseResult {
  const program = join(PROJECT_ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(process.execPath, [program, '--config', '.dependency-cruiser.json', '--output-type', 'json', ...folders], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no result:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as ICruiseResult;
}

function sourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function violationText({ rule, from, to, cycle }: IViolation): string {
  return `error ${rule.name}: ${cycle === undefined ? `${from} → ${to}` : [from, ...cycle.map((step) => step.name)].join(' → ')}`;
}

const { modules, summary } = cruise(['src', 'scripts', 'bench', 'tests', 'infra'].filter((folder) => existsSync(folder)));
const files = sourceFiles('src');
const unseen = unseenImports(files, modules).map((sentence) => `error no-unseen-import: ${sentence}`);
const problems = [...summary.violations.map(violationText), ...unseen, ...(files.length === 0 ? ['error no-source: src holds no TypeScript'] : [])];

for (const problem of problems) console.error(problem);
for (const { name, comment } of summary.ruleSetUsed?.forbidden ?? []) {
  if (summary.violations.some((violation) => violation.rule.name === name)) console.error(`${name}: ${comment}`);
}
console.log(`${modules.length} modules, ${summary.totalDependenciesCruised} imports, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
