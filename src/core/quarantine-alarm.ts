import type { Quarantine } from './quarantine.ts';

/** What of a quarantine the engine's own people must hear. */
export type QuarantineAlarm = 'release_failing' | 'drift' | 'policy_changed';

const FIRST_ALARM = 3;
const ALARM_AGAIN = 60;

/**
 * What a step of a quarantine gives cause to tell. A detach that fails is told after the third try in a row and then every hour, since
 * it is tried each minute for ever; drift and a deny policy that was changed are told once.
 */
export function quarantineAlarm(before: Quarantine, after: Quarantine): QuarantineAlarm | null {
  if (after.phase === 'attached' && after.driftTold && !(before.phase === 'attached' && before.driftTold)) return 'drift';
  const told = before.refusals.filter(({ why }) => why === 'policy_changed').length;
  if (after.refusals.filter(({ why }) => why === 'policy_changed').length > told) return 'policy_changed';
  if (after.phase !== 'detaching' || after.answer !== 'failed') return null;
  return after.failures === FIRST_ALARM || after.failures % ALARM_AGAIN === 0 ? 'release_failing' : null;
}
