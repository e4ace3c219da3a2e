import type { FaultSource } from '../../../../src/adapters/memory/fault-source.ts';
import { MemoryScheduler } from '../../../../src/adapters/memory/memory-scheduler.ts';
import { OutsideError } from '../../../../src/app/ports.ts';
import { at } from '../../../support/builders.ts';
import { scriptedFaults } from '../../../support/scripted-faults.ts';
import { testClock } from '../../../support/test-clock.ts';

const MINUTE = 60_000;
const IN_FIVE = at('2026-01-15T12:05:00.000Z');
const A = { kind: 'quarantine', key: 'quarantine#a' };
const B = { kind: 'quarantine', key: 'quarantine#b' };

function aScheduler(faults?: FaultSource) {
  const clock = testClock();
  return { clock, scheduler: new MemoryScheduler({ now: clock.now, maxDelayMs: 10 * MINUTE, ...(faults === undefined ? {} : { faults }) }) };
}

describe('the memory scheduler', () => {
  it('wakes up at the time, once', async () => {
    const { clock, scheduler } = aScheduler();
    await scheduler.schedule('quarantine#a', IN_FIVE);
    clock.pass(5 * MINUTE - 1);
    expect(scheduler.takeDue()).toEqual([]);
    expect(scheduler.nextAt()).toBe(IN_FIVE);
    clock.pass(1);
    expect(scheduler.takeDue()).toEqual([A]);
    expect(scheduler.takeDue()).toEqual([]);
    expect(scheduler.nextAt()).toBeNull();
    expect(scheduler.scheduled().size).toBe(0);
  });

  it('wakes up the earlier one first, whichever was set first', async () => {
    const { clock, scheduler } = aScheduler();
    await scheduler.schedule('quarantine#a', at('2026-01-15T12:06:00.000Z'));
    await scheduler.schedule('quarantine#b', IN_FIVE);
    clock.pass(60 * MINUTE);
    expect(scheduler.takeDue()).toEqual([B, A]);
  });

  it('sets a time that is over, or nearly, to 90 seconds from now', async () => {
    const { scheduler } = aScheduler();
    await scheduler.schedule('quarantine#a', at('2026-01-15T11:00:00.000Z'));
    expect(scheduler.nextAt()).toBe(at('2026-01-15T12:01:30.000Z'));
  });

  it('does not wake up for what was taken away', async () => {
    const { clock, scheduler } = aScheduler();
    await scheduler.schedule('quarantine#a', IN_FIVE);
    await scheduler.schedule('quarantine#a', null);
    clock.pass(60 * MINUTE);
    expect(scheduler.takeDue()).toEqual([]);
  });
});

describe('the memory scheduler, when something goes wrong', () => {
  it('has set nothing where it failed before, and all where it failed after', async () => {
    const { scheduler } = aScheduler(scriptedFaults({ 'scheduler.schedule': ['fails_before', 'fails_after', 'fails_after'] }));
    await expect(scheduler.schedule('quarantine#a', IN_FIVE)).rejects.toThrow(OutsideError);
    expect(scheduler.nextAt()).toBeNull();
    await expect(scheduler.schedule('quarantine#a', IN_FIVE)).rejects.toThrow(OutsideError);
    expect(scheduler.nextAt()).toBe(IN_FIVE);
    await expect(scheduler.schedule('quarantine#a', null)).rejects.toThrow(OutsideError);
    expect(scheduler.nextAt()).toBeNull();
  });

  it('may never wake up, though the schedule is gone', async () => {
    const { clock, scheduler } = aScheduler(scriptedFaults({ 'scheduler.fire': ['lost'] }));
    await scheduler.schedule('quarantine#a', IN_FIVE);
    clock.pass(5 * MINUTE);
    expect(scheduler.takeDue()).toEqual([]);
    expect(scheduler.scheduled().size).toBe(0);
    expect(scheduler.nextAt()).toBeNull();
  });

  it('may wake up late, whatever was set meanwhile', async () => {
    const { clock, scheduler } = aScheduler(scriptedFaults({ 'scheduler.fire': ['delayed'] }, [2 * MINUTE - 1]));
    await scheduler.schedule('quarantine#a', IN_FIVE);
    clock.pass(5 * MINUTE);
    expect(scheduler.takeDue()).toEqual([]);
    await scheduler.schedule('quarantine#a', at('2026-01-15T13:00:00.000Z'));
    expect(scheduler.nextAt()).toBe(at('2026-01-15T12:07:00.000Z'));
    clock.pass(2 * MINUTE);
    expect(scheduler.takeDue()).toEqual([A]);
    expect(scheduler.nextAt()).toBe(at('2026-01-15T13:00:00.000Z'));
  });

  it('may wake up twice', async () => {
    const { clock, scheduler } = aScheduler(scriptedFaults({ 'scheduler.fire': ['doubled'] }, [MINUTE - 1]));
    await scheduler.schedule('quarantine#a', IN_FIVE);
    clock.pass(5 * MINUTE);
    expect(scheduler.takeDue()).toEqual([A]);
    clock.pass(MINUTE);
    expect(scheduler.takeDue()).toEqual([A]);
    expect(scheduler.nextAt()).toBeNull();
  });
});
