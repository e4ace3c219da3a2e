import { IamDirectory } from '../../src/adapters/memory/iam-directory.ts';
import { MemoryIam } from '../../src/adapters/memory/memory-iam.ts';
import { MemoryMessenger } from '../../src/adapters/memory/memory-messenger.ts';
import { MemoryQueue } from '../../src/adapters/memory/memory-queue.ts';
import { MemoryScheduler } from '../../src/adapters/memory/memory-scheduler.ts';
import { MemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { memoryWakeUpSender } from '../../src/adapters/memory/memory-wake-up-sender.ts';
import type { WakeUp } from '../../src/app/ports.ts';
import { at } from '../support/builders.ts';
import { describeExpirySchedulerContract } from './expiry-scheduler-contract.ts';
import { describeIamContract } from './iam-contract.ts';
import { describeMessengerContract } from './messenger-contract.ts';
import { describeStoreContract } from './store-contract.ts';
import { describeWakeUpSenderContract } from './wake-up-sender-contract.ts';

const now = () => at('2026-01-15T11:00:00.000Z');

describeStoreContract('memory', async () => new MemoryStore({ now }));

describeIamContract('memory', async () => {
  const directory = new IamDirectory({ now });
  const nameOf = (policyArn: string): string => policyArn.split('/').at(-1) ?? '';
  return {
    iam: new MemoryIam({ now, directory, engineAccountId: '111122223333' }),
    accountId: '111122223333',
    createPrincipal: async (arn) => expect(directory.createPrincipal(arn)).toBe(true),
    deletePrincipal: async (arn) => expect(directory.deletePrincipal(arn)).toBe(true),
    createPolicy: async (arn, document) => expect(directory.createPolicy(arn, document)).toBe(true),
    addDefaultVersion: async (arn) => expect(directory.addPolicyVersion(arn, true)).toBe(true),
    attachByHand: async (principalArn, policyArn) => expect(directory.humanAttach(principalArn, nameOf(policyArn))).toBe(true),
  };
});

describeExpirySchedulerContract('memory', async () => {
  const scheduler = new MemoryScheduler({ now });
  return { scheduler, now, scheduledAt: async (key) => scheduler.scheduled().get(key) ?? null };
});

describeMessengerContract('memory', async () => {
  const messenger = new MemoryMessenger({ now });
  const arrived = async () => messenger.told().map(({ channel, noticeKey, wanted }) => ({ channel, noticeKey, wanted }));
  return { messenger, arrived };
});

describeWakeUpSenderContract('memory', async () => {
  const queues = { enforce: new MemoryQueue<WakeUp>({ now, visibilityMs: 60_000 }), notify: new MemoryQueue<WakeUp>({ now, visibilityMs: 60_000 }) };
  const receive = async (queue: MemoryQueue<WakeUp>) => (await queue.receive()).map(({ body }) => body);
  return { sender: memoryWakeUpSender(queues), receiveToEnforce: () => receive(queues.enforce), receiveToNotify: () => receive(queues.notify) };
});
