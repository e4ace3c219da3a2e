import { join } from 'node:path';
import { packageScript } from '../../../scripts/package-script.ts';
import { type PlantedTree, plantTree } from './plant-tree.ts';

describe('packageScript', () => {
  let tree: PlantedTree;
  beforeAll(() => {
    tree = plantTree({
      'package.json': JSON.stringify({
        scripts: { lint: 'check --all .', types: 'tool', both: 'tool && check', missing: 'absent --x' },
        dependencies: { '@x/tool': '1.0.0', 'not-installed': '1.0.0' },
        devDependencies: { checker: '1.0.0' },
      }),
      'node_modules/@x/tool/package.json': JSON.stringify({ bin: 'tool.js' }),
      'node_modules/checker/package.json': JSON.stringify({ bin: { check: 'bin/check.mjs' } }),
    });
  });
  afterAll(() => tree.remove());

  it('names the file of the program and its arguments', () => {
    expect(packageScript('lint', tree.root)).toEqual([join(tree.root, 'node_modules/checker/bin/check.mjs'), '--all', '.']);
  });

  it('knows a package with a single program by its name without the scope', () => {
    expect(packageScript('types', tree.root)).toEqual([join(tree.root, 'node_modules/@x/tool/tool.js')]);
  });

  it('refuses a script that is not there', () => {
    expect(() => packageScript('bench', tree.root)).toThrow('package.json has no script "bench"');
  });

  it('refuses a script that needs a shell', () => {
    expect(() => packageScript('both', tree.root)).toThrow('the script "both" needs a shell: tool && check');
  });

  it('refuses a program that no dependency has', () => {
    expect(() => packageScript('missing', tree.root)).toThrow('no installed dependency has a program "absent"');
  });
});
