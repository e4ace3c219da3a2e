import type { Fault, FaultSource } from '../../src/adapters/memory/fault-source.ts';
import type { Chronicle } from './chronicle.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Fates } from './virtual-world.ts';
import type { Weather } from './weather.ts';

interface Asked {
  readonly random: SeededRandom;
  times: number;
}

/** Decides what goes wrong with each call. Each call has randomness of its own, so that what is left out of a run changes little else in it. */
export class Misfortunes implements FaultSource, Fates {
  readonly #random: SeededRandom;
  readonly #chronicle: Chronicle;
  readonly #asked = new Map<string, Asked>();
  readonly #weather: Weather;
  #isOver = false;

  constructor(random: SeededRandom, weather: Weather, chronicle: Chronicle) {
    this.#random = random;
    this.#chronicle = chronicle;
    this.#weather = weather;
  }

  /** From now on nothing goes wrong any more. */
  end(): void {
    this.#isOver = true;
  }

  readonly decide = (call: string, possible: readonly Fault[]): Fault | 'none' => {
    const rate = this.#isOver ? 0 : (this.#weather.rates[call.slice(0, call.indexOf('.'))] ?? 0);
    if (rate === 0 || possible.length === 0) return 'none';
    const asked = this.#ask(call);
    if (!asked.random.chance(rate)) return 'none';
    const fault = asked.random.pick(possible);
    return this.#happens(`${call}: ${fault}`, asked.times) ? fault : 'none';
  };

  readonly below = (call: string, limit: number): number => this.#ask(`${call}, how much`).random.below(limit);

  dies(when: 'before' | 'after', call: string): boolean {
    const rate = this.#isOver ? 0 : this.#weather.crashRate * (call.startsWith('iam.') ? 4 : 1);
    if (rate === 0) return false;
    const name = when === 'before' ? `crash before ${call}` : `crash after ${call}`;
    const asked = this.#ask(name);
    return asked.random.chance(rate) && this.#happens(name, asked.times);
  }

  latencyMs(): number {
    const asked = this.#ask('latency');
    const usual = 5 + asked.random.below(60);
    if (this.#isOver || !asked.random.chance(this.#weather.slowRate)) return usual;
    const long = asked.random.below(28_000);
    return this.#happens('a slow call', asked.times) ? long : usual;
  }

  #happens(name: string, times: number): boolean {
    const id = `${name} #${times}`;
    if (!this.#chronicle.mayHappen(id)) return false;
    this.#chronicle.happened(name, id);
    return true;
  }

  #ask(purpose: string): Asked {
    const known = this.#asked.get(purpose);
    const asked = known ?? { random: this.#random.fork(purpose), times: 0 };
    if (known === undefined) this.#asked.set(purpose, asked);
    asked.times += 1;
    return asked;
  }
}
