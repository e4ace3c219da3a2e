import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../scripts/project-root.ts';
import { plantTree } from './plant-tree.ts';

const RULES = readFileSync(join(PROJECT_ROOT, '.dependency-cruiser.json'), 'utf8');

// Stand-ins for the real packages: the rules go by where an import leads, not by what is there.
const PACKAGES = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { commander: '1.0.0', 'js-yaml': '1.0.0', 'lossless-json': '1.0.0', zod: '1.0.0' },
    devDependencies: { esbuild: '1.0.0' },
  }),
  ...Object.fromEntries(
    ['commander', 'js-yaml', 'lossless-json', 'zod', 'zod/mini', 'esbuild', 'undeclared'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, ''],
    ]),
  ),
};

const importing = (...specifiers: readonly string[]): string => specifiers.map((specifier) => `import '${specifier}';\n`).join('');

/** Each layer with what it may import: this tree passes. */
const INNOCENT: Readonly<Record<string, string>> = {
  'src/core/money.ts': "import { createHash } from 'node:crypto';\nexport const hash = createHash;\n",
  'src/core/event.ts': "import type { hash } from './money.ts';\nexport type Event = typeof hash;\n",
  'src/sources/read.ts': importing('../core/event.ts', 'lossless-json', 'zod/mini'),
  'src/app/use-case.ts': importing('../core/event.ts', '../sources/read.ts'),
  'src/adapters/yaml/load.ts': importing('../../core/event.ts', '../../app/use-case.ts', 'js-yaml', 'zod', 'node:fs'),
  'src/handlers/evaluate.ts': importing('../adapters/yaml/load.ts', '../app/use-case.ts', '../sources/read.ts'),
  'src/cli/guardrails.ts': importing('../adapters/yaml/load.ts', '../core/money.ts', './paint.ts', 'commander'),
  'src/cli/paint.ts': "import { styleText } from 'node:util';\nexport const paint = styleText;\n",
  'src/lab/server.ts': importing('../adapters/yaml/load.ts'),
  'scripts/build.ts': importing('../src/cli/guardrails.ts', 'esbuild', 'zod'),
  'tests/guardrails.test.ts': importing('../src/cli/guardrails.ts', '../scripts/build.ts'),
};

interface Finding {
  readonly status: number | null;
  readonly errors: readonly string[];
}

function checkLayers(files: Readonly<Record<string, string>>, rules = RULES): Finding {
  const tree = plantTree({ ...PACKAGES, '.dependency-cruiser.json': rules, ...files });
  try {
    const command = [join(PROJECT_ROOT, 'node_modules/tsx/dist/cli.mjs'), join(PROJECT_ROOT, 'scripts/check-layers.ts')];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: tree.root, encoding: 'utf8' });
    return { status, errors: stderr.split('\n').filter((line) => line.startsWith('error ')) };
  } finally {
    tree.remove();
  }
}

