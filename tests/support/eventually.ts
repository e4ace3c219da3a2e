import { setTimeout } from 'node:timers/promises';

/** Repeats an assertion until it holds: for what is consistent in the end. After five seconds its last failure is thrown. */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
  for (let tries = 50; tries > 1; tries -= 1) {
    try {
      return await assertion();
    } catch {
      await setTimeout(100);
    }
  }
  await assertion();
}
