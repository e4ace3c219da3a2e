import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../scripts/project-root.ts';

const SUPPRESSION = /biome-ignore|istanbul ignore|c8 ignore|v8 ignore|@ts-(?:ignore|expect-error|nocheck)|knip-ignore|depcruise-ignore/;

/** The lines that switch a check off, as `path:line`. */
function suppressions(folder: string): readonly string[] {
  return readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const lines = readFileSync(join(PROJECT_ROOT, folder, name), 'utf8').split('\n');
      return lines.flatMap((line, index) => (SUPPRESSION.test(line) ? [`${folder}/${name}:${index + 1}`] : []));
    });
}

describe('the pure layers', () => {
  it.each(['src/core', 'src/sources'])('switch no check off in %s', (folder) => {
    expect(suppressions(folder)).toEqual([]);
  });
});

describe('suppressions', () => {
  it('are found where they are: this file names them all', () => {
    expect(suppressions('tests/unit/project')).toEqual([expect.stringMatching(/^tests\/unit\/project\/no-suppressions\.test\.ts:\d+$/)]);
  });
});
