import type { ExpiryScheduler, WakeUp } from '../../app/ports.ts';
import { addMinutes, type Instant, latest } from '../../core/instant.ts';
import { askFaults, type FaultSource, NO_FAULTS, outsideError } from './fault-source.ts';
import { later } from './later.ts';

/** The scheduler's calls and their faults. `scheduler.fire` is asked when a schedule's time has come. */
export const SCHEDULER_FAULTS = {
  'scheduler.schedule': ['fails_before', 'fails_after'],
  'scheduler.fire': ['lost', 'delayed', 'doubled'],
} as const;

export interface MemorySchedulerOptions {
  /** Must never go backwards. */
  readonly now: () => Instant;
  readonly faults?: FaultSource;
  /** The longest that a `delayed` wake-up, or the second of a `doubled` one, stays away, in milliseconds; an hour unless told. */
  readonly maxDelayMs?: number;
}

// EventBridge Scheduler rejects a time that is over when the request arrives. Minutes.
const SHORTEST_MINUTES = 1.5;

interface Firing {
  readonly quarantineKey: string;
  readonly at: Instant;
}

/** EventBridge Scheduler in memory: one schedule for each quarantine, gone once it fired. */
export class MemoryScheduler implements ExpiryScheduler {
  readonly #now: () => Instant;
  readonly #faults: FaultSource;
  readonly #ask;
  readonly #maxDelayMs: number;
  readonly #scheduled = new Map<string, Instant>();
  #underWay: readonly Firing[] = [];

  constructor({ now, faults = NO_FAULTS, maxDelayMs = 3_600_000 }: MemorySchedulerOptions) {
    this.#now = now;
    this.#faults = faults;
    this.#ask = askFaults(faults, SCHEDULER_FAULTS);
    this.#maxDelayMs = maxDelayMs;
  }

  /** A time before now + 90 s becomes that. */
  readonly schedule = async (quarantineKey: string, at: Instant | null): Promise<void> => {
    const fault = this.#ask('scheduler.schedule');
    if (fault === 'fails_before') throw outsideError('scheduler.schedule', fault);
    if (at === null) this.#scheduled.delete(quarantineKey);
    else this.#scheduled.set(quarantineKey, latest(at, addMinutes(this.#now(), SHORTEST_MINUTES)));
    if (fault === 'fails_after') throw outsideError('scheduler.schedule', fault);
  };

  /** The wake-ups that arrive now: of the schedules whose time has come since the last call, and of those that were late. */
  takeDue(): readonly WakeUp[] {
    const now = this.#now();
    const arrived = this.#underWay.filter(({ at }) => at <= now);
    this.#underWay = this.#underWay.filter(({ at }) => at > now);
    const fired = [...this.#scheduled].filter(([, at]) => at <= now).flatMap(([quarantineKey, at]) => this.#fire({ quarantineKey, at }, now));
    return [...arrived, ...fired].sort(byTime).map(({ quarantineKey }) => ({ kind: 'quarantine', key: quarantineKey }));
  }

  /** The schedules that stand, by quarantine key. For whoever looks in from outside: asks for no fault. */
  scheduled(): ReadonlyMap<string, Instant> {
    return new Map(this.#scheduled);
  }

  /** When the next wake-up arrives; null where none will. */
  nextAt(): Instant | null {
    const times = [...this.#scheduled.values(), ...this.#underWay.map(({ at }) => at)];
    return times.length === 0 ? null : times.reduce((a, b) => (a < b ? a : b));
  }

  #fire(firing: Firing, now: Instant): readonly Firing[] {
    this.#scheduled.delete(firing.quarantineKey);
    const fault = this.#ask('scheduler.fire');
    if (fault === 'delayed' || fault === 'doubled') {
      const at = later(now, 1 + this.#faults.below('scheduler.fire', this.#maxDelayMs));
      this.#underWay = [...this.#underWay, { ...firing, at }];
    }
    return fault === 'none' || fault === 'doubled' ? [firing] : [];
  }
}

function byTime(a: Firing, b: Firing): number {
  if (a.at === b.at) return a.quarantineKey < b.quarantineKey ? -1 : 1;
  return a.at < b.at ? -1 : 1;
}
