import type { FaultSource } from '../../../../src/adapters/memory/fault-source.ts';
import { MemoryStore } from '../../../../src/adapters/memory/memory-store.ts';
import { sealValue } from '../../../../src/adapters/memory/stored-value.ts';
import { OutsideError } from '../../../../src/app/ports.ts';
import { at } from '../../../support/builders.ts';
import { aCommit, aTrail } from '../../../support/commits.ts';
import { scriptedFaults } from '../../../support/scripted-faults.ts';
import { testClock } from '../../../support/test-clock.ts';

const COMMITTED = { kind: 'committed' };
const CONFLICT = { kind: 'conflict' };
const DUE = at('2026-01-15T12:30:00.000Z');
const DUE_LATER = at('2026-01-15T13:00:00.000Z');

function aStore(faults?: FaultSource, maxIndexLagMs = 5000) {
  const clock = testClock();
  return { clock, store: new MemoryStore({ now: clock.now, maxIndexLagMs, ...(faults === undefined ? {} : { faults }) }) };
}

describe('the memory store, when something goes wrong', () => {
  it('has written nothing where a commit failed before', async () => {
    const { store } = aStore(scriptedFaults({ 'store.commit': ['fails_before'] }));
    await expect(store.commit(aCommit('c1', { 'event#a': {} }, aTrail('event-a', 1)))).rejects.toThrow(OutsideError);
    expect(store.rows().size).toBe(0);
    expect(store.trails().size).toBe(0);
  });

  it('has written all where a commit failed after, and knows the commit when it is repeated', async () => {
    const { store } = aStore(scriptedFaults({ 'store.commit': ['fails_after'] }));
    const commit = aCommit('c1', { 'event#a': {} }, aTrail('event-a', 1));
    await expect(store.commit(commit)).rejects.toThrow(OutsideError);
    expect([...store.rows().keys()]).toEqual(['event#a']);
    expect(store.trails().get('event-a')).toHaveLength(1);
    expect(await store.commit(commit)).toEqual(COMMITTED);
    expect(store.trails().get('event-a')).toHaveLength(1);
  });

  it('writes nothing in a conflict of transactions, and the same commit goes through afterwards', async () => {
    const { store } = aStore(scriptedFaults({ 'store.commit': ['conflict'] }));
    const commit = aCommit('c1', { 'event#a': {} });
    expect(await store.commit(commit)).toEqual(CONFLICT);
    expect(store.rows().size).toBe(0);
    expect(await store.commit(commit)).toEqual(COMMITTED);
  });

  it('may fail to answer a conflict', async () => {
    const { store } = aStore(scriptedFaults({ 'store.commit': ['fails_after'] }));
    await expect(store.commit(aCommit('c1', { 'event#a': { version: 2 } }))).rejects.toThrow(OutsideError);
    expect(store.rows().size).toBe(0);
  });

  it.each(['store.read', 'store.find_due', 'store.read_trail'])('may fail to answer %s', async (call) => {
    const { store } = aStore(scriptedFaults({ [call]: ['fails_before'] }));
    const calls = {
      'store.read': () => store.read(['event#a']),
      'store.find_due': () => store.findDue('event', DUE, 1),
      'store.read_trail': () => store.readTrail('a'),
    };
    const chosen = calls[call as keyof typeof calls];
    await expect(chosen()).rejects.toThrow(OutsideError);
    await expect(chosen()).resolves.toBeDefined();
  });
});

