import { addMinutes } from '../core/instant.ts';
import { advanceExecution } from './advance-execution.ts';
import type { Base } from './commit-changes.ts';
import { type Evaluator, wake } from './evaluate-signal.ts';
import type { Row, Store, WakeUp } from './ports.ts';
import { findRows, type Notice, unreadableRow } from './rows.ts';

/** What `sweep` works with. It commits and sends wake-ups; it calls nothing else. */
export interface Sweeper extends Base, Pick<Evaluator, 'wakeUps' | 'report'> {
  readonly store: Pick<Store, 'read' | 'commit' | 'findDue'>;
}

const LIMIT = 1000;

/**
 * Takes up everything that is due and that a wake-up lost: quarantines first, then executions, then what people are owed. Each row
 * for itself: one that can't be read or moved is reported and passed over. Overlapping sweeps are harmless.
 */
export async function sweep(deps: Sweeper): Promise<void> {
  await eachDue(deps, 'quarantine', async (keys) =>
    wake(
      deps,
      keys.map((key) => ({ kind: 'quarantine', key })),
    ),
  );
  await eachDue(deps, 'execution', async (keys) => {
    for (const key of keys) await isolated(deps, key, () => advanceExecution(deps, key.slice('execution#'.length)));
  });
  await eachDue(deps, 'notice', async (keys) => {
    const { rows, unreadable } = await findRows(deps.store, 'notice', keys);
    for (const row of unreadable) deps.report('sweep', row.key, unreadableRow(row));
    await wake(deps, channelsOf(rows));
  });
}

async function eachDue(deps: Sweeper, kind: 'quarantine' | 'execution' | 'notice', take: (keys: readonly string[]) => Promise<void>): Promise<void> {
  await isolated(deps, kind, async () => {
    const keys = await deps.store.findDue(kind, addMinutes(deps.now(), 0), LIMIT);
    for (const chunk of chunksOf(keys, 10)) await isolated(deps, chunk.join(), () => take(chunk));
  });
}

async function isolated(deps: Sweeper, id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    deps.report('sweep', id, error);
  }
}

function channelsOf(rows: ReadonlyMap<string, Row<Notice>>): readonly WakeUp[] {
  return [...new Set([...rows.values()].map(({ value }) => value.channel))].map((channel) => ({ kind: 'channel', channel }));
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
