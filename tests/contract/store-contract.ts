import { OutsideError, type Store } from '../../src/app/ports.ts';
import { at } from '../support/builders.ts';
import { aCommit, aTrail } from '../support/commits.ts';
import { eventually } from '../support/eventually.ts';

const NOON = at('2026-01-15T12:00:00.000Z');
const AFTER = at('2026-01-15T12:00:00.001Z');
const BEFORE = at('2026-01-15T11:59:59.999Z');
const COMMITTED = { kind: 'committed' };
const CONFLICT = { kind: 'conflict' };

/** What every store promises. `makeStore` must give an empty one at each call. */
export function describeStoreContract(name: string, makeStore: () => Promise<Store>): void {
  describe(`${name} as a store`, () => {
    let store: Store;
    const storedAt = async (key: string): Promise<unknown> => (await store.read([key])).get(key)?.value;

    beforeEach(async () => {
      store = await makeStore();
    });

    describe('reading', () => {
      it('leaves out what is not there', async () => {
        await store.commit(aCommit('c1', { 'event#a': {} }));
        expect([...(await store.read(['event#a', 'event#b'])).keys()]).toEqual(['event#a']);
        expect(await store.read([])).toEqual(new Map());
      });

      it('gives back a row as it was committed', async () => {
        const value = { text: 'größer 🚀', none: null, yes: true, no: false, whole: 3, part: 0.1, big: 8_796_788_725_836n, '': '', list: [[], {}, [1n, 'x']] };
        const commit = aCommit('c1', { 'event#a': { value, dueAt: NOON } });
        await store.commit(commit);
        expect((await store.read(['event#a'])).get('event#a')).toEqual(commit.writes[0]?.row);
      });

      it('sees at once what a commit was answered for', async () => {
        for (let version = 1; version <= 20; version += 1) {
          await store.commit(aCommit(`c${version}`, { 'event#a': { version, value: version } }));
          expect(await storedAt('event#a')).toBe(version);
        }
      });

      it('takes more keys than one request of DynamoDB does', async () => {
        const keys = Array.from({ length: 150 }, (_, index) => `event#${index}`);
        for (const half of [keys.slice(0, 75), keys.slice(75)]) await store.commit(aCommit(`c${half[0]}`, Object.fromEntries(half.map((key) => [key, {}]))));
        expect([...(await store.read(keys)).keys()].sort()).toEqual([...keys].sort());
      });

      it('gives nothing through which the stored row could be changed', async () => {
        const value = { holders: ['a'] };
        await store.commit(aCommit('c1', { 'event#a': { value } }));
        expect(await storedAt('event#a')).toEqual({ holders: ['a'] });
        await Promise.allSettled([
          storedAt('event#a').then((got) => (got as typeof value).holders.push('b')),
          Promise.resolve().then(() => value.holders.push('c')),
        ]);
        expect(await storedAt('event#a')).toEqual({ holders: ['a'] });
      });
    });

    describe('committing', () => {
      it('writes rows and records together', async () => {
        const trail = aTrail('execution-1', 1);
        expect(await store.commit(aCommit('c1', { 'execution#1': { value: 'one' }, 'quarantine#1': { value: 'two' } }, trail))).toEqual(COMMITTED);
        expect(await storedAt('execution#1')).toBe('one');
        expect(await storedAt('quarantine#1')).toBe('two');
        expect(await store.readTrail('execution-1')).toEqual(trail);
      });

      it.each([
        ['exists already', { 'event#a': { version: 1, value: 'new' } }],
        ['was changed since', { 'event#b': { version: 2, value: 'new' } }],
        ['is older than it was read', { 'event#a': { version: 3, value: 'new' } }],
        ['is not there', { 'event#c': { version: 2, value: 'new' } }],
      ])('writes nothing where a row %s', async (_, guilty) => {
        await store.commit(aCommit('c1', { 'event#a': { value: 'old' }, 'event#b': { value: 'old' } }));
        await store.commit(aCommit('c2', { 'event#b': { version: 2, value: 'newer' } }));
        const before = await store.read(['event#a', 'event#b', 'event#c', 'event#d']);
        expect(await store.commit(aCommit('c3', { 'event#d': {}, ...guilty }, aTrail('event-d', 1)))).toEqual(CONFLICT);
        expect(await store.read(['event#a', 'event#b', 'event#c', 'event#d'])).toEqual(before);
        expect(await store.readTrail('event-d')).toEqual([]);
      });

      it('writes nothing where a record exists already', async () => {
        const [first, second] = aTrail('execution-1', 2);
        if (first === undefined || second === undefined) throw new Error('the trail is too short');
        await store.commit(aCommit('c1', { 'event#a': {} }, [first]));
        const other = { ...first, hash: 'f'.repeat(64) };
        expect(await store.commit(aCommit('c2', { 'event#b': {} }, [second, other]))).toEqual(CONFLICT);
        expect(await store.read(['event#b'])).toEqual(new Map());
        expect(await store.readTrail('execution-1')).toEqual([first]);
      });

      it('lets one of many win that started from the same version', async () => {
        await store.commit(aCommit('c0', { 'event#a': {} }));
        const ids = Array.from({ length: 8 }, (_, index) => `c${index + 1}`);
        const answers = await Promise.all(ids.map((id) => store.commit(aCommit(id, { 'event#a': { version: 2, value: id } }))));
        const winners = ids.filter((_, index) => answers[index]?.kind === 'committed');
        expect(winners).toHaveLength(1);
        expect(await storedAt('event#a')).toBe(winners[0]);
      });

      it('may be repeated under its id: it stays what it was, and undoes nothing', async () => {
        const commit = aCommit('c1', { 'event#a': { value: 'first' } }, aTrail('event-a', 1));
        await store.commit(commit);
        expect(await store.commit(structuredClone(commit))).toEqual(COMMITTED);
        await store.commit(aCommit('c2', { 'event#a': { version: 2, value: 'second' } }));
        expect(await store.commit(commit)).toEqual(COMMITTED);
        expect(await storedAt('event#a')).toBe('second');
        expect(await store.readTrail('event-a')).toHaveLength(1);
      });

      it('may be tried again under its id after a conflict', async () => {
        const second = aCommit('c2', { 'event#a': { version: 2, value: 'second' } });
        expect(await store.commit(second)).toEqual(CONFLICT);
        await store.commit(aCommit('c1', { 'event#a': { value: 'first' } }));
        expect(await store.commit(second)).toEqual(COMMITTED);
        expect(await storedAt('event#a')).toBe('second');
      });
    });

    describe('a mistake in the caller', () => {
      const big = 'x'.repeat(390 * 1024);
      const many = (count: number, value: unknown) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`event#${index}`, { value }]));
      const twice = aCommit('c1', { 'event#a': {} });
      const strangers = aCommit('c2', { 'event#a': {} }).writes;

      it.each([
        ['no item', aCommit('c1', {})],
        ['101 items', aCommit('c1', many(50, 'x'), aTrail('event-a', 51))],
        ['a row of more than 400 KB', aCommit('c1', { 'event#a': { value: 'x'.repeat(400 * 1024) } })],
        ['a row of more than 400 KB in UTF-8', aCommit('c1', { 'event#a': { value: 'ü'.repeat(200 * 1024) } })],
        ['more than 4 MB', aCommit('c1', many(11, big))],
        ['a row twice', { ...twice, writes: [...twice.writes, ...twice.writes] }],
        ['a record twice', { ...twice, records: [...aTrail('event-a', 1), ...aTrail('event-a', 1)] }],
        ['a version that is not the next one', { ...twice, writes: twice.writes.map(({ row }) => ({ row, expectedVersion: 3 })) }],
        ["another commit's id in a row", { ...twice, writes: strangers }],
        ['an id that is too long', aCommit('c'.repeat(37), { 'event#a': {} })],
        ['no id', aCommit('', { 'event#a': {} })],
      ])('is told: %s', async (_, commit) => {
        const failure: unknown = await store.commit(commit).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Error);
        expect(failure).not.toBeInstanceOf(OutsideError);
        expect(await store.read(['event#a', 'event#0'])).toEqual(new Map());
      });

      it('is told: an id that stands for another commit already', async () => {
        await store.commit(aCommit('c1', { 'event#a': { value: 'first' } }));
        await expect(store.commit(aCommit('c1', { 'event#b': {} }))).rejects.toThrow('c1');
        expect(await store.read(['event#b'])).toEqual(new Map());
      });

      it('is not supposed in 100 items, a row of nearly 400 KB, nearly 4 MB, or an id of 1 or 36 characters', async () => {
        expect(await store.commit(aCommit('c', { 'event#b': {} }))).toEqual(COMMITTED);
        expect(await store.commit(aCommit('c'.repeat(36), { 'event#c': {} }))).toEqual(COMMITTED);
        expect(await store.commit(aCommit('c1', many(49, 'x'), aTrail('event-a', 51)))).toEqual(COMMITTED);
        expect(await store.commit(aCommit('c2', { 'event#a': { value: 'x'.repeat(399 * 1024) } }))).toEqual(COMMITTED);
        const ten = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`incident#${index}`, { value: big }]));
        expect(await store.commit(aCommit('c3', ten))).toEqual(COMMITTED);
      });
    });

    describe('what is due', () => {
      beforeEach(async () => {
        await store.commit(
          aCommit('c1', {
            'quarantine#later': { dueAt: AFTER },
            'quarantine#now': { dueAt: NOON },
            'quarantine#first': { dueAt: BEFORE },
            'quarantine#never': { dueAt: null },
            'notice#other': { dueAt: BEFORE },
          }),
        );
      });

      it('is found in the end: of its kind, up to that time and inclusive, the earliest first', async () => {
        await eventually(async () => expect(await store.findDue('quarantine', NOON, 10)).toEqual(['quarantine#first', 'quarantine#now']));
        expect(await store.findDue('execution', AFTER, 10)).toEqual([]);
      });

      it('is no more than was asked for', async () => {
        await eventually(async () => expect(await store.findDue('quarantine', AFTER, 2)).toEqual(['quarantine#first', 'quarantine#now']));
      });

      it('is found no more, in the end, once its row is due later or never', async () => {
        await store.commit(aCommit('c2', { 'quarantine#first': { version: 2, dueAt: AFTER }, 'quarantine#now': { version: 2, dueAt: null } }));
        await eventually(async () => expect(await store.findDue('quarantine', NOON, 10)).toEqual([]));
        await eventually(async () => expect(await store.findDue('quarantine', AFTER, 10)).toEqual(['quarantine#first', 'quarantine#later']));
      });
    });

    describe('a trail', () => {
      it('is read in the order of its numbers, whatever order it was written in', async () => {
        const trail = aTrail('execution-1', 12);
        await store.commit(aCommit('c1', { 'event#a': {} }, [...trail.slice(5)].reverse()));
        await store.commit(aCommit('c2', { 'event#b': {} }, trail.slice(0, 5)));
        expect(await store.readTrail('execution-1')).toEqual(trail);
      });

      it("holds no other subject's records", async () => {
        await store.commit(aCommit('c1', { 'event#a': {} }, [...aTrail('execution-1', 1), ...aTrail('execution-10', 2)]));
        expect((await store.readTrail('execution-1')).map(({ subjectId }) => subjectId)).toEqual(['execution-1']);
        expect(await store.readTrail('execution-2')).toEqual([]);
      });
    });
  });
}
