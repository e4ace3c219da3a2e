import { lintPlanted } from './lint-planted.ts';

/** Refused in src/core and src/sources, each for itself. */
const IMPURE = [
  'export const at = Date.now();',
  "export const at = Date['now']();",
  'export const { now } = Date;',
  'export const at = new Date();',
  'export const at = Date();',
  'export const chance = Math.random();',
  "export const chance = Math['random']();",
  'export const { random } = Math;',
  'export const home = process.env;',
  'export const wait = (then: () => void) => setTimeout(then, 1);',
  'export const wait = (then: () => void) => setInterval(then, 1);',
  'export const wait = (then: () => void) => setImmediate(then);',
  'export const wait = (then: () => void) => queueMicrotask(then);',
  'export const at = performance.now();',
  "export const page = fetch('https://example.com');",
  'export const id = crypto.randomUUID();',
  'export const everything = globalThis;',
  "console.log('done');",
  "export const words = 'a'.localeCompare('b');",
  'export const text = (1234).toLocaleString();',
  'export const here = import.meta.url;',
  "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID;",
  "import * as crypto from 'node:crypto';\nexport const id = crypto;",
  "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
  "import { readFile } from 'node:fs/promises';\nexport const read = readFile;",
  "import { load } from 'js-yaml';\nexport const read = load;",
  'export const later = (name: string) => import(name);',
];

const HASH = "import { createHash } from 'node:crypto';\nexport const hash = (text: string) => createHash('sha256').update(text).digest('hex');";
const SHAPE = "import { parse } from 'lossless-json';\nimport * as z from 'zod/mini';\nexport const shape = [z, parse];";
const ZONE = "export const zone = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' });";

const planted: Record<string, string> = {
  'src/core/control.ts': `${HASH}\nexport const whole = Math.floor(1.5);\nexport const date = 'Date';\n`,
  'src/sources/control.ts': `${HASH}\n`,
  'src/core/shape.ts': SHAPE,
  'src/sources/shape.ts': SHAPE,
  'src/core/calculated.ts': 'export const day = new Date(0);',
  'src/core/zone.ts': ZONE,
  'src/sources/zone.ts': ZONE,
  'src/core/instant.ts': `${ZONE}\nexport const day = new Date(0).toISOString();\nexport const utc = Date.UTC(2026, 0);\n`,
  'src/core/nested/instant.ts': 'export const day = new Date(0);',
  'src/cli/print.ts': "console.log('done');\n",
};
IMPURE.forEach((text, index) => {
  for (const layer of ['core', 'sources', 'adapters']) planted[`src/${layer}/impure-${index}.ts`] = `${text}\n`;
});

describe('npm run lint', () => {
  let rulesOf: (file: string) => readonly string[];
  beforeAll(() => {
    rulesOf = lintPlanted(planted);
  });

  it.each(['src/core/control.ts', 'src/sources/control.ts', 'src/sources/shape.ts', 'src/core/instant.ts', 'src/cli/print.ts'])('passes %s', (file) => {
    expect(rulesOf(file)).toEqual([]);
  });

  describe.each(['core', 'sources'])('in src/%s', (layer) => {
    it.each(IMPURE.map((text, index) => ({ text, index })))('refuses $text', ({ index }) => {
      const rules = rulesOf(`src/${layer}/impure-${index}.ts`);
      expect(rules.filter((rule) => ['plugin', 'noRestrictedGlobals', 'noRestrictedImports', 'noJsRestrictedProperties'].includes(rule))).not.toEqual([]);
    });

    it('refuses Intl', () => {
      expect(rulesOf(`src/${layer}/zone.ts`)).toEqual(['noRestrictedGlobals']);
    });
  });

  it.each(IMPURE.map((text, index) => ({ text, index })))('allows in src/adapters: $text', ({ text, index }) => {
    expect(rulesOf(`src/adapters/impure-${index}.ts`)).toEqual(text.startsWith('console') ? ['noConsole'] : []);
  });

  it('refuses a Date outside instant.ts, even without its clock', () => {
    expect(rulesOf('src/core/calculated.ts')).toEqual(['noRestrictedGlobals']);
    expect(rulesOf('src/core/nested/instant.ts')).toEqual(['noRestrictedGlobals']);
  });

  it('refuses packages in src/core that src/sources may import', () => {
    expect(rulesOf('src/core/shape.ts')).toEqual(['noRestrictedImports', 'noRestrictedImports']);
  });

  it.each(['Date.now()', 'new Date()', 'Date()', 'performance.now()', 'new Date(Math.random())'])('refuses the clock in instant.ts too: %s', (clock) => {
    const file = 'src/core/instant.ts';
    expect(lintPlanted({ [file]: `export const at = ${clock};\n` })(file)).not.toEqual([]);
  });
});
