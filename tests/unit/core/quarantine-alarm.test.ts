import { emptyQuarantine, type Quarantine } from '../../../src/core/quarantine.ts';
import { quarantineAlarm } from '../../../src/core/quarantine-alarm.ts';
import { at } from '../../support/builders.ts';

const now = at('2026-03-10T12:00:00Z');
const absent = emptyQuarantine({ type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci' }, 'guardrails-ci-0a1b2c3d', 'hash');
const detaching = (failures: number, answer: 'failed' | 'ok' = 'failed'): Quarantine => ({
  ...absent,
  phase: 'detaching',
  calledAt: now,
  answer,
  failures,
  deniedSince: null,
});
const attached = (driftTold: boolean): Quarantine => ({
  ...absent,
  phase: 'attached',
  calledAt: now,
  attachedAt: now,
  nextLookAt: now,
  missingSince: null,
  driftTold,
});
const refused = (why: 'policy_changed' | 'paused'): Quarantine => ({ ...absent, refusals: [{ executionId: 'exe-1', why, refusedAt: now }] });

describe('quarantineAlarm', () => {
  it.each([1, 2, 3, 4, 59, 60, 61, 120])('at failure %d of a detach', (failures) => {
    expect(quarantineAlarm(detaching(failures - 1), detaching(failures))).toBe([3, 60, 120].includes(failures) ? 'release_failing' : null);
  });

  it('is quiet where the detach was answered', () => {
    expect(quarantineAlarm(detaching(3), detaching(0, 'ok'))).toBeNull();
    expect(quarantineAlarm(absent, absent)).toBeNull();
  });

  it('tells drift once', () => {
    expect(quarantineAlarm(attached(false), attached(true))).toBe('drift');
    expect(quarantineAlarm(attached(true), attached(true))).toBeNull();
    expect(quarantineAlarm(attached(false), attached(false))).toBeNull();
  });

  it('tells that a deny policy was changed, and no other refusal', () => {
    expect(quarantineAlarm(absent, refused('policy_changed'))).toBe('policy_changed');
    expect(quarantineAlarm(refused('policy_changed'), refused('policy_changed'))).toBeNull();
    expect(quarantineAlarm(absent, refused('paused'))).toBeNull();
  });
});
