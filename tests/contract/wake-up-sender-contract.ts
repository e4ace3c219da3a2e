import type { WakeUp, WakeUpSender } from '../../src/app/ports.ts';
import { eventually } from '../support/eventually.ts';

/** A sender whose queues are empty, and the two ends to which wake-ups go. What was received isn't given twice. */
export interface SenderUnderTest {
  readonly sender: WakeUpSender;
  readonly receiveToEnforce: () => Promise<readonly WakeUp[]>;
  readonly receiveToNotify: () => Promise<readonly WakeUp[]>;
}

/** What every sender of wake-ups promises. */
export function describeWakeUpSenderContract(name: string, makeSender: () => Promise<SenderUnderTest>): void {
  describe(`${name} as a sender of wake-ups`, () => {
    it('sends what concerns IAM to enforce, and a channel to notify', async () => {
      const { sender, receiveToEnforce, receiveToNotify } = await makeSender();
      const quarantine: WakeUp = { kind: 'quarantine', key: 'quarantine#1' };
      const execution: WakeUp = { kind: 'execution', key: 'execution#1' };
      const channel: WakeUp = { kind: 'channel', channel: 'C0PLATFORM' };
      await sender.send([quarantine, channel, execution]);
      await expectAll(receiveToEnforce, [quarantine, execution]);
      await expectAll(receiveToNotify, [channel]);
    });

    it('sends more than one request of SQS takes, and nothing where there is nothing', async () => {
      const { sender, receiveToEnforce, receiveToNotify } = await makeSender();
      const wakeUps: readonly WakeUp[] = Array.from({ length: 23 }, (_, index) => ({ kind: 'quarantine', key: `quarantine#${index}` }));
      await sender.send([]);
      await sender.send(wakeUps);
      await expectAll(receiveToEnforce, wakeUps);
      expect(await receiveToNotify()).toEqual([]);
    });
  });
}

async function expectAll(receive: () => Promise<readonly WakeUp[]>, expected: readonly WakeUp[]): Promise<void> {
  const received: WakeUp[] = [];
  await eventually(async () => {
    received.push(...(await receive()));
    expect(new Set(received.map((wakeUp) => JSON.stringify(wakeUp)))).toEqual(new Set(expected.map((wakeUp) => JSON.stringify(wakeUp))));
  });
}
