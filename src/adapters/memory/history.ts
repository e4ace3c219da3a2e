import type { Instant } from '../../core/instant.ts';
import { later } from './later.ts';

/** A value and what it was a while ago: what reads of a system that is consistent in the end may still show. Values are never changed, only replaced. */
export class History<Value> {
  readonly #stalenessMs: number;
  #current: Value;
  #past: readonly { readonly value: Value; readonly shownUntil: Instant }[] = [];

  constructor(initial: Value, stalenessMs: number) {
    this.#current = initial;
    this.#stalenessMs = stalenessMs;
  }

  get current(): Value {
    return this.#current;
  }

  set(value: Value, at: Instant): void {
    this.#past = [...this.#past.filter(({ shownUntil }) => shownUntil > at), { value: this.#current, shownUntil: later(at, this.#stalenessMs) }];
    this.#current = value;
  }

  /** The values before the current one that a stale read may show now, oldest first. */
  stale(clock: () => Instant): readonly Value[] {
    if (this.#past.length === 0) return [];
    const now = clock();
    return this.#past.filter(({ shownUntil }) => shownUntil > now).map(({ value }) => value);
  }
}
