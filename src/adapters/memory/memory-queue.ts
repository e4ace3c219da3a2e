import type { Instant } from '../../core/instant.ts';
import { askFaults, type Fault, type FaultSource, NO_FAULTS, outsideError } from './fault-source.ts';
import { later } from './later.ts';
import { sealValue } from './stored-value.ts';

/** The queue's calls and their faults. A receive that is `lost` finds nothing, a delete that is `lost` deletes nothing. */
export const QUEUE_FAULTS = {
  'queue.send': ['fails_before', 'fails_after', 'delayed', 'doubled'],
  'queue.receive': ['fails_before', 'fails_after', 'lost', 'doubled', 'reordered'],
  'queue.delete': ['fails_before', 'fails_after', 'lost'],
} as const;

export interface MemoryQueueOptions<Body> {
  /** Must never go backwards. */
  readonly now: () => Instant;
  readonly faults?: FaultSource;
  /** How long a received message is hidden from other receivers, in milliseconds. */
  readonly visibilityMs: number;
  /** Where a message goes that was received so often and is still there; without, it comes again until its retention ends. */
  readonly redrive?: { readonly maxReceives: number; readonly deadLetters: MemoryQueue<Body> };
  /** How long a message is kept, in milliseconds; 14 days unless told, the most that SQS gives. */
  readonly retentionMs?: number;
  /** The longest that a `delayed` message stays away, in milliseconds; 60,000 unless told. */
  readonly maxDelayMs?: number;
}

/** A message as a receiver gets it. */
export interface ReceivedMessage<Body> {
  readonly messageId: string;
  /** Good for deleting the message until it is received again. */
  readonly receipt: string;
  readonly body: Body;
  /** How often it was received, this time included. */
  readonly receives: number;
  readonly sentAt: Instant;
}

interface Stored<Body> {
  readonly messageId: string;
  readonly body: Body;
  readonly sentAt: Instant;
  readonly keptUntil: Instant;
  readonly visibleAt: Instant;
  readonly receives: number;
  readonly receipt: string | null;
}

const MAX_BATCH = 10;

/** A standard SQS queue in memory: at least once, and in no order to rely on. Without faults it keeps the order in which it was sent to. */
export class MemoryQueue<Body> {
  readonly #options: Required<Omit<MemoryQueueOptions<Body>, 'redrive'>> & Pick<MemoryQueueOptions<Body>, 'redrive'>;
  readonly #ask;
  #messages: readonly Stored<Body>[] = [];
  #count = 0;

  constructor(options: MemoryQueueOptions<Body>) {
    this.#options = { faults: NO_FAULTS, retentionMs: 14 * 86_400_000, maxDelayMs: 60_000, ...options };
    this.#ask = askFaults(this.#options.faults, QUEUE_FAULTS);
  }

  /** Throws `OutsideError` where it can't tell whether the message arrived. The body gets frozen. */
  readonly send = async (body: Body, delayMs = 0): Promise<void> => {
    const fault = this.#ask('queue.send');
    if (fault === 'fails_before') throw outsideError('queue.send', fault);
    const { now, faults, maxDelayMs, retentionMs } = this.#options;
    const sentAt = now();
    sealValue(body, 'The message', () => 0);
    const further = fault === 'delayed' ? 1 + faults.below('queue.send', maxDelayMs) : 0;
    const visibleAt = later(sentAt, delayMs + further);
    const message = { messageId: this.#nextId('m'), body, sentAt, keptUntil: later(sentAt, retentionMs), visibleAt, receives: 0, receipt: null };
    this.#messages = [...this.#messages, message, ...(fault === 'doubled' ? [{ ...message }] : [])];
    if (fault === 'fails_after') throw outsideError('queue.send', fault);
  };

  /** At most so many visible messages, 10 at the most; each is hidden from then on for the visibility time-out. */
  readonly receive = async (max = MAX_BATCH): Promise<readonly ReceivedMessage<Body>[]> => {
    this.#tidy();
    const now = this.#options.now();
    const visible = this.#messages.filter(({ visibleAt }) => visibleAt <= now);
    const fault = this.#ask('queue.receive', possibleFor(visible.length));
    if (fault === 'fails_before') throw outsideError('queue.receive', fault);
    if (fault === 'lost') return [];
    const taken = (fault === 'reordered' ? this.#shuffled(visible) : visible).slice(0, Math.min(max, MAX_BATCH));
    const shownTwice = fault === 'doubled' ? taken[this.#options.faults.below('queue.receive', taken.length)] : undefined;
    const received = taken.map((message) => this.#hide(message, message === shownTwice ? now : later(now, this.#options.visibilityMs)));
    if (fault === 'fails_after') throw outsideError('queue.receive', fault);
    return received;
  };

  /** Deletes what was received; a receipt that is unknown, or older than the last, deletes nothing and is no error. */
  readonly delete = async (receipt: string): Promise<void> => {
    const isKnown = this.#messages.some((message) => message.receipt === receipt);
    const fault = this.#ask('queue.delete', isKnown ? QUEUE_FAULTS['queue.delete'] : ['fails_before']);
    if (fault === 'fails_before') throw outsideError('queue.delete', fault);
    if (fault === 'lost') return;
    this.#messages = this.#messages.filter((message) => message.receipt !== receipt);
    if (fault === 'fails_after') throw outsideError('queue.delete', fault);
  };

  /** All that is in the queue, hidden or not, oldest first. For whoever looks in from outside: asks for no fault. */
  bodies(): readonly Body[] {
    this.#tidy();
    return this.#messages.map(({ body }) => body);
  }

  /** When the next message becomes visible, or since when it has been; null where there is none. */
  nextAt(): Instant | null {
    this.#tidy();
    const times = this.#messages.map(({ visibleAt }) => visibleAt);
    return times.length === 0 ? null : times.reduce((a, b) => (a < b ? a : b));
  }

  // As SQS does it, a message goes to the dead letters when it would be received once too often, and keeps the time it was sent at.
  #tidy(): void {
    if (this.#messages.length === 0) return;
    const { now, redrive } = this.#options;
    const at = now();
    const kept = this.#messages.filter(({ keptUntil }) => keptUntil > at);
    const dead = kept.filter(({ visibleAt, receives }) => redrive !== undefined && receives >= redrive.maxReceives && visibleAt <= at);
    this.#messages = kept.filter((message) => !dead.includes(message));
    if (redrive !== undefined) redrive.deadLetters.#bury(dead);
  }

  #bury(dead: readonly Stored<Body>[]): void {
    const { retentionMs } = this.#options;
    this.#messages = [...this.#messages, ...dead.map((message) => ({ ...message, keptUntil: later(message.sentAt, retentionMs), receives: 0, receipt: null }))];
  }

  #hide(message: Stored<Body>, visibleAt: Instant): ReceivedMessage<Body> {
    const { messageId, body, sentAt } = message;
    const receipt = this.#nextId('r');
    const receives = message.receives + 1;
    const after = { ...message, visibleAt, receives, receipt };
    const index = this.#messages.indexOf(message);
    this.#messages = this.#messages.with(index, after);
    return { messageId, receipt, body, receives, sentAt };
  }

  #shuffled(messages: readonly Stored<Body>[]): readonly Stored<Body>[] {
    const left = [...messages];
    return messages.flatMap(() => left.splice(this.#options.faults.below('queue.receive', left.length), 1));
  }

  #nextId(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }
}

function possibleFor(visible: number): readonly Fault[] {
  if (visible === 0) return ['fails_before'];
  return visible === 1 ? ['fails_before', 'fails_after', 'lost', 'doubled'] : QUEUE_FAULTS['queue.receive'];
}
