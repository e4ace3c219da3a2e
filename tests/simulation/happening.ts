import type { DeployedEngine } from './deployed-engine.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Something that people, AWS or a deploy do while faults last. False where there was nothing to do it to. */
export type Happening = (engine: DeployedEngine, random: SeededRandom) => boolean;
