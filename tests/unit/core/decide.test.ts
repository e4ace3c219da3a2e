import { executionId } from '../../../src/core/decide.ts';

describe('executionId', () => {
  it('is the same for the same answer, and another for another policy, event or attempt', () => {
    const ids = [executionId('a', 'evt-1', 1), executionId('b', 'evt-1', 1), executionId('a', 'evt-2', 1), executionId('a', 'evt-1', 2)];
    expect(new Set(ids).size).toBe(4);
    expect(executionId('a', 'evt-1', 1)).toBe(ids[0]);
  });
});
