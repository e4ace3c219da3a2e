import type { Instant } from '../../core/instant.ts';

interface LateEffect {
  readonly at: Instant;
  readonly run: (at: Instant) => void;
}

/** What was sent and has not happened yet. Whoever looks at the state that it changes lets it happen first. */
export class LateEffects {
  #waiting: readonly LateEffect[] = [];

  add(at: Instant, run: (at: Instant) => void): void {
    this.#waiting = [...this.#waiting, { at, run }].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  }

  /** Lets happen what is to happen by now: in order, each at its own time. */
  runUntil(now: Instant): void {
    for (let first = this.#waiting[0]; first !== undefined && first.at <= now; first = this.#waiting[0]) {
      this.#waiting = this.#waiting.slice(1);
      first.run(first.at);
    }
  }

  /** When the next one happens; null where none is waiting. */
  nextAt(): Instant | null {
    return this.#waiting[0]?.at ?? null;
  }
}
