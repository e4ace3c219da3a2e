import { buildPlanted, type Simulator } from './build-planted.ts';
import { PLANTED_FAULTS, type PlantedFault } from './planted-faults.ts';
import type { Weather } from './weather.ts';

const TIMEOUT_MS = 180_000;

describe('a planted fault', () => {
  const sound = buildPlanted({ name: 'none', edits: [] });
  const soundRuns = new Map<string, Promise<string | null>>();

  function soundRun(seed: number, weather: Partial<Weather>): Promise<string | null> {
    const id = `${seed} ${JSON.stringify(weather)}`;
    const known = soundRuns.get(id) ?? sound.then(async ({ runSeed }) => (await runSeed(seed, { weather })).broken);
    soundRuns.set(id, known);
    return known;
  }

  it.each(PLANTED_FAULTS.map((fault) => [fault.name, fault] as const))(
    'is caught: %s',
    async (_name, fault) => {
      const found = await hunt(await buildPlanted(fault), fault);
      expect(fault.promises).toContain(found.promise);
      for (let seed = 1; seed <= found.seed; seed += 1) expect([seed, await soundRun(seed, fault.weather ?? {})]).toEqual([seed, null]);
    },
    TIMEOUT_MS,
  );

  it('is refused where its text is not in the code exactly once', async () => {
    const file = 'src/core/converge-steps.ts';
    const planted = (find: string) => buildPlanted({ name: 'outdated', edits: [{ file, find, replace: '' }] });
    await expect(planted('what nobody ever wrote')).rejects.toThrow(`Planted fault 'outdated': ${file} has this text 0 times, expected once`);
    await expect(planted('return')).rejects.toThrow('expected once');
    await expect(buildPlanted({ name: 'outdated', edits: [{ file: 'src/core/nobody.ts', find: 'a', replace: 'b' }] })).rejects.toThrow(
      'src/core/nobody.ts is no part of the simulator',
    );
  });
});

/** The first seed that breaks a promise that the fault must break. */
async function hunt(
  { runSeed }: Simulator,
  { name, promises, weather = {}, withinSeeds }: PlantedFault,
): Promise<{ readonly seed: number; readonly promise: string }> {
  const others: string[] = [];
  for (let seed = 1; seed <= withinSeeds; seed += 1) {
    const { broken } = await runSeed(seed, { weather });
    const promise = broken?.split(':')[0] ?? '';
    if (promises.includes(promise)) return { seed, promise };
    if (broken !== null) others.push(`${seed}: ${broken}`);
  }
  throw new Error(
    `'${name}' was not caught within ${withinSeeds} seeds by ${promises.join(' or ')}. Broken otherwise: ${others.slice(0, 3).join('; ') || 'nothing'}.`,
  );
}
