import type { FaultSource } from '../../../../src/adapters/memory/fault-source.ts';
import { MemoryQueue, type MemoryQueueOptions } from '../../../../src/adapters/memory/memory-queue.ts';
import { OutsideError } from '../../../../src/app/ports.ts';
import { at } from '../../../support/builders.ts';
import { scriptedFaults } from '../../../support/scripted-faults.ts';
import { type TestClock, testClock } from '../../../support/test-clock.ts';

const HIDDEN_MS = 30_000;

async function aQueue(
  bodies: readonly string[],
  faults?: FaultSource,
  options: Partial<MemoryQueueOptions<string>> = {},
): Promise<{ readonly clock: TestClock; readonly queue: MemoryQueue<string> }> {
  const clock = testClock();
  const queue = new MemoryQueue<string>({ now: clock.now, visibilityMs: HIDDEN_MS, ...(faults === undefined ? {} : { faults }), ...options });
  for (const body of bodies) await queue.send(body);
  return { clock, queue };
}

const received = async (queue: MemoryQueue<string>, max?: number) => (await queue.receive(max)).map(({ body }) => body);

describe('the memory queue', () => {
  it('gives what was sent, in order, at most ten at a time', async () => {
    const bodies = Array.from({ length: 12 }, (_, index) => `m${index}`);
    const { queue } = await aQueue(bodies);
    expect(await received(queue, 3)).toEqual(bodies.slice(0, 3));
    expect(await received(queue, 99)).toEqual(bodies.slice(3));
    expect(await received(queue)).toEqual([]);
    const many = await aQueue(bodies);
    expect(await received(many.queue, 99)).toEqual(bodies.slice(0, 10));
  });

  it('hides what was received until its time-out, then gives it again with a new receipt', async () => {
    const { clock, queue } = await aQueue(['a']);
    const [first] = await queue.receive();
    clock.pass(HIDDEN_MS - 1);
    expect(await queue.receive()).toEqual([]);
    clock.pass(1);
    const [second] = await queue.receive();
    expect(first).toMatchObject({ receives: 1, sentAt: at('2026-01-15T12:00:00.000Z') });
    expect(second).toMatchObject({ messageId: first?.messageId, body: 'a', receives: 2, sentAt: first?.sentAt });
    await queue.delete(first?.receipt ?? '');
    expect(queue.bodies()).toEqual(['a']);
    await queue.delete(second?.receipt ?? '');
    expect(queue.bodies()).toEqual([]);
  });

  it('keeps a message back for as long as its sender wants', async () => {
    const { clock, queue } = await aQueue([]);
    await queue.send('later', 5000);
    clock.pass(4999);
    expect(await received(queue)).toEqual([]);
    clock.pass(1);
    expect(await received(queue)).toEqual(['later']);
  });

  it('moves to the dead letters what was received so often, when it would be received once more', async () => {
    const clock = testClock();
    const deadLetters = new MemoryQueue<string>({ now: clock.now, visibilityMs: HIDDEN_MS });
    const queue = new MemoryQueue<string>({ now: clock.now, visibilityMs: HIDDEN_MS, redrive: { maxReceives: 2, deadLetters } });
    await queue.send('poison');
    for (let receive = 1; receive <= 2; receive += 1) {
      expect(await received(queue)).toEqual(['poison']);
      expect(deadLetters.bodies()).toEqual([]);
      clock.pass(HIDDEN_MS);
    }
    expect(await received(queue)).toEqual([]);
    expect(queue.bodies()).toEqual([]);
    expect(await deadLetters.receive()).toMatchObject([{ body: 'poison', receives: 1, sentAt: at('2026-01-15T12:00:00.000Z') }]);
  });

  it('drops what is older than its retention', async () => {
    const { clock, queue } = await aQueue(['old'], undefined, { retentionMs: 60_000 });
    clock.pass(59_999);
    expect(queue.bodies()).toEqual(['old']);
    clock.pass(1);
    expect(queue.nextAt()).toBeNull();
    expect(queue.bodies()).toEqual([]);
    expect(await received(queue)).toEqual([]);
  });

  it('shows no more what it would drop', async () => {
    const { clock, queue } = await aQueue(['old'], undefined, { retentionMs: 60_000 });
    clock.pass(60_000);
    expect(queue.bodies()).toEqual([]);
  });

  it('says when its next message can be received', async () => {
    const { clock, queue } = await aQueue([]);
    expect(queue.nextAt()).toBeNull();
    await queue.send('later', 5000);
    await queue.send('now');
    expect(queue.nextAt()).toBe(clock.now());
    await queue.receive();
    expect(queue.nextAt()).toBe(at('2026-01-15T12:00:05.000Z'));
  });

  it('freezes what it holds', async () => {
    const queue = new MemoryQueue<{ key: string }>({ now: testClock().now, visibilityMs: HIDDEN_MS });
    const body = { key: 'a' };
    await queue.send(body);
    expect(() => Object.assign(body, { key: 'b' })).toThrow(TypeError);
  });
});

