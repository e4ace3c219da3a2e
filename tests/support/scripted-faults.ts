import type { Fault, FaultSource } from '../../src/adapters/memory/fault-source.ts';

/** For each call, what goes wrong the first time, the second time, and so on; afterwards nothing does. */
export type FaultScript = Readonly<Record<string, readonly (Fault | 'none')[]>>;

/** A source that follows a script, and then takes each amount from a list; 0 where the list is at its end. */
export function scriptedFaults(script: FaultScript, amounts: readonly number[] = []): FaultSource {
  const left = new Map(Object.entries(script).map(([call, faults]) => [call, [...faults]]));
  const amountsLeft = [...amounts];
  return {
    decide: (call) => left.get(call)?.shift() ?? 'none',
    below: (call, limit) => {
      const amount = amountsLeft.shift() ?? 0;
      if (amount >= limit) throw new Error(`${call} asked for less than ${limit}, the script has ${amount}`);
      return amount;
    },
  };
}
