import { Broken } from './broken.ts';
import { Chronicle } from './chronicle.ts';
import { DENY_POLICIES, NEVER_HELD, PRINCIPALS, policyArn, REVISIONS } from './company.ts';
import { CONDITIONS, type Condition, type Run } from './conditions.ts';
import { DeployedEngine } from './deployed-engine.ts';
import { HAPPENINGS } from './happenings.ts';
import { Invariants } from './invariants.ts';
import { Misfortunes } from './misfortunes.ts';
import { changeMind } from './people-happenings.ts';
import { SeededRandom } from './seeded-random.ts';
import { msOfStart } from './start.ts';
import { SweepClock } from './sweep-clock.ts';
import { VirtualWorld } from './virtual-world.ts';
import { drawWeather, type Weather } from './weather.ts';

export interface SeedResult {
  readonly seed: number;
  /** The promise that was broken; null where all were kept. */
  readonly broken: string | null;
  /** How often each fault and happening was exercised. */
  readonly counts: ReadonlyMap<string, number>;
  /** Each fault and happening of the run by its id, in order. */
  readonly ids: readonly string[];
  /** The longest that somebody was held past their time once faults had ended, in minutes. */
  readonly longestOverdue: number;
  /** The run in words, where it was asked for. */
  readonly log: readonly string[];
}

export interface SeedOptions {
  readonly trace?: boolean;
  /** Nothing goes wrong or is done but these, by their ids. */
  readonly only?: ReadonlySet<string>;
  /** What is set rather than drawn from the seed. */
  readonly weather?: Partial<Weather>;
}

const HOUR_MS = 3_600_000;
/** So long after the end of faults everything is over that began before or shortly after: the longest hold, and then some. */
const CALM_MS = 4 * HOUR_MS;
const DAYS_MS = 4 * 24 * HOUR_MS;

/** Runs one seed: hours of faults, then calm until all is at rest. The same seed is the same run. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const random = new SeededRandom(seed);
  const chronicle: Chronicle = new Chronicle({ only: options.only ?? null, isTold: options.trace ?? false, time: () => world.now() });
  const weather = { ...drawWeather(random.fork('weather')), ...options.weather };
  const misfortunes = new Misfortunes(random, weather, chronicle);
  const world: VirtualWorld = new VirtualWorld(msOfStart, misfortunes);
  const engine = new DeployedEngine(world, misfortunes, chronicle, random.pick(REVISIONS));
  const invariants = new Invariants(engine);
  const calmMs = msOfStart + weather.chaosMs;
  const run = { engine, sweeps: new SweepClock(engine, random.fork('sweeps')), random: random.fork('conditions'), calmMs };
  makeCompany(engine);
  const conditions = chooseConditions(run);
  for (const condition of conditions) condition.begin?.(run);
  planHappenings(run, weather, random);
  planChangesOfMind(run, weather, random.fork('changes of mind'));
  world.after(calmMs - msOfStart, () => {
    misfortunes.end();
    putRight(run);
    for (const condition of conditions) condition.stay?.(run);
    invariants.expectCalm();
  });
  const endMs = calmMs + CALM_MS + (conditions.some(({ lastsDays }) => lastsDays) ? DAYS_MS : 0);
  const broken = await runUntil(endMs, world, invariants);
  return { seed, broken, counts: chronicle.counts, ids: chronicle.ids, longestOverdue: invariants.longestOverdue, log: chronicle.lines };
}

async function runUntil(endMs: number, world: VirtualWorld, invariants: Invariants): Promise<string | null> {
  try {
    // A step must begin in a promise's reaction: see there.
    await Promise.resolve();
    while (world.nowMs < endMs) {
      await world.step(endMs);
      invariants.checkSteps();
    }
    invariants.checkAtRest();
    return null;
  } catch (error) {
    if (error instanceof Broken) return error.message;
    throw error;
  }
}

function makeCompany({ directory }: DeployedEngine): void {
  for (const arn of [...PRINCIPALS, ...NEVER_HELD]) directory.createPrincipal(arn);
  for (const [name, json] of DENY_POLICIES) directory.createPolicy(policyArn(name), json);
}

function chooseConditions({ engine: { chronicle }, random }: Run): readonly Condition[] {
  return Object.entries(CONDITIONS).flatMap(([name, condition]) => {
    if (!random.chance(condition.chance) || !chronicle.mayHappen(name)) return [];
    chronicle.happened(name, name);
    return [condition];
  });
}

function planHappenings({ engine, calmMs }: Run, { happenings, paceMs }: Weather, random: SeededRandom): void {
  const { chronicle, world } = engine;
  const plan = random.fork('happenings');
  let atMs = msOfStart;
  for (let index = 0; atMs < calmMs; index += 1) {
    const name = index === 0 ? 'alert' : plan.pick(happenings);
    const id = `${name} #${index}`;
    if (chronicle.mayHappen(id)) {
      world.after(atMs - msOfStart, () => {
        if (HAPPENINGS[name]?.(engine, random.fork(id)) === true) chronicle.happened(name, id);
      });
    }
    // Often something else happens right after it.
    atMs += 1 + plan.below(plan.chance(0.4) ? 60_000 : 2 * paceMs);
  }
}

function planChangesOfMind({ engine, calmMs }: Run, { changesOfMind }: Weather, random: SeededRandom): void {
  const { chronicle, world, onAnswer } = engine;
  let calls = 0;
  engine.onAnswer = (call, key, calledAt, result) => {
    onAnswer(call, key, calledAt, result);
    calls += 1;
    const id = `change of mind #${calls}`;
    if (world.nowMs >= calmMs || !random.chance(changesOfMind) || !chronicle.mayHappen(id)) return;
    world.after(random.below(60_000), () => {
      chronicle.happened('change of mind', id);
      changeMind(engine, random.fork(id), call, key);
    });
  };
}

// Faults are over: what people took away comes back, and an operator puts back what could not even be given up.
function putRight({ engine, sweeps }: Run): void {
  const { directory, iam, world, deadSignals } = engine;
  sweeps.keepTime();
  iam.denyRights([]);
  for (const arn of PRINCIPALS) directory.createPrincipal(arn);
  engine.pump();
  world.after(HOUR_MS, () => {
    for (const text of deadSignals.bodies()) void engine.publish(text);
  });
}
