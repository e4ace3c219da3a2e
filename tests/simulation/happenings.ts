import { ENGINE_HAPPENINGS } from './engine-happenings.ts';
import type { Happening } from './happening.ts';
import { IAM_HAPPENINGS } from './iam-happenings.ts';
import { PEOPLE_HAPPENINGS } from './people-happenings.ts';
import type { SeededRandom } from './seeded-random.ts';

/** All of them by name. */
export const HAPPENINGS: Readonly<Record<string, Happening>> = { ...PEOPLE_HAPPENINGS, ...IAM_HAPPENINGS, ...ENGINE_HAPPENINGS };

// Without alerts and approvals nobody is held, and there is nothing to break.
const OFTEN: readonly string[] = [
  'alert',
  'alert',
  'alert',
  'alert',
  'alert',
  'alert, twice',
  'approve',
  'approve',
  'approve',
  'approve at once by all',
  'release',
  'extend',
];

/** What may happen in a run: most of the happenings, some more often than others. */
export function drawHappenings(random: SeededRandom): readonly string[] {
  return [...Object.keys(HAPPENINGS).filter(() => random.chance(0.7)), ...OFTEN];
}
