import type { Fault, FaultSource } from '../../../src/adapters/memory/fault-source.ts';
import { MemoryStore } from '../../../src/adapters/memory/memory-store.ts';
import { afterWakeUp, type Change, commitChanges } from '../../../src/app/commit-changes.ts';
import { OutsideError } from '../../../src/app/ports.ts';
import { verifyChain } from '../../../src/core/audit-record.ts';
import { addMinutes } from '../../../src/core/instant.ts';
import { at } from '../../support/builders.ts';

const now = at('2026-03-10T02:00:00Z');
const KEY = 'execution#exe-1';

/** A store whose commits meet these faults, one after the other. */
function storeWith(...faults: readonly (Fault | 'none')[]) {
  const left = [...faults];
  const source: FaultSource = { decide: (call) => (call === 'store.commit' ? (left.shift() ?? 'none') : 'none'), below: () => 0 };
  const store = new MemoryStore({ now: () => now, faults: source });
  let ids = 0;
  return { store, now: () => now, newId: () => `c${++ids}` };
}

const change = (before: Change['before'], value: unknown): Change => ({
  key: KEY,
  kind: 'execution',
  before,
  value,
  dueAt: null,
  entry: { action: 'execution.decided', actor: 'system', details: {} },
});

describe('commitChanges', () => {
  it('writes the row and its record together', async () => {
    const base = storeWith();
    expect(await commitChanges(base, [change(null, { a: 1 })])).toEqual({ kind: 'committed' });
    const row = base.store.rows().get(KEY);
    expect(row).toEqual(expect.objectContaining({ version: 1, value: { a: 1 }, chain: expect.objectContaining({ seq: 1 }) }));
    expect(verifyChain(KEY, base.store.trails().get(KEY) ?? [], row?.chain ?? null)).toEqual([]);
  });

  it.each([
    ['the answer was lost', ['fails_after']],
    ['the request was lost', ['fails_before']],
    ['both happened', ['fails_before', 'fails_after']],
  ] as const)('commits once where %s', async (_what, faults) => {
    const base = storeWith(...faults);
    expect(await commitChanges(base, [change(null, { a: 1 })])).toEqual({ kind: 'committed' });
    expect(base.store.trails().get(KEY)).toHaveLength(1);
    expect(base.store.rows().get(KEY)?.version).toBe(1);
  });

  it('knows its own work where the answer was lost and the token is forgotten', async () => {
    const base = storeWith('fails_after', 'conflict');
    expect(await commitChanges(base, [change(null, { a: 1 })])).toEqual({ kind: 'committed' });
  });

  it('takes the work of somebody else for a conflict', async () => {
    const base = storeWith();
    await commitChanges(base, [change(null, { a: 1 })]);
    expect(await commitChanges(base, [change(null, { a: 2 })])).toEqual({ kind: 'conflict' });
    expect(base.store.rows().get(KEY)?.value).toEqual({ a: 1 });
    expect(base.store.trails().get(KEY)).toHaveLength(1);
  });

  it('throws where it can never tell', async () => {
    const base = storeWith('fails_before', 'fails_before', 'fails_before');
    await expect(commitChanges(base, [change(null, { a: 1 })])).rejects.toThrow(OutsideError);
    expect(base.store.rows().size).toBe(0);
  });

  it('throws a mistake of ours at once', async () => {
    const base = storeWith();
    await expect(commitChanges(base, [{ ...change(null, { a: 1 }), kind: 'event' }])).rejects.toThrow('begins with event#');
  });
});

describe('afterWakeUp', () => {
  it('leaves the first half minute to the wake-up', () => {
    expect(afterWakeUp(now, now)).toBe(addMinutes(now, 0.5));
    expect(afterWakeUp(addMinutes(now, 5), now)).toBe(addMinutes(now, 5));
    expect(afterWakeUp(null, now)).toBeNull();
  });
});
