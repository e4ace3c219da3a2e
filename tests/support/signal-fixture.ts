import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(process.cwd(), 'tests/fixtures/signals');

/** The text of a message in `tests/fixtures/signals`: AWS's formats, with invented names and numbers. */
export function signalFixture(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** The names of all messages there. */
export function signalFixtureNames(): readonly string[] {
  return readdirSync(FOLDER).sort();
}
