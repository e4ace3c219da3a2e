import { MemoryQueue } from '../../../../src/adapters/memory/memory-queue.ts';
import { memoryWakeUpSender } from '../../../../src/adapters/memory/memory-wake-up-sender.ts';
import { OutsideError, type WakeUp } from '../../../../src/app/ports.ts';
import { scriptedFaults } from '../../../support/scripted-faults.ts';
import { testClock } from '../../../support/test-clock.ts';

describe('memoryWakeUpSender', () => {
  it('sends the others where one fails, and says afterwards that one did', async () => {
    const { now } = testClock();
    const enforce = new MemoryQueue<WakeUp>({ now, visibilityMs: 1, faults: scriptedFaults({ 'queue.send': ['none', 'fails_before'] }) });
    const notify = new MemoryQueue<WakeUp>({ now, visibilityMs: 1 });
    const wakeUps: readonly WakeUp[] = [
      { kind: 'quarantine', key: 'quarantine#1' },
      { kind: 'quarantine', key: 'quarantine#2' },
      { kind: 'quarantine', key: 'quarantine#3' },
      { kind: 'channel', channel: 'C0PLATFORM' },
    ];
    const failure: unknown = await memoryWakeUpSender({ enforce, notify })
      .send(wakeUps)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OutsideError);
    expect(String(failure)).toContain('1 of 4 wake-ups');
    expect(enforce.bodies()).toEqual([wakeUps[0], wakeUps[2]]);
    expect(notify.bodies()).toEqual([wakeUps[3]]);
  });
});
