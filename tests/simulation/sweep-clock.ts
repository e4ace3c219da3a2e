import type { Instant } from '../../src/core/instant.ts';
import type { DeployedEngine } from './deployed-engine.ts';
import type { SeededRandom } from './seeded-random.ts';

const MINUTE_MS = 60_000;

/**
 * Sweeps every minute, and leaves out the sweeps that would find nothing: they change nothing, and would take most of the time.
 * While faults last, a sweep may be left out, and none may come for a while.
 */
export class SweepClock {
  readonly #engine: DeployedEngine;
  readonly #random: SeededRandom;
  readonly #firstMs: number;
  #isReliable = false;
  #standsUntilMs = 0;
  #armedMs = Number.POSITIVE_INFINITY;
  #armedFor: Instant | null = null;
  #times = 0;

  constructor(engine: DeployedEngine, random: SeededRandom) {
    this.#engine = engine;
    this.#random = random;
    this.#firstMs = engine.world.nowMs + random.below(MINUTE_MS);
    engine.onDue = ({ dueAt }) => {
      if (dueAt !== null && (this.#armedFor === null || dueAt < this.#armedFor)) this.#arm(dueAt);
    };
  }

  /** No sweep comes before that. */
  standStillUntil(ms: number): void {
    this.#standsUntilMs = Math.max(this.#standsUntilMs, ms);
  }

  /** From now on no sweep is left out. */
  keepTime(): void {
    this.#isReliable = true;
    this.#standsUntilMs = 0;
    this.#armNext();
  }

  #arm(dueAt: Instant): void {
    this.#armedFor = dueAt;
    const { world } = this.#engine;
    const earliestMs = Math.max(Date.parse(dueAt), world.nowMs + 1, this.#standsUntilMs);
    const atMs = this.#firstMs + Math.max(0, Math.ceil((earliestMs - this.#firstMs) / MINUTE_MS)) * MINUTE_MS;
    if (atMs >= this.#armedMs) return;
    this.#armedMs = atMs;
    world.after(atMs - world.nowMs, () => {
      if (this.#armedMs === atMs) this.#tick();
    });
  }

  #tick(): void {
    const { chronicle, world } = this.#engine;
    if (this.#isDue() && world.nowMs >= this.#standsUntilMs) {
      this.#times += 1;
      if (!this.#isReliable && this.#random.chance(0.04) && this.#happens('sweeps stop for a while')) {
        this.standStillUntil(world.nowMs + this.#random.below(15 * MINUTE_MS));
      } else if (this.#isReliable || !this.#random.chance(0.1) || !this.#happens('a sweep is left out')) {
        chronicle.tell('--', () => 'sweep');
        this.#engine.sweep();
      }
    }
    this.#armNext();
  }

  #isDue(): boolean {
    const now = this.#engine.world.now();
    for (const { dueAt } of this.#engine.store.rows().values()) if (dueAt !== null && dueAt <= now) return true;
    return false;
  }

  #happens(name: string): boolean {
    const id = `${name} #${this.#times}`;
    const { chronicle } = this.#engine;
    if (!chronicle.mayHappen(id)) return false;
    chronicle.happened(name, id);
    return true;
  }

  #armNext(): void {
    this.#armedMs = Number.POSITIVE_INFINITY;
    this.#armedFor = null;
    let next: Instant | null = null;
    for (const { dueAt } of this.#engine.store.rows().values()) if (dueAt !== null && (next === null || dueAt < next)) next = dueAt;
    if (next !== null) this.#arm(next);
  }
}
