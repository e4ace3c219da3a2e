import { type Answer, type AnswerResult, advanceRequest, answerRequest, orderAt } from '../../../src/core/approval.ts';
import type { Execution, ExecutionIn, Request } from '../../../src/core/execution.ts';
import { anExecution, aRequest, later, PLAN, START } from '../../support/machine-builders.ts';

const yes: Answer = { verb: 'approve', by: 'slack:U0ALICE', mayAnswer: true, planHash: 'plan-1', why: null };
const no: Answer = { ...yes, verb: 'reject', by: 'slack:U0BOB', why: 'a load test' };
const both = { approvers: ['U0ALICE', 'U0BOB'], minApprovals: 2, expiresMinutes: 60 };

function waiting(request: Partial<Request> = {}): ExecutionIn<'awaiting_approval'> {
  return { ...anExecution('awaiting_approval'), request: aRequest(request) };
}

function transitionOf<Kind extends AnswerResult['kind']>(result: AnswerResult, kind: Kind): { readonly state: Execution; readonly entry: unknown } {
  if (result.kind !== kind || result.kind === 'refused') throw new Error(`it is not ${kind}: ${JSON.stringify(result)}`);
  return result.transition;
}

describe('answerRequest', () => {
  it('orders the hold with the last approval that is needed, from then on, on record', () => {
    const { state, entry } = transitionOf(answerRequest(waiting(), yes, later(10), 'normal'), 'approved');
    const order = { orderedAt: later(10), expiresAt: later(190), approvals: [{ by: 'slack:U0ALICE', approvedAt: later(10) }] };
    expect(state).toEqual({ ...anExecution('executing'), order });
    expect(state).not.toHaveProperty('request');
    expect(entry).toEqual({
      action: 'execution.approved',
      actor: 'slack:U0ALICE',
      details: { plan_hash: 'plan-1', approvals: [{ by: 'slack:U0ALICE', approved_at: later(10) }], expires_at: later(190) },
    });
  });

  it('records an approval while more are needed, and takes the next one from somebody else', () => {
    const first = transitionOf(answerRequest(waiting({ rule: both }), yes, later(10), 'normal'), 'recorded');
    expect(first.state).toEqual(waiting({ rule: both, approvals: [{ by: 'slack:U0ALICE', approvedAt: later(10) }] }));
    expect(first.entry).toEqual({ action: 'execution.approval_recorded', actor: 'slack:U0ALICE', details: { plan_hash: 'plan-1', approvals: 1, needed: 2 } });
    const last = transitionOf(answerRequest(first.state, { ...yes, by: 'slack:U0BOB' }, later(20), 'normal'), 'approved');
    expect(last.state).toMatchObject({ status: 'executing', order: { orderedAt: later(20), approvals: [{ by: 'slack:U0ALICE' }, { by: 'slack:U0BOB' }] } });
  });

  it('rejects with one no, whoever said yes before, on record', () => {
    const request = { rule: both, approvals: [{ by: 'slack:U0ALICE', approvedAt: later(1) }] } as const;
    for (const by of ['slack:U0BOB', 'slack:U0ALICE'] as const) {
      const { state, entry } = transitionOf(answerRequest(waiting(request), { ...no, by }, later(10), 'normal'), 'rejected');
      expect(state).toEqual({ ...anExecution('rejected'), rejectedBy: by, why: 'a load test', endedAt: later(10) });
      expect(state).not.toHaveProperty('request');
      expect(entry).toEqual({ action: 'execution.rejected', actor: by, details: { plan_hash: 'plan-1', why: 'a load test' } });
    }
  });

  it.each<[string, ExecutionIn<'awaiting_approval'>, Answer, string]>([
    ['by somebody who may not', waiting(), { ...yes, mayAnswer: false }, 'not_an_approver'],
    ['to reject by somebody who may not', waiting(), { ...no, mayAnswer: false }, 'not_an_approver'],
    ['to another plan', waiting(), { ...yes, planHash: 'plan-0' }, 'other_plan'],
    ['to reject another plan', waiting(), { ...no, planHash: 'plan-0' }, 'other_plan'],
    ['by a person who approved before', waiting({ rule: both, approvals: [{ by: yes.by, approvedAt: START }] }), yes, 'already_approved'],
  ])('refuses an answer %s', (_, execution, answer, why) => {
    expect(answerRequest(execution, answer, later(10), 'normal')).toEqual({ kind: 'refused', why });
  });

  it('refuses an answer from the very moment at which the request ends', () => {
    expect(answerRequest(waiting(), yes, later(59.999), 'normal').kind).toBe('approved');
    for (const answer of [yes, no]) expect(answerRequest(waiting(), answer, later(60), 'normal')).toEqual({ kind: 'refused', why: 'expired' });
  });

  it('refuses an approval while the engine is paused, and takes a rejection', () => {
    expect(answerRequest(waiting(), yes, later(10), 'paused')).toEqual({ kind: 'refused', why: 'paused' });
    expect(answerRequest(waiting(), no, later(10), 'paused').kind).toBe('rejected');
  });

  it('tells a stranger nothing of how the request stands', () => {
    expect(answerRequest(waiting(), { ...yes, mayAnswer: false, planHash: 'plan-0' }, later(99), 'paused')).toEqual({
      kind: 'refused',
      why: 'not_an_approver',
    });
  });

  it.each(['planned', 'rejected', 'expired', 'merged', 'executing', 'executed', 'failed', 'releasing', 'released'] as const)(
    'changes nothing where nobody is asked, or no more: %s',
    (status) => {
      for (const answer of [yes, no]) expect(answerRequest(anExecution(status), answer, later(10), 'normal')).toEqual({ kind: 'refused', why: 'not_waiting' });
    },
  );
});

describe('advanceRequest', () => {
  it('ends a request at its end, reminded or not, on record', () => {
    for (const remindAt of [null, later(30)]) {
      const transition = advanceRequest(waiting({ remindAt }), later(60));
      expect(transition?.state).toEqual(anExecution('expired'));
      expect(transition?.state).not.toHaveProperty('request');
      expect(transition?.entry).toEqual({ action: 'execution.expired', actor: 'system', details: { plan_hash: 'plan-1', approvals: 0, needed: 1 } });
    }
  });

  it('repeats the mentions at half time, once', () => {
    const transition = advanceRequest(waiting(), later(30));
    expect(transition?.state).toEqual(waiting({ remindAt: null }));
    expect(transition?.entry).toEqual({ action: 'execution.reminded', actor: 'system', details: { plan_hash: 'plan-1', approvals: 0, needed: 1 } });
    expect(advanceRequest(waiting({ remindAt: null }), later(59.999))).toBeNull();
  });

  it('is quiet before half time', () => {
    expect(advanceRequest(waiting(), later(29.999))).toBeNull();
  });
});

describe('orderAt', () => {
  it('ends a TTL from now, or never', () => {
    expect(orderAt(later(5), PLAN.ttlMinutes, [])).toEqual({ orderedAt: later(5), expiresAt: later(185), approvals: [] });
    expect(orderAt(later(5), 0, [])).toEqual({ orderedAt: later(5), expiresAt: null, approvals: [] });
  });
});