describe('npm run layers', () => {
  it('passes a tree whose imports point left', () => {
    expect(checkLayers(INNOCENT)).toEqual({ status: 0, errors: [] });
  });

  // All in one tree: each file breaks one rule, and starting the tool costs a second.
  const GUILTY: readonly (readonly [rule: string, file: string, specifier: string, found: string])[] = [
    ['core-imports-core-alone', 'src/core/to-sources.ts', '../sources/read.ts', 'src/sources/read.ts'],
    ['core-imports-core-alone', 'src/core/to-app.ts', '../app/use-case.ts', 'src/app/use-case.ts'],
    ['core-imports-core-alone', 'src/core/to-adapters.ts', '../adapters/yaml/load.ts', 'src/adapters/yaml/load.ts'],
    ['core-imports-core-alone', 'src/core/to-cli.ts', '../cli/paint.ts', 'src/cli/paint.ts'],
    ['core-imports-no-package', 'src/core/to-package.ts', 'lossless-json', 'node_modules/lossless-json/index.js'],
    ['pure-layers-import-no-built-in', 'src/core/to-files.ts', 'node:fs', 'fs'],
    ['pure-layers-import-no-built-in', 'src/sources/to-sockets.ts', 'node:net', 'net'],
    ['sources-import-core-alone', 'src/sources/to-app.ts', '../app/use-case.ts', 'src/app/use-case.ts'],
    ['sources-import-core-alone', 'src/sources/to-adapters.ts', '../adapters/yaml/load.ts', 'src/adapters/yaml/load.ts'],
    ['sources-import-two-packages', 'src/sources/to-package.ts', 'commander', 'node_modules/commander/index.js'],
    ['full-zod-in-adapters-yaml', 'src/sources/to-zod.ts', 'zod', 'node_modules/zod/index.js'],
    ['full-zod-in-adapters-yaml', 'src/adapters/memory/to-zod.ts', 'zod', 'node_modules/zod/index.js'],
    ['js-yaml-in-adapters-yaml', 'src/cli/to-yaml.ts', 'js-yaml', 'node_modules/js-yaml/index.js'],
    ['app-imports-leftwards', 'src/app/to-adapters.ts', '../adapters/yaml/load.ts', 'src/adapters/yaml/load.ts'],
    ['app-imports-leftwards', 'src/app/to-handlers.ts', '../handlers/evaluate.ts', 'src/handlers/evaluate.ts'],
    ['app-imports-no-package', 'src/app/to-package.ts', 'commander', 'node_modules/commander/index.js'],
    ['adapters-import-leftwards', 'src/adapters/to-handlers.ts', '../handlers/evaluate.ts', 'src/handlers/evaluate.ts'],
    ['adapters-import-leftwards', 'src/adapters/to-cli.ts', '../cli/paint.ts', 'src/cli/paint.ts'],
    ['adapters-import-leftwards', 'src/adapters/to-lab.ts', '../lab/server.ts', 'src/lab/server.ts'],
    ['programs-stay-apart', 'src/handlers/to-cli.ts', '../cli/paint.ts', 'src/cli/paint.ts'],
    ['programs-stay-apart', 'src/handlers/to-lab.ts', '../lab/server.ts', 'src/lab/server.ts'],
    ['programs-stay-apart', 'src/cli/to-handlers.ts', '../handlers/evaluate.ts', 'src/handlers/evaluate.ts'],
    ['programs-stay-apart', 'src/cli/to-lab.ts', '../lab/server.ts', 'src/lab/server.ts'],
    ['programs-stay-apart', 'src/lab/to-cli.ts', '../cli/paint.ts', 'src/cli/paint.ts'],
    ['no-import-from-outside-the-layers', 'src/helpers/to-core.ts', '../core/money.ts', 'src/core/money.ts'],
    ['no-file-outside-the-layers', 'src/cli/to-helpers.ts', '../helpers/to-core.ts', 'src/helpers/to-core.ts'],
    ['product-imports-no-tooling', 'src/cli/to-scripts.ts', '../../scripts/build.ts', 'scripts/build.ts'],
    ['product-imports-no-tooling', 'src/cli/to-tests.ts', '../../tests/guardrails.test.ts', 'tests/guardrails.test.ts'],
    ['product-imports-no-dev-dependency', 'src/cli/to-esbuild.ts', 'esbuild', 'node_modules/esbuild/index.js'],
    ['no-undeclared-package', 'src/cli/to-undeclared.ts', 'undeclared', 'node_modules/undeclared/index.js'],
    ['no-unresolvable', 'src/cli/to-nowhere.ts', './nowhere.ts', './nowhere.ts'],
  ];

  describe('on a tree with one violation of each rule', () => {
    let finding: Finding = { status: null, errors: [] };
    beforeAll(() => {
      const planted = GUILTY.map(([, file, specifier]) => [file, importing(specifier)]);
      const typeOnly = { 'src/core/to-a-type.ts': "import type { load } from '../adapters/yaml/load.ts';\nexport type Load = typeof load;\n" };
      const onDemand = { 'src/core/on-demand.ts': "export const later = () => import('../adapters/yaml/load.ts');\n" };
      const cycle = { 'src/app/ring-a.ts': importing('./ring-b.ts'), 'src/app/ring-b.ts': importing('./ring-a.ts') };
      const orphan = { 'src/app/orphan.ts': 'export const alone = 1;\n' };
      finding = checkLayers({ ...INNOCENT, ...Object.fromEntries(planted), ...typeOnly, ...onDemand, ...cycle, ...orphan });
    });

    it('fails', () => {
      expect(finding.status).toBe(1);
    });

    it.each(GUILTY)('reports %s: %s importing %s', (rule, file, _specifier, found) => {
      expect(finding.errors).toContain(`error ${rule}: ${file} → ${found}`);
    });

    it('reports an import of a type', () => {
      expect(finding.errors).toContain('error core-imports-core-alone: src/core/to-a-type.ts → src/adapters/yaml/load.ts');
    });

    it('reports an import on demand', () => {
      expect(finding.errors).toContain('error core-imports-core-alone: src/core/on-demand.ts → src/adapters/yaml/load.ts');
    });

    it('reports a cycle', () => {
      expect(finding.errors).toContain('error no-cycle: src/app/ring-a.ts → src/app/ring-b.ts → src/app/ring-a.ts');
    });

    it('reports an orphan', () => {
      expect(finding.errors).toContain('error no-orphan: src/app/orphan.ts → src/app/orphan.ts');
    });

    it('reports nothing of the innocent files', () => {
      const innocent = Object.keys(INNOCENT).filter((file) => finding.errors.some((error) => new RegExp(`^error (?!no-cycle)\\S+: ${file} `).test(error)));
      expect(innocent).toEqual([]);
    });

    it('proves each rule of the configuration', () => {
      const { forbidden } = JSON.parse(RULES) as { readonly forbidden: readonly { readonly name: string }[] };
      const silent = forbidden.filter(({ name }) => !finding.errors.some((error) => error.startsWith(`error ${name}: `)));
      expect(silent).toEqual([]);
    });
  });

  it('fails where the tool finds nothing wrong because it passed a file over', () => {
    const passingOver = JSON.stringify({ ...JSON.parse(RULES), options: { parser: 'swc', exclude: { path: 'paint' } } });
    const { status, errors } = checkLayers(INNOCENT, passingOver);
    expect(status).toBe(1);
    expect([...errors].sort()).toEqual([
      'error no-unseen-import: src/cli/guardrails.ts imports ./paint.ts, which was not seen',
      'error no-unseen-import: src/cli/paint.ts was not read',
    ]);
  });

  it('fails where there is nothing to check', () => {
    expect(checkLayers({ 'src/readme.md': '' })).toEqual({ status: 1, errors: ['error no-source: src holds no TypeScript'] });
  });
});
