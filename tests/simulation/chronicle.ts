/**
 * What went wrong or was done in a run: counted by name, and each time by an id, by which a smaller run can name it again.
 * Where a run is told what may happen, nothing else does.
 */
export class Chronicle {
  readonly counts = new Map<string, number>();
  /** In the order in which it happened. */
  readonly ids: string[] = [];
  /** The run in words; empty unless it was asked for. */
  readonly lines: string[] = [];
  readonly #only: ReadonlySet<string> | null;
  readonly isTold: boolean;
  readonly #time: () => string;

  constructor(options: { readonly only: ReadonlySet<string> | null; readonly isTold: boolean; readonly time: () => string }) {
    this.#only = options.only;
    this.isTold = options.isTold;
    this.#time = options.time;
  }

  mayHappen(id: string): boolean {
    return this.#only === null || this.#only.has(id);
  }

  happened(name: string, id: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.ids.push(id);
    this.tell('-- ', () => id);
  }

  /** Adds a line to the story; the words are asked for only where somebody listens. */
  tell(who: string, words: () => string): void {
    if (this.isTold) this.lines.push(`${this.#time().slice(5, 23)}  ${who.padEnd(14)} ${words()}`);
  }
}