describe('the memory queue, when something goes wrong', () => {
  it('may lose the sending, or only its answer', async () => {
    const { queue } = await aQueue([], scriptedFaults({ 'queue.send': ['fails_before', 'fails_after'] }));
    await expect(queue.send('a')).rejects.toThrow(OutsideError);
    expect(queue.bodies()).toEqual([]);
    await expect(queue.send('b')).rejects.toThrow(OutsideError);
    expect(queue.bodies()).toEqual(['b']);
  });

  it('may bring a message late, and twice', async () => {
    const { clock, queue } = await aQueue(['late', 'twice'], scriptedFaults({ 'queue.send': ['delayed', 'doubled'] }, [7999]), { maxDelayMs: 8000 });
    expect(await received(queue)).toEqual(['twice', 'twice']);
    clock.pass(7999);
    expect(await received(queue)).toEqual([]);
    clock.pass(1);
    expect(await received(queue)).toEqual(['late']);
  });

  it('may give messages in any order', async () => {
    const { queue } = await aQueue(['a', 'b', 'c'], scriptedFaults({ 'queue.receive': ['reordered'] }, [2, 0, 0]));
    expect(await received(queue)).toEqual(['c', 'a', 'b']);
  });

  it('may give a message to two receivers: the first can no longer delete it', async () => {
    const { clock, queue } = await aQueue(['a', 'b'], scriptedFaults({ 'queue.receive': ['doubled'] }, [1]));
    const [, first] = await queue.receive();
    const second = await queue.receive();
    expect(second).toMatchObject([{ body: 'b', receives: 2 }]);
    await queue.delete(first?.receipt ?? '');
    clock.pass(HIDDEN_MS);
    expect(await received(queue)).toEqual(['a', 'b']);
  });

  it('may say that there is nothing', async () => {
    const { queue } = await aQueue(['a'], scriptedFaults({ 'queue.receive': ['lost'] }));
    expect(await received(queue)).toEqual([]);
    expect(await queue.receive()).toMatchObject([{ body: 'a', receives: 1 }]);
  });

  it('may fail before it hides messages, or after', async () => {
    const { clock, queue } = await aQueue(['a'], scriptedFaults({ 'queue.receive': ['fails_before', 'fails_after'] }));
    await expect(queue.receive()).rejects.toThrow(OutsideError);
    await expect(queue.receive()).rejects.toThrow(OutsideError);
    expect(await received(queue)).toEqual([]);
    clock.pass(HIDDEN_MS);
    expect(await queue.receive()).toMatchObject([{ body: 'a', receives: 2 }]);
  });

  it('may not delete, with or without saying so, or delete without saying so', async () => {
    const { queue } = await aQueue(['a'], scriptedFaults({ 'queue.delete': ['fails_before', 'lost', 'fails_after'] }));
    const [message] = await queue.receive();
    const receipt = message?.receipt ?? '';
    await expect(queue.delete(receipt)).rejects.toThrow(OutsideError);
    await queue.delete(receipt);
    expect(queue.bodies()).toEqual(['a']);
    await expect(queue.delete(receipt)).rejects.toThrow(OutsideError);
    expect(queue.bodies()).toEqual([]);
  });
});