describe("the memory store's index", () => {
  it('learns late of what is new', async () => {
    const { clock, store } = aStore(scriptedFaults({ 'store.index': ['delayed'] }, [2999]));
    await store.commit(aCommit('c1', { 'event#a': { dueAt: DUE } }));
    clock.pass(2999);
    expect(await store.findDue('event', DUE, 10)).toEqual([]);
    clock.pass(1);
    expect(await store.findDue('event', DUE, 10)).toEqual(['event#a']);
  });

  it('learns late of what is due no more, and of what is due at another time', async () => {
    const { clock, store } = aStore(scriptedFaults({ 'store.index': ['none', 'none', 'delayed', 'delayed'] }, [999, 999]));
    await store.commit(aCommit('c1', { 'event#a': { dueAt: DUE }, 'event#b': { dueAt: DUE } }));
    await store.commit(aCommit('c2', { 'event#a': { version: 2, dueAt: null }, 'event#b': { version: 2, dueAt: DUE_LATER } }));
    expect(await store.findDue('event', DUE, 10)).toEqual(['event#a', 'event#b']);
    clock.pass(1000);
    expect(await store.findDue('event', DUE, 10)).toEqual([]);
    expect(await store.findDue('event', DUE_LATER, 10)).toEqual(['event#b']);
  });

  it('never shows of one row the older after the newer', async () => {
    const { clock, store } = aStore(scriptedFaults({ 'store.index': ['delayed', 'none'] }, [4999]));
    await store.commit(aCommit('c1', { 'event#a': { dueAt: DUE } }));
    await store.commit(aCommit('c2', { 'event#a': { version: 2, dueAt: null }, 'event#b': { dueAt: DUE } }));
    expect(await store.findDue('event', DUE, 10)).toEqual(['event#b']);
    clock.pass(5000);
    expect(await store.findDue('event', DUE, 10)).toEqual(['event#b']);
  });

  it.each([0, 500])('shows no older state again once it has shown it, a newer one written %d ms later', async (ms) => {
    const { clock, store } = aStore(scriptedFaults({ 'store.index': ['delayed', 'none', 'none'] }, [999]));
    await store.commit(aCommit('c1', { 'event#a': { dueAt: DUE } }));
    clock.pass(1000);
    if (ms === 0) expect(await store.findDue('event', DUE, 10)).toEqual(['event#a']);
    clock.pass(ms);
    await store.commit(aCommit('c2', { 'event#a': { version: 2, dueAt: null } }));
    expect(await store.findDue('event', DUE, 10)).toEqual([]);
  });

  it('never lags longer than it is told, and reading a row never lags', async () => {
    const limits: number[] = [];
    const below: FaultSource['below'] = (_, limit) => {
      limits.push(limit);
      return limit - 1;
    };
    const { store } = aStore({ decide: (call) => (call === 'store.index' ? 'delayed' : 'none'), below }, 700);
    await store.commit(aCommit('c1', { 'event#a': { dueAt: DUE } }));
    expect(limits).toEqual([700]);
    expect((await store.read(['event#a'])).size).toBe(1);
  });
});

describe("the memory store's memory for commit ids", () => {
  it('lasts 10 minutes: then a repeated commit is a new one', async () => {
    const { clock, store } = aStore();
    const commit = aCommit('c1', { 'event#a': {} });
    await store.commit(commit);
    clock.pass(599_999);
    expect(await store.commit(commit)).toEqual(COMMITTED);
    clock.pass(1);
    expect(await store.commit(commit)).toEqual(CONFLICT);
  });

  it('knows a commit by what it says, not by which object it is', async () => {
    const { store } = aStore();
    const commit = aCommit('c1', { 'event#a': { value: { a: [1, { b: null }], c: 2n } } });
    const same = aCommit('c1', { 'event#a': { value: { c: 2n, a: [1, { b: null }] } } });
    await store.commit(commit);
    expect(await store.commit(same)).toEqual(COMMITTED);
    for (const value of [
      { a: [1, { b: null }], c: 2n, d: 1 },
      { a: [1, { b: null }], d: 2n },
      { a: [1, { b: false }], c: 2n },
      { a: [1], c: 2n },
      { a: { 0: 1, 1: { b: null } }, c: 2n },
    ]) {
      await expect(store.commit(aCommit('c1', { 'event#a': { value } }))).rejects.toThrow('was used for another commit');
    }
  });

  it('does not count a repeated commit among those that can conflict', async () => {
    const { store } = aStore(scriptedFaults({ 'store.commit': ['none', 'conflict'] }));
    const commit = aCommit('c1', { 'event#a': {} });
    await store.commit(commit);
    expect(await store.commit(commit)).toEqual(COMMITTED);
  });
});

