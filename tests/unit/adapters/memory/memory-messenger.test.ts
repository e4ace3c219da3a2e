import type { FaultSource } from '../../../../src/adapters/memory/fault-source.ts';
import { MemoryMessenger } from '../../../../src/adapters/memory/memory-messenger.ts';
import { OutsideError } from '../../../../src/app/ports.ts';
import { scriptedFaults } from '../../../support/scripted-faults.ts';
import { testClock } from '../../../support/test-clock.ts';

const telling = (wanted: number, noticeKey = 'notice#1') => ({ channel: 'C0PLATFORM', noticeKey, wanted });

function aMessenger(faults?: FaultSource) {
  return new MemoryMessenger({ now: testClock().now, ...(faults === undefined ? {} : { faults }) });
}

describe('the memory messenger', () => {
  it('marks what is older than what was told of the same notice before', async () => {
    const messenger = aMessenger();
    for (const told of [telling(2), telling(1, 'notice#2'), telling(2), telling(1), telling(3)]) await messenger.tell(told);
    expect(messenger.told().map(({ isOutdated }) => isOutdated)).toEqual([false, false, false, true, false]);
    expect([messenger.highestTold('notice#1'), messenger.highestTold('notice#2'), messenger.highestTold('notice#3')]).toEqual([3, 1, 0]);
    expect(messenger.told()[0]).toEqual({ ...telling(2), at: '2026-01-15T12:00:00.000Z', isOutdated: false });
  });

  it('does not forget the highest for something older', async () => {
    const messenger = aMessenger();
    for (const told of [telling(5), telling(1), telling(4)]) await messenger.tell(told);
    expect(messenger.told().map(({ isOutdated }) => isOutdated)).toEqual([false, true, true]);
  });

  it('tells nobody where it fails before or is throttled, and somebody where it fails after', async () => {
    const messenger = aMessenger(scriptedFaults({ 'messenger.tell': ['fails_before', 'throttled', 'fails_after'] }));
    for (const arrived of [0, 0, 1]) {
      await expect(messenger.tell(telling(1))).rejects.toThrow(OutsideError);
      expect(messenger.told()).toHaveLength(arrived);
    }
  });
});
