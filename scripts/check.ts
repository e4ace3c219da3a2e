/** Runs every check, one after the other and to the end, and tells at the end which of them failed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageScript } from './package-script.ts';
import { PROJECT_ROOT } from './project-root.ts';

interface Check {
  readonly name: string;
  /** What Node is given: a program's file and its arguments. */
  readonly command: () => readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
}

function script(name: string): () => readonly string[] {
  return () => packageScript(name, PROJECT_ROOT);
}

const CHECKS: readonly Check[] = [
  { name: 'types', command: script('types') },
  { name: 'lint and format', command: script('lint') },
  { name: 'unused exports', command: script('unused') },
  { name: 'layers', command: script('layers') },
  { name: 'licences', command: script('licences') },
  { name: 'build', command: script('build') },
  { name: 'policies', command: () => [join(PROJECT_ROOT, 'dist', 'cli', 'guardrails.js'), 'validate'] },
  { name: 'policy tests', command: () => [join(PROJECT_ROOT, 'dist', 'cli', 'guardrails.js'), 'test'] },
  { name: 'tests and coverage', command: script('test:coverage') },
];

function run(check: Check): Outcome {
  console.log(`\n━━━ ${check.name} ━━━`);
  const start = performance.now();
  const { status, error } = spawnSync(process.execPath, check.command(), { cwd: PROJECT_ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.error(error.message);
  return { name: check.name, passed: status === 0, seconds: (performance.now() - start) / 1000 };
}

const outcomes = CHECKS.map(run);
const width = Math.max(...CHECKS.map((check) => check.name.length));
console.log(`\n━━━ all checks ━━━`);
for (const { name, passed, seconds } of outcomes) {
  console.log(`${name.padEnd(width)}  ${passed ? 'passed' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s`);
}
if (outcomes.some((outcome) => !outcome.passed)) process.exitCode = 1;
