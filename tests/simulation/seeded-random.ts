/** Randomness that a seed repeats exactly (mulberry32). */
export class SeededRandom {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = Math.imul(seed, 0x9e3779b9) >>> 0;
    this.#state = this.#seed;
  }

  /** Randomness of its own for one purpose: how often it is asked changes nothing elsewhere. */
  fork(purpose: string): SeededRandom {
    let hash = this.#seed ^ 0x811c9dc5;
    for (let index = 0; index < purpose.length; index += 1) hash = Math.imul(hash ^ purpose.charCodeAt(index), 0x01000193);
    return new SeededRandom((hash ^ (hash >>> 15)) >>> 0);
  }

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}
