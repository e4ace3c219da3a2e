import { drawHappenings } from './happenings.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How a run is made hard: drawn from its seed, once. */
export interface Weather {
  /** How long faults last, in milliseconds. */
  readonly chaosMs: number;
  /** How likely a call fails, by adapter. */
  readonly rates: Readonly<Record<string, number>>;
  /** How likely a function dies right before, and right after, a call; at the rare ones, to IAM, it is four times as likely. */
  readonly crashRate: number;
  /** How likely a call takes long. */
  readonly slowRate: number;
  /** How likely somebody changes their mind within a minute of a call to IAM. */
  readonly changesOfMind: number;
  /** Half of the longest time between two happenings, in milliseconds. */
  readonly paceMs: number;
  /** What happens, by the names of the happenings: each as often as it is named. */
  readonly happenings: readonly string[];
}

const RATES = [0, 0.02, 0.08, 0.25];

/** Each adapter's rate is drawn for itself: where all fails at once, little gets far enough to break. */
export function drawWeather(random: SeededRandom): Weather {
  const rate = (): number => random.pick(RATES);
  return {
    chaosMs: 1_800_000 + random.below(10_800_000),
    rates: { store: rate(), queue: rate(), scheduler: rate(), messenger: rate(), iam: random.pick([0, 0.05, 0.2, 0.5]) },
    crashRate: random.pick([0, 0.005, 0.03]),
    slowRate: random.pick([0, 0.02, 0.1]),
    changesOfMind: random.pick([0, 0.1, 0.5]),
    paceMs: random.pick([120_000, 300_000, 900_000]),
    happenings: drawHappenings(random),
  };
}
