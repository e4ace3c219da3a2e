import type { Fault, FaultSource, FaultTable } from '../../../../src/adapters/memory/fault-source.ts';
import { IamDirectory } from '../../../../src/adapters/memory/iam-directory.ts';
import { IAM_FAULTS, MemoryIam } from '../../../../src/adapters/memory/memory-iam.ts';
import { MESSENGER_FAULTS, MemoryMessenger } from '../../../../src/adapters/memory/memory-messenger.ts';
import { MemoryQueue, QUEUE_FAULTS } from '../../../../src/adapters/memory/memory-queue.ts';
import { MemoryScheduler, SCHEDULER_FAULTS } from '../../../../src/adapters/memory/memory-scheduler.ts';
import { MemoryStore, STORE_FAULTS } from '../../../../src/adapters/memory/memory-store.ts';
import type { Principal } from '../../../../src/core/principal.ts';
import { at } from '../../../support/builders.ts';
import { aCommit, aTrail } from '../../../support/commits.ts';
import { testClock } from '../../../support/test-clock.ts';

const TABLES: FaultTable = { ...STORE_FAULTS, ...QUEUE_FAULTS, ...IAM_FAULTS, ...SCHEDULER_FAULTS, ...MESSENGER_FAULTS };
const ROLE: Principal = { type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci-deployer' };

// Of what is possible it takes in turn what it took least often so far, the absence of a fault included.
function takingTurns(): FaultSource & { readonly shown: ReadonlyMap<string, number> } {
  const shown = new Map<string, number>();
  const times = (call: string, fault: Fault | 'none'): number => shown.get(`${call} ${fault}`) ?? 0;
  const decide: FaultSource['decide'] = (call, possible) => {
    const fault = (['none', ...possible] as const).reduce((least, next) => (times(call, next) < times(call, least) ? next : least));
    shown.set(`${call} ${fault}`, times(call, fault) + 1);
    return fault;
  };
  return { shown, decide, below: (call, limit) => (shown.size * 7 + call.length) % limit };
}

// Uses everything for two hours, whatever fails, and tells what was seen.
async function useEverything(faults: FaultSource): Promise<readonly string[]> {
  const clock = testClock();
  const { now } = clock;
  const store = new MemoryStore({ now, faults });
  const queue = new MemoryQueue<string>({ now, faults, visibilityMs: 60_000 });
  const directory = new IamDirectory({ now });
  const iam = new MemoryIam({ now, faults, directory, engineAccountId: null });
  const scheduler = new MemoryScheduler({ now, faults });
  const messenger = new MemoryMessenger({ now, faults });
  directory.createPrincipal(ROLE.arn);
  directory.createPolicy('arn:aws:iam::111122223333:policy/guardrails/deny', 'document');
  const uses: readonly ((round: number) => Promise<unknown>)[] = [
    (round) => store.commit(aCommit(`c${round}`, { [`event#${round}`]: { dueAt: now() } }, aTrail(`event-${round}`, 1))),
    () => store.read(['event#1']),
    () => store.findDue('event', at('2026-01-16T00:00:00.000Z'), 5),
    () => store.readTrail('event-1'),
    (round) => queue.send(`m${round}`),
    async () => await Promise.all((await queue.receive(2)).map(({ body, receipt }) => queue.delete(receipt).then(() => body))),
    () => iam.attach(ROLE, 'deny'),
    () => iam.listAttached(ROLE),
    () => iam.findPrincipal(ROLE),
    () => iam.findDenyPolicy(ROLE, 'deny'),
    () => iam.detach(ROLE, 'deny'),
    (round) => scheduler.schedule(`quarantine#${round % 3}`, now()),
    async () => scheduler.takeDue(),
    (round) => messenger.tell({ channel: 'C0PLATFORM', noticeKey: 'notice#1', wanted: round }),
  ];
  const seen: string[] = [];
  for (let round = 1; round <= 120; round += 1) {
    for (const use of uses) seen.push(await outcomeOf(use(round)));
    if (round % 20 === 0) directory.deletePrincipal(ROLE.arn);
    if (round % 20 === 1) directory.createPrincipal(ROLE.arn);
    if (round % 30 === 0) directory.addPolicyVersion('arn:aws:iam::111122223333:policy/guardrails/deny', true);
    clock.pass(20_000 + round * 500);
  }
  return [...seen, JSON.stringify([[...store.rows()], [...store.trails()], queue.bodies(), directory.changes(), [...scheduler.scheduled()], messenger.told()])];
}

async function outcomeOf(use: Promise<unknown>): Promise<string> {
  try {
    const value = await use;
    return JSON.stringify(value instanceof Map ? [...value] : value) ?? 'nothing';
  } catch (error) {
    return String(error);
  }
}

describe('the memory adapters', () => {
  it('can show every fault that their tables name, and ask for no other call', async () => {
    const faults = takingTurns();
    await useEverything(faults);
    const named = Object.entries(TABLES).flatMap(([call, possible]) => ['none', ...possible].map((fault) => `${call} ${fault}`));
    expect([...faults.shown.keys()].sort()).toEqual([...named].sort());
  });

  it('fail as OutsideError and in no other way', async () => {
    const seen = await useEverything(takingTurns());
    const failures = new Set(seen.filter((text) => /^\w*Error/.test(text)).map((text) => text.split(':')[0]));
    expect([...failures]).toEqual(['OutsideError']);
  });

  it('do the same again where the same goes wrong', async () => {
    expect(await useEverything(takingTurns())).toEqual(await useEverything(takingTurns()));
  });
});