describe('what the memory store keeps', () => {
  it('is frozen in depth', async () => {
    const { store } = aStore();
    const value = { holders: [{ executionId: 'exe-1' }] };
    await store.commit(aCommit('c1', { 'event#a': { value } }, aTrail('event-a', 1)));
    expect(() => value.holders.push({ executionId: 'exe-2' })).toThrow(TypeError);
    expect(() => Object.assign(value.holders[0] ?? {}, { executionId: 'exe-2' })).toThrow(TypeError);
    const record = (await store.readTrail('event-a'))[0];
    expect(() => Object.assign(record?.details ?? {}, { step: 9 })).toThrow(TypeError);
  });

  it.each([
    ['undefined', { a: undefined }, 'event#a.value.a'],
    ['NaN', [Number.NaN], 'NaN'],
    ['a date', { day: new Date(0) }, 'Date'],
    ['a map', { a: [new Map()] }, 'Map'],
    ['a function', { a: () => 1 }, 'event#a.value.a'],
    ['an object of a class', new OutsideError('x'), 'OutsideError'],
  ])('is nothing that storing would change: %s is refused', async (_, value, said) => {
    const { store } = aStore();
    await expect(store.commit(aCommit('c1', { 'event#a': { value } }))).rejects.toThrow(said);
    expect(store.rows().size).toBe(0);
  });

  it('is at most 400 KB in an item, as DynamoDB counts it, and 4 MB in a commit', async () => {
    const { store } = aStore();
    const sized = (commitId: string, keys: readonly string[], value: string) => aCommit(commitId, Object.fromEntries(keys.map((key) => [key, { value }])));
    const bytes = (text: string): number => Buffer.byteLength(text);
    const overhead = sealValue(sized('c1', ['event#a'], '').writes[0]?.row, 'row', bytes);
    const full = 400 * 1024 - overhead;
    expect(await store.commit(sized('c1', ['event#a'], 'x'.repeat(full)))).toEqual(COMMITTED);
    await expect(store.commit(sized('c2', ['event#b'], 'x'.repeat(full + 1)))).rejects.toThrow('event#b with 409601 bytes, expected at most 409600');
    const keys = Array.from('bcdefghijklmnopq', (letter) => `event#${letter}`);
    const sixteenth = (4 * 1024 * 1024) / 16 - overhead;
    await expect(store.commit(sized('c3', keys, 'x'.repeat(sixteenth + 1)))).rejects.toThrow('4194320 bytes, expected at most 4194304');
    expect(await store.commit(sized('c4', keys, 'x'.repeat(sixteenth)))).toEqual(COMMITTED);
  });

  it('counts texts by their bytes, numbers by their most, and each list, map and part of them', () => {
    const bytes = (text: string): number => Buffer.byteLength(text);
    expect(['', 'ü', null, true, 7, 7n].map((value) => sealValue(value, 'value', bytes))).toEqual([0, 2, 1, 1, 22, 22]);
    expect([[], {}, ['ab', 'c'], { a: 'bc', de: [] }].map((value) => sealValue(value, 'value', bytes))).toEqual([3, 3, 8, 3 + (1 + 1 + 2) + (1 + 2 + 3)]);
  });

  it('can be read, but not changed by that', async () => {
    const { store } = aStore();
    await store.commit(aCommit('c1', { 'event#a': {} }, aTrail('event-a', 2)));
    ((await store.read(['event#a'])) as Map<string, unknown>).clear();
    ((await store.readTrail('event-a')) as unknown[]).pop();
    expect(store.rows().size).toBe(1);
    expect(store.trails().get('event-a')).toHaveLength(2);
  });
});
