import { DENY_POLICIES, PRINCIPALS } from './company.ts';
import type { DeployedEngine } from './deployed-engine.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SweepClock } from './sweep-clock.ts';

const HOUR_MS = 3_600_000;

/** A run and what it is made of. */
export interface Run {
  readonly engine: DeployedEngine;
  readonly sweeps: SweepClock;
  readonly random: SeededRandom;
  /** When faults end. */
  readonly calmMs: number;
}

export interface Condition {
  /** In how many runs it holds. */
  readonly chance: number;
  /** Called before anything happens. */
  readonly begin?: (run: Run) => void;
  /** Called when faults end, after everything was put right. */
  readonly stay?: (run: Run) => void;
  /** Whether the run goes on for days after that. */
  readonly lastsDays?: boolean;
}

/** What holds for a whole run, and some of it even when faults have ended: then all others must be let go all the same. */
export const CONDITIONS: Readonly<Record<string, Condition>> = {
  'Scheduler never fires': {
    chance: 0.1,
    begin: ({ engine }) => {
      engine.schedulerFires = false;
    },
  },
  'no sweep while faults last': { chance: 0.08, begin: ({ sweeps, calmMs }) => sweeps.standStillUntil(calmMs) },
  'one principal can never be let go': {
    chance: 0.06,
    stay: ({ engine, random }) => engine.hopeless.add(`detach ${random.pick(PRINCIPALS)}`),
  },
  'the right to detach one policy is gone for good': {
    chance: 0.06,
    stay: ({ engine, random }) => {
      const name = random.pick([...DENY_POLICIES.keys()]);
      engine.iam.denyRights([{ call: 'detach', policyNames: name }]);
      engine.hopeless.add(name);
    },
  },
  'an alert comes again after days': {
    chance: 0.03,
    lastsDays: true,
    stay: ({ engine, random }) => {
      const texts = [...engine.accepted];
      if (texts.length > 0) engine.world.after((1 + random.below(3)) * 24 * HOUR_MS, () => void engine.publish(random.pick(texts)));
    },
  },
};
