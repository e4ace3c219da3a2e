import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../scripts/project-root.ts';
import { plantTree } from './plant-tree.ts';

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** Lints the files (path → text) under the project's own rules, and tells which rules each of them breaks, sorted and by name. */
export function lintPlanted(files: Readonly<Record<string, string>>): (file: string) => readonly string[] {
  const configuration = ['biome.json', '.gitignore', 'package.json', 'scripts/lint/pure.grit'].map((path) => [
    path,
    readFileSync(join(PROJECT_ROOT, path), 'utf8'),
  ]);
  const tree = plantTree({ ...Object.fromEntries(configuration), ...files });
  try {
    const program = join(PROJECT_ROOT, 'node_modules/@biomejs/biome/bin/biome');
    const command = [program, 'lint', '--error-on-warnings', '--reporter=json', '--max-diagnostics=none', 'src'];
    const { stdout } = spawnSync(process.execPath, command, { cwd: tree.root, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
    return (file) =>
      diagnostics
        .filter(({ location }) => location.path === file)
        .map(({ category }) => category.slice(category.lastIndexOf('/') + 1))
        .sort();
  } finally {
    tree.remove();
  }
}
