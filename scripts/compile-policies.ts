/** Compiles a policy directory into dist/policies/policies.json, which the functions read in place of YAML. Refuses if anything in it is invalid. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadActionCatalogue } from '../src/adapters/iam-actions/action-catalogue.ts';
import { compilePolicies } from '../src/adapters/yaml/compile-policies.ts';
import { defaultPolicyDirectory, readEnvironment } from '../src/cli/environment.ts';
import { countProblems, renderProblem } from '../src/cli/render-problems.ts';
import { count, paintFor } from '../src/cli/terminal-text.ts';
import { PROJECT_ROOT } from './project-root.ts';

const OUTPUT = join(PROJECT_ROOT, 'dist', 'policies', 'policies.json');

const directory = process.argv[2] ?? defaultPolicyDirectory(readEnvironment(process.env, join(PROJECT_ROOT, '.env')));
const compilation = compilePolicies(directory, loadActionCatalogue(join(PROJECT_ROOT, 'dist', 'data', 'iam-actions.json')));
const paint = paintFor(process.stderr.isTTY === true);

// An older result must not be taken for this one's.
rmSync(OUTPUT, { force: true });
process.stderr.write(compilation.problems.map((problem) => renderProblem(problem, paint)).join(''));
if (compilation.kind === 'compiled') {
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, compilation.text);
  const kilobytes = Math.ceil(readFileSync(OUTPUT).length / 1024);
  process.stdout.write(
    `${count(compilation.policies, 'policy', 'policies')} of ${directory} at ${compilation.revision}: dist/policies/policies.json, ${kilobytes} KB\n`,
  );
} else {
  process.stderr.write(`${directory} was not compiled: ${countProblems(compilation.problems)}\n`);
  process.exitCode = 1;
}
