import { later } from '../../src/adapters/memory/later.ts';
import type { Instant } from '../../src/core/instant.ts';
import { at } from './builders.ts';

/** A clock that stands still until it is told to go on. */
export interface TestClock {
  readonly now: () => Instant;
  readonly pass: (ms: number) => void;
}

export function testClock(start = '2026-01-15T12:00:00.000Z'): TestClock {
  let instant = at(start);
  return {
    now: () => instant,
    pass: (ms) => {
      instant = later(instant, ms);
    },
  };
}
