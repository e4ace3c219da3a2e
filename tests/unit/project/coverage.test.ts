import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../scripts/project-root.ts';
import { plantTree } from './plant-tree.ts';

const CONFIGURATION = {
  'package.json': '{ "type": "module" }',
  ...Object.fromEntries(['jest.config.js', 'scripts/jest-transform.js'].map((path) => [path, readFileSync(join(PROJECT_ROOT, path), 'utf8')])),
};

/** Covered whole, with what is easily counted as uncovered: types, an exported constant that no test imports, a class field. */
const COVERED = {
  'src/core/half.ts':
    "import type { Whole } from './whole.ts';\nexport const ZERO = 0;\nexport type Half = number;\nexport function half(whole: Whole): Half {\n  return whole / 2 || ZERO;\n}\n",
  'src/core/whole.ts': 'export type Whole = number;\nexport interface Pair {\n  readonly a: Whole;\n}\n',
  'src/sources/read.ts':
    "import * as z from 'zod/mini';\nimport { half } from '../core/half.ts';\nexport const read = (n: unknown) => half(z.parse(z.number(), n));\n",
  'tests/half.test.ts': "import { read } from '../src/sources/read.ts';\nit('halves', () => {\n  expect(read(4)).toBe(2);\n  expect(read(0)).toBe(0);\n});\n",
};

function measure(files: Readonly<Record<string, string>>): { readonly status: number | null; readonly complaints: readonly string[] } {
  const tree = plantTree({ ...CONFIGURATION, ...files });
  try {
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(tree.root, 'node_modules'), 'junction');
    const command = [join(PROJECT_ROOT, 'node_modules/jest/bin/jest.js'), '--coverage', `--cacheDirectory=${join(tree.root, '.cache')}`];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: tree.root, encoding: 'utf8' });
    return { status, complaints: [...stderr.matchAll(/coverage .*? threshold/gi)].map(([complaint]) => complaint) };
  } finally {
    tree.remove();
  }
}

describe('npm run test:coverage', () => {
  it('passes where everything is tested', () => {
    expect(measure(COVERED)).toEqual({ status: 0, complaints: [] });
  });

  it('fails for a branch that no test takes, and for a file that no test imports', () => {
    const untaken = { 'src/core/half.ts': `${COVERED['src/core/half.ts']}export const sign = (n: number) => (n < 0 ? -1 : 1);\nsign(1);\n` };
    const untested = { 'src/sources/forgotten.ts': 'export function forgotten(): number {\n  return 1;\n}\n' };
    const { status, complaints } = measure({ ...COVERED, ...untaken, ...untested });
    expect(status).toBe(1);
    expect(complaints).toContainEqual(expect.stringMatching(/^Coverage for branches \(.*\) does not meet "\.\/src\/core\/" threshold$/));
    expect(complaints).toContainEqual(expect.stringMatching(/^Coverage for functions \(.*\) does not meet "\.\/src\/sources\/" threshold$/));
  });
});
