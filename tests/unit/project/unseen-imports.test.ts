import { unseenImports } from '../../../scripts/unseen-imports.ts';

const seen = (source: string, ...modules: readonly string[]) => ({ source, dependencies: modules.map((module) => ({ module })) });

describe('unseenImports', () => {
  it('is content with a file whose imports were all seen', () => {
    const text = "import { a } from './a.ts';\nexport const from = 'nowhere';\n";
    expect(unseenImports([{ path: 'src/x.ts', text }], [seen('src/x.ts', './a.ts')])).toEqual([]);
  });

  it('knows that the tool leaves out the scheme of node:fs', () => {
    expect(unseenImports([{ path: 'src/x.ts', text: "import { a } from 'node:fs';\n" }], [seen('src/x.ts', 'fs')])).toEqual([]);
  });

  it('reports a file that was not read', () => {
    expect(unseenImports([{ path: 'src/x.ts', text: '' }], [seen('src/y.ts')])).toEqual(['src/x.ts was not read']);
  });

  it.each([
    ["import './a.ts';"],
    ["import a from './a.ts';"],
    ["import { b, c } from './a.ts';"],
    ["import {\n  b,\n  c,\n} from './a.ts';"],
    ["import type { B } from './a.ts';"],
    ["import * as a from './a.ts';"],
    ["import data from './a.ts' with { type: 'json' };"],
    ["export { b } from './a.ts';"],
    ["export * from './a.ts';"],
    ["export type { B } from './a.ts';"],
  ])('reports an import that was not seen: %s', (text) => {
    expect(unseenImports([{ path: 'src/x.ts', text }], [seen('src/x.ts', './b.ts')])).toEqual(['src/x.ts imports ./a.ts, which was not seen']);
  });
});
