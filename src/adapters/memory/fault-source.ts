import { OutsideError } from '../../app/ports.ts';

/**
 * What can go wrong with one call to the outside.
 * `fails_before`: nothing happened, the caller gets an error. `fails_after`: it happened, the caller gets an error. `late`: the caller
 * gets an error now, and it happens later. `stale`: answered from an earlier state. `conflict`: another transaction was under way.
 * `throttled`: refused for now. `lost`: answered as if all were well, and nothing happened. `delayed`, `doubled`, `reordered`: as they say.
 */
export type Fault = 'fails_before' | 'fails_after' | 'late' | 'stale' | 'conflict' | 'throttled' | 'lost' | 'delayed' | 'doubled' | 'reordered';

/** The calls of one adapter, each with all that can go wrong with it. */
export type FaultTable = Readonly<Record<string, readonly Fault[]>>;

/** Decides what goes wrong. An adapter asks at every call, by the names of its table; the same answers give the same run. */
export interface FaultSource {
  /**
   * One of the faults that the adapter's table names for the call. `possible` are those that would change anything at this moment:
   * another one of the table counts as `none`, a stranger to the table throws.
   */
  readonly decide: (call: string, possible: readonly Fault[]) => Fault | 'none';
  /** How much, how long or which one, where something goes wrong: a whole number from 0 up to, but not including, the limit. */
  readonly below: (call: string, limit: number) => number;
}

/** Nothing ever goes wrong. */
export const NO_FAULTS: FaultSource = { decide: () => 'none', below: () => 0 };

/** Asks a source for the faults of one table. `possible` is all that the table names for the call, unless told. */
export function askFaults<Table extends FaultTable>(source: FaultSource, table: Table) {
  return <Call extends keyof Table & string>(call: Call, possible: readonly Fault[] = table[call] ?? []): Table[Call][number] | 'none' => {
    const decided = source.decide(call, possible);
    if (decided === 'none') return decided;
    const fault = table[call]?.find((named) => named === decided);
    if (fault === undefined) throw new Error(`The fault source answered '${decided}' to ${call}, which can show none, ${table[call]?.join(', ')}.`);
    return possible.includes(fault) ? fault : 'none';
  };
}

/** The error of a call whose outcome the caller doesn't learn. */
export function outsideError(call: string, fault: Fault): OutsideError {
  return new OutsideError(`${call}: no answer (simulated fault '${fault}').`);
}
