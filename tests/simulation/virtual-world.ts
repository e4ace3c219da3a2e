import { type Instant, instantFromMs } from '../../src/core/instant.ts';

/** One invocation of a function. Killed, it makes no further step: what it had sent may have arrived. */
export interface Invocation {
  readonly name: string;
  readonly startedMs: number;
  isKilled: boolean;
}

/** What becomes of functions and their calls. */
export interface Fates {
  /** Whether a function dies right before or after a call. */
  readonly dies: (when: 'before' | 'after', call: string) => boolean;
  /** How long a call takes to arrive. */
  readonly latencyMs: () => number;
}

interface Happening {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void | Promise<void>;
}

/** No function runs for longer. */
export const FUNCTION_TIMEOUT_MS = 60_000;

/** A clock that jumps from one happening to the next, and functions that are interrupted at every call to the outside. */
export class VirtualWorld {
  nowMs: number;
  readonly #fates: Fates;
  readonly #heap: Happening[] = [];
  #order = 0;
  #instantMs = Number.NaN;
  #instant = '' as Instant;

  constructor(startMs: number, fates: Fates) {
    this.nowMs = startMs;
    this.#fates = fates;
  }

  readonly now = (): Instant => {
    if (this.#instantMs !== this.nowMs) {
      this.#instantMs = this.nowMs;
      this.#instant = instantFromMs(this.nowMs) as Instant;
    }
    return this.#instant;
  };

  after(ms: number, happen: Happening['happen']): void {
    this.#order += 1;
    const item = { atMs: this.nowMs + ms, order: this.#order, happen };
    let at = this.#heap.length;
    this.#heap.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(item, this.#heap[parent] as Happening)) break;
      this.#heap[at] = this.#heap[parent] as Happening;
      at = parent;
    }
    this.#heap[at] = item;
  }

  /**
   * Lets the next happening happen, and everything run on that waited for it; at the latest at that time, where there is none, only
   * time passes. Call it from an async function, after an `await`.
   */
  async step(untilMs: number): Promise<void> {
    const next = this.#pop();
    if (next === null) {
      this.nowMs = untilMs;
      return;
    }
    this.nowMs = Math.max(this.nowMs, next.atMs);
    const done = next.happen();
    if (done !== undefined) await done;
    await quiet();
  }

  invoke(name: string): Invocation {
    return { name, startedMs: this.nowMs, isKilled: false };
  }

  /** A call to the outside: it arrives a moment later, even if the function is dead by then; it may die before it is sent, or before it has its answer. */
  outside<T>(invocation: Invocation, call: string, effect: () => Promise<T>, sent: () => void): Promise<T> {
    if (this.#isOver(invocation) || this.#dies(invocation, 'before', call)) return new Promise<never>(() => undefined);
    sent();
    return new Promise<T>((resolve, reject) => {
      this.after(this.#fates.latencyMs(), () => {
        const done = effect();
        if (this.#isOver(invocation) || this.#dies(invocation, 'after', call)) done.catch(() => undefined);
        else done.then(resolve, reject);
      });
    });
  }

  #isOver({ isKilled, startedMs }: Invocation): boolean {
    return isKilled || this.nowMs - startedMs >= FUNCTION_TIMEOUT_MS;
  }

  #dies(invocation: Invocation, when: 'before' | 'after', call: string): boolean {
    if (!this.#fates.dies(when, call)) return false;
    invocation.isKilled = true;
    return true;
  }

  #pop(): Happening | null {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return null;
    if (this.#heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && isBefore(this.#heap[child + 1] as Happening, this.#heap[child] as Happening)) child += 1;
      if (!isBefore(this.#heap[child] as Happening, last)) break;
      this.#heap[at] = this.#heap[child] as Happening;
      at = child;
    }
    this.#heap[at] = last;
    return first;
  }
}

// Nothing in a run waits for anything but promises. Node runs what nextTick was given, asked from within a promise's reaction, only
// once no such reaction is left: then all is quiet. setImmediate would do the same at twenty times the price.
function quiet(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
