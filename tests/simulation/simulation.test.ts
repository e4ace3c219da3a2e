import { runSeed } from './run-seed.ts';

const SEEDS = 40;

describe('the simulator', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))('keeps every promise with seed %d', async (seed) => {
    expect((await runSeed(seed)).broken).toBeNull();
  });

  it('runs the same seed the same way', async () => {
    const [first, second] = [await runSeed(7, { trace: true }), await runSeed(7, { trace: true })];
    expect(first.log.length).toBeGreaterThan(100);
    expect(second.log).toEqual(first.log);
  });
});
