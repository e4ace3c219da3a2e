import { lintPlanted } from './lint-planted.ts';

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `  step(${index});\n`).join('');
const branches = (count: number): string => Array.from({ length: count }, (_, index) => `  if (n > ${index} && n !== ${index + 99}) step(n);\n`).join('');
const STEP = 'function step(n: number): number {\n  return n + 1;\n}\n';

/** rule → a text that breaks it, and beside it one that does nearly the same and is allowed. */
const CASES: readonly (readonly [rule: string, guilty: string, innocent: string])[] = [
  [
    'noFloatingPromises',
    'async function save(): Promise<void> {\n  await 0;\n}\nsave();',
    'async function save(): Promise<void> {\n  await Promise.resolve();\n}\nawait save();',
  ],
  ['noDefaultExport', 'export default 1;', 'export const one = 1;'],
  ['noBarrelFile', "export { one } from './one.ts';", "import { one } from './one.ts';\nexport const two = one + 1;"],
  ['noReExportAll', "export * from './one.ts';", "import { one } from './one.ts';\nexport const two = one + 1;"],
  ['noExplicitAny', 'export const one = (value: any) => value;', 'export const one = (value: unknown) => value;'],
  ['noNonNullAssertion', 'export const first = (a: string[]) => a[0]!;', "export const first = (a: string[]) => a[0] ?? '';"],
  ['noParameterAssign', 'export function one(n: number): number {\n  n = 1;\n  return n;\n}', 'export function one(n: number): number {\n  return n;\n}'],
  ['noEnum', 'export enum Mode {\n  A,\n}', "export type Mode = 'a';"],
  ['noNestedTernary', 'export const f = (a: boolean, b: boolean) => (a ? 1 : b ? 2 : 3);', 'export const f = (a: boolean) => (a ? 1 : 2);'],
  ['noConsole', "console.log('done');", "process.stdout.write('done');"],
  ['noCommonJs', "export const one = require('node:fs');", "import { readFileSync } from 'node:fs';\nexport const one = readFileSync;"],
  [
    'useNodejsImportProtocol',
    "import { readFileSync } from 'fs';\nexport const one = readFileSync;",
    "import { readFileSync } from 'node:fs';\nexport const one = readFileSync;",
  ],
  ['useImportExtensions', "import { one } from './one';\nexport const two = one;", "import { one } from './one.ts';\nexport const two = one;"],
  ['useImportType', "import { One } from './one.ts';\nexport const two: One = 1;", "import type { One } from './one.ts';\nexport const two: One = 1;"],
  ['noUnusedImports', "import { one } from './one.ts';", "import { one } from './one.ts';\nexport const two = one;"],
  [
    'useExhaustiveSwitchCases',
    "export function f(mode: 'a' | 'b'): void {\n  switch (mode) {\n    case 'a':\n      break;\n  }\n}",
    "export function f(mode: 'a' | 'b'): void {\n  switch (mode) {\n    case 'a':\n    case 'b':\n      break;\n  }\n}",
  ],
  ['noExcessiveLinesPerFunction', `${STEP}export function long(): void {\n${lines(50)}}`, `${STEP}export function long(): void {\n${lines(40)}}`],
  ['noExcessiveLinesPerFile', `${STEP}${lines(270)}`, `${STEP}${lines(200)}`],
  [
    'noExcessiveCognitiveComplexity',
    `${STEP}export function many(n: number): void {\n${branches(8)}}`,
    `${STEP}export function many(n: number): void {\n${branches(7)}}`,
  ],
  [
    'useMaxParams',
    'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1, g: 1) => [a, b, c, d, e, g];',
    'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e];',
  ],
];

const FILES = {
  'src/app/one.ts': 'export const one = 1;\nexport type One = 1;\n',
  'src/app/camelCase.ts': 'export const one = 1;\n',
  ...Object.fromEntries(
    CASES.flatMap(([, guilty, innocent], index) => [
      [`src/app/guilty-${index}.ts`, `${guilty}\n`],
      [`src/app/innocent-${index}.ts`, `${innocent}\n`],
    ]),
  ),
};

describe('npm run lint', () => {
  let rulesOf: (file: string) => readonly string[];
  beforeAll(() => {
    rulesOf = lintPlanted(FILES);
  });

  it.each(CASES.map(([rule], index) => ({ rule, index })))('reports $rule', ({ rule, index }) => {
    expect(rulesOf(`src/app/guilty-${index}.ts`)).toContain(rule);
  });

  it.each(CASES.map(([rule], index) => ({ rule, index })))('reports nothing where $rule is kept', ({ index }) => {
    expect(rulesOf(`src/app/innocent-${index}.ts`)).toEqual([]);
  });

  it('reports a file name that is not in kebab-case', () => {
    expect(rulesOf('src/app/camelCase.ts')).toEqual(['useFilenamingConvention']);
  });
});
