import type { Row, RowKind } from '../../src/app/ports.ts';
import { EMPTY_CHAIN } from '../../src/core/audit-record.ts';
import { REVISIONS } from './company.ts';
import type { DeployedEngine } from './deployed-engine.ts';
import type { Happening } from './happening.ts';
import type { SeededRandom } from './seeded-random.ts';
import { START } from './start.ts';

/** What befalls the engine itself: deploys, sweeps that overlap, messages and rows that nobody can read. */
export const ENGINE_HAPPENINGS: Readonly<Record<string, Happening>> = {
  deploy: (engine, random) => {
    const revision = random.pick(REVISIONS);
    // The functions are not changed at the same moment, nor always in the same order.
    const [first, second] = random.pick([['evaluate', 'enforce'] as const, ['enforce', 'evaluate'] as const]);
    engine.revisions = { ...engine.revisions, [first]: revision };
    engine.world.after(random.below(600_000), () => {
      engine.revisions = { ...engine.revisions, [second]: revision };
    });
    return true;
  },
  'sweeps overlap': (engine) => {
    engine.sweep();
    engine.sweep();
    return true;
  },
  'wake-up that nobody sent': (engine, random) => {
    const keys = [...engine.store.rows().keys()];
    const key = keys.length > 0 && random.chance(0.8) ? random.pick(keys) : random.pick(['quarantine#nobody', 'nonsense', '']);
    return send(
      engine,
      random.pick([
        { kind: 'quarantine', key },
        { kind: 'execution', key },
        { kind: 'channel', channel: key },
      ]),
    );
  },
  'poison message': (engine, random) => send(engine, random.pick([null, 7, 'nonsense', {}, [], { kind: 'quarantine' }, { kind: 'nonsense', key: 'nobody' }])),
  'poison row': (engine, random) => {
    const kind = random.pick(['quarantine', 'execution', 'notice'] as const);
    const keys = [...engine.store.rows().keys()].filter((key) => key.startsWith(`${kind}#`));
    const key = keys.length > 0 && random.chance(0.6) ? random.pick(keys) : `${kind}#nobody-${random.below(5)}`;
    return poison(engine, random, kind, key);
  },
};

function send(engine: DeployedEngine, body: unknown): true {
  void engine.wakeUps
    .send(body)
    .catch(() => undefined)
    .then(() => engine.pump());
  return true;
}

/** Somebody, or an older version of the engine, writes what nobody can read, and it is due before all else. */
function poison(engine: DeployedEngine, random: SeededRandom, kind: RowKind, key: string): boolean {
  const before = engine.store.rows().get(key);
  const value = random.pick([
    null,
    'nonsense',
    7,
    [],
    {},
    { phase: 'attaching' },
    { status: 'executing' },
    { holders: null, phase: 'attached' },
    { status: 'executed', plan: null },
    { channel: 7 },
  ]);
  const now = engine.world.now();
  const commitId = `poison-${key.length}-${random.below(1_000_000)}`;
  const row: Row = {
    key,
    kind,
    version: (before?.version ?? 0) + 1,
    value,
    dueAt: START,
    createdAt: before?.createdAt ?? now,
    chain: before?.chain ?? EMPTY_CHAIN,
    commitId,
  };
  // A commit takes effect as it is called: whether it landed shows at once.
  const wasPoisoned = engine.poisoned.has(key);
  engine.poisoned.add(key);
  engine.commit({ commitId, writes: [{ row, expectedVersion: before?.version ?? 0 }], records: [] }).catch(() => undefined);
  const landed = engine.store.rows().get(key)?.commitId === commitId;
  if (!landed && !wasPoisoned) engine.poisoned.delete(key);
  return landed;
}
