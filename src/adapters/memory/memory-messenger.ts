import type { Messenger, Telling } from '../../app/ports.ts';
import type { Instant } from '../../core/instant.ts';
import { askFaults, type FaultSource, NO_FAULTS, outsideError } from './fault-source.ts';

/** The messenger's call and its faults. `throttled` is an error like the others to the caller: nobody was told. */
export const MESSENGER_FAULTS = { 'messenger.tell': ['fails_before', 'fails_after', 'throttled'] } as const;

export interface MemoryMessengerOptions {
  readonly now: () => Instant;
  readonly faults?: FaultSource;
}

/** Something that people were told. */
export interface Told extends Telling {
  readonly at: Instant;
  /** Something newer about the same notice had been told before: what must never happen. */
  readonly isOutdated: boolean;
}

/** Remembers what people were told. */
export class MemoryMessenger implements Messenger {
  readonly #now: () => Instant;
  readonly #ask;
  readonly #told: Told[] = [];
  readonly #highest = new Map<string, number>();

  constructor({ now, faults = NO_FAULTS }: MemoryMessengerOptions) {
    this.#now = now;
    this.#ask = askFaults(faults, MESSENGER_FAULTS);
  }

  readonly tell = async ({ channel, noticeKey, wanted }: Telling): Promise<void> => {
    const fault = this.#ask('messenger.tell');
    if (fault === 'fails_before' || fault === 'throttled') throw outsideError('messenger.tell', fault);
    const highest = this.highestTold(noticeKey);
    this.#told.push(Object.freeze({ channel, noticeKey, wanted, at: this.#now(), isOutdated: wanted < highest }));
    this.#highest.set(noticeKey, Math.max(wanted, highest));
    if (fault === 'fails_after') throw outsideError('messenger.tell', fault);
  };

  /** All that was told, in order: a view, for whoever looks in from outside. Asks for no fault. */
  told(): readonly Told[] {
    return this.#told;
  }

  /** The highest `wanted` that was told of a notice; 0 where nothing was. */
  highestTold(noticeKey: string): number {
    return this.#highest.get(noticeKey) ?? 0;
  }
}
