import type { ExpiryScheduler } from '../../src/app/ports.ts';
import { addMinutes, type Instant } from '../../src/core/instant.ts';

/** A scheduler without schedules, and a look at what it will do. */
export interface SchedulerUnderTest {
  readonly scheduler: ExpiryScheduler;
  readonly now: () => Instant;
  /** When the wake-up of a quarantine is set for; null where there is none. */
  readonly scheduledAt: (quarantineKey: string) => Promise<Instant | null>;
}

const KEY = 'quarantine#qua-0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d';
const OTHER = 'quarantine#qua-00000000000000000000000000000000';

/** What every expiry scheduler promises. */
export function describeExpirySchedulerContract(name: string, makeScheduler: () => Promise<SchedulerUnderTest>): void {
  describe(`${name} as an expiry scheduler`, () => {
    let made: SchedulerUnderTest;
    // On the second: AWS takes no fraction of one.
    const inMinutes = (minutes: number): Instant => `${addMinutes(made.now(), minutes).slice(0, 19)}.000Z` as Instant;

    beforeEach(async () => {
      made = await makeScheduler();
    });

    it('sets a time, sets another in its place, and takes it away', async () => {
      await made.scheduler.schedule(KEY, inMinutes(60));
      expect(await made.scheduledAt(KEY)).toBe(inMinutes(60));
      await made.scheduler.schedule(KEY, inMinutes(30));
      expect(await made.scheduledAt(KEY)).toBe(inMinutes(30));
      await made.scheduler.schedule(KEY, null);
      expect(await made.scheduledAt(KEY)).toBeNull();
    });

    it('takes away what is not there', async () => {
      await expect(made.scheduler.schedule(KEY, null)).resolves.toBeUndefined();
    });

    it('keeps the schedules of two quarantines apart', async () => {
      await made.scheduler.schedule(KEY, inMinutes(60));
      await made.scheduler.schedule(OTHER, inMinutes(90));
      await made.scheduler.schedule(KEY, null);
      expect(await made.scheduledAt(OTHER)).toBe(inMinutes(90));
    });

    it.each([-60, -1, 0, 1])('sets a time %d minutes from now to one that AWS still takes', async (minutes) => {
      await made.scheduler.schedule(KEY, inMinutes(minutes));
      const set = await made.scheduledAt(KEY);
      expect(set !== null && set >= inMinutes(1) && set <= inMinutes(3)).toBe(true);
    });
  });
}
