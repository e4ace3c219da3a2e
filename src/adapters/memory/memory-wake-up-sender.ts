import { OutsideError, type WakeUp, type WakeUpSender } from '../../app/ports.ts';
import type { MemoryQueue } from './memory-queue.ts';

/** Where wake-ups go: what concerns IAM to `enforce`, a channel that has something to be told to `notify`. */
export interface WakeUpQueues {
  readonly enforce: MemoryQueue<WakeUp>;
  readonly notify: MemoryQueue<WakeUp>;
}

/** Sends each wake-up to its queue. One that fails stops no other; it throws `OutsideError` after the last. */
export function memoryWakeUpSender(queues: WakeUpQueues): WakeUpSender {
  return {
    send: async (wakeUps) => {
      const failed: string[] = [];
      for (const wakeUp of wakeUps) {
        try {
          await (wakeUp.kind === 'channel' ? queues.notify : queues.enforce).send(wakeUp);
        } catch (error) {
          if (!(error instanceof OutsideError)) throw error;
          failed.push(error.message);
        }
      }
      if (failed.length > 0) throw new OutsideError(`${failed.length} of ${wakeUps.length} wake-ups may not have been sent: ${failed.join(' ')}`);
    },
  };
}
