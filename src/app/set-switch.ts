import type { Actor } from '../core/audit-record.ts';
import type { KillSwitch } from '../core/lower-mode.ts';
import { type Base, commitChanges } from './commit-changes.ts';
import { readRow, SWITCH_KEY } from './rows.ts';

/** Pauses or resumes the engine. A resumed engine starts nothing by itself. */
export async function setSwitch(base: Base, killSwitch: KillSwitch, by: Actor): Promise<'done' | 'busy'> {
  for (let tries = 1; tries <= 5; tries += 1) {
    const before = await readRow(base.store, 'control', SWITCH_KEY);
    if (before?.value.killSwitch === killSwitch) return 'done';
    const entry = { action: `engine.${killSwitch === 'paused' ? 'paused' : 'resumed'}`, actor: by, details: {} };
    const change = { key: SWITCH_KEY, kind: 'control', before, value: { killSwitch, by }, dueAt: null, entry } as const;
    if ((await commitChanges(base, [change])).kind === 'committed') return 'done';
  }
  return 'busy';
}
