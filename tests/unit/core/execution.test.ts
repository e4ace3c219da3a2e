import { type Execution, executionDueAt } from '../../../src/core/execution.ts';
import { anExecution, aRequest, later, ORDER, START } from '../../support/machine-builders.ts';

describe('executionDueAt', () => {
  it.each(['planned', 'rejected', 'expired', 'merged', 'failed', 'released'] as const)('is never where it is at rest: %s', (status) => {
    expect(executionDueAt(anExecution(status))).toBeNull();
  });

  it('is when people are to be reminded, and then when the request ends', () => {
    expect(executionDueAt({ ...anExecution('awaiting_approval'), request: aRequest() })).toBe(later(30));
    expect(executionDueAt({ ...anExecution('awaiting_approval'), request: aRequest({ remindAt: null }) })).toBe(later(60));
  });

  it('is since it was ordered, or let go, until it has settled', () => {
    expect(executionDueAt(anExecution('executing'))).toBe(START);
    expect(executionDueAt(anExecution('releasing'))).toBe(later(20));
  });

  const executed = anExecution('executed');
  it.each<[string, Execution, ReturnType<typeof later> | null]>([
    ['a quarter of an hour before its end', executed, later(165)],
    ['at its end, once people were told', { ...executed, endIsNear: true }, later(180)],
    ['never, where it has no end', { ...executed, order: { ...ORDER, expiresAt: null } }, null],
  ])('of a hold is %s', (_, execution, dueAt) => {
    expect(executionDueAt(execution)).toBe(dueAt);
  });
});
