import type { Actor } from './audit-record.ts';
import type { Approval, Execution, ExecutionIn, Order } from './execution.ts';
import { addMinutes, type Instant } from './instant.ts';
import type { KillSwitch } from './lower-mode.ts';
import type { Transition } from './transition.ts';

/** One person's answer to a request, bound to the very plan that the person saw. */
export interface Answer {
  readonly verb: 'approve' | 'reject';
  readonly by: Actor;
  /** Whether the rule names this person, directly or by a group. Found out by whoever received the answer. */
  readonly mayAnswer: boolean;
  readonly planHash: string;
  readonly why: string | null;
}

/** Why an answer changes nothing. The person is told. */
export type AnswerRefusal = 'not_waiting' | 'expired' | 'other_plan' | 'not_an_approver' | 'already_approved' | 'paused';

/** What an answer leads to. */
export type AnswerResult =
  | { readonly kind: 'refused'; readonly why: AnswerRefusal }
  /** More approvals are needed. */
  | { readonly kind: 'recorded'; readonly transition: Transition<Execution> }
  | { readonly kind: 'rejected'; readonly transition: Transition<Execution> }
  /** The last one that was needed: the holds are ordered in the same commit. */
  | { readonly kind: 'approved'; readonly transition: Transition<ExecutionIn<'executing'>> };

/** Takes one answer to a request. Late, foreign, doubled and unauthorised answers change nothing; so does an approval while the engine is paused. */
export function answerRequest(execution: Execution, answer: Answer, now: Instant, killSwitch: KillSwitch): AnswerResult {
  if (execution.status !== 'awaiting_approval') return { kind: 'refused', why: 'not_waiting' };
  const { request, plan } = execution;
  if (!answer.mayAnswer) return { kind: 'refused', why: 'not_an_approver' };
  if (answer.planHash !== plan.planHash) return { kind: 'refused', why: 'other_plan' };
  if (now >= request.expiresAt) return { kind: 'refused', why: 'expired' };
  if (answer.verb === 'reject') return { kind: 'rejected', transition: rejection(execution, answer, now) };
  if (request.approvals.some(({ by }) => by === answer.by)) return { kind: 'refused', why: 'already_approved' };
  if (killSwitch === 'paused') return { kind: 'refused', why: 'paused' };
  const approvals = [...request.approvals, { by: answer.by, approvedAt: now }];
  if (approvals.length >= request.rule.minApprovals) return { kind: 'approved', transition: approval(execution, approvals, answer.by, now) };
  const state = { ...execution, request: { ...request, approvals } };
  const details = { plan_hash: plan.planHash, approvals: approvals.length, needed: request.rule.minApprovals };
  return { kind: 'recorded', transition: { state, entry: { action: 'execution.approval_recorded', actor: answer.by, details } } };
}

/** Ends a request that nobody answered in time, or repeats its mentions at half time. Null where it is for neither. */
export function advanceRequest(execution: ExecutionIn<'awaiting_approval'>, now: Instant): Transition<Execution> | null {
  const { request, plan } = execution;
  const details = { plan_hash: plan.planHash, approvals: request.approvals.length, needed: request.rule.minApprovals };
  if (now >= request.expiresAt) {
    const { request: _request, ...facts } = execution;
    return { state: { ...facts, status: 'expired', endedAt: now }, entry: { action: 'execution.expired', actor: 'system', details } };
  }
  if (request.remindAt === null || now < request.remindAt) return null;
  return { state: { ...execution, request: { ...request, remindAt: null } }, entry: { action: 'execution.reminded', actor: 'system', details } };
}

/** The end of a hold that is ordered now. */
export function orderAt(now: Instant, ttlMinutes: number, approvals: readonly Approval[]): Order {
  return { orderedAt: now, expiresAt: ttlMinutes === 0 ? null : addMinutes(now, ttlMinutes), approvals };
}

function rejection(execution: ExecutionIn<'awaiting_approval'>, answer: Answer, now: Instant): Transition<Execution> {
  const { request: _request, ...facts } = execution;
  const state = { ...facts, status: 'rejected', rejectedBy: answer.by, why: answer.why, endedAt: now } as const;
  return { state, entry: { action: 'execution.rejected', actor: answer.by, details: { plan_hash: execution.plan.planHash, why: answer.why } } };
}

function approval(execution: ExecutionIn<'awaiting_approval'>, approvals: readonly Approval[], by: Actor, now: Instant): Transition<ExecutionIn<'executing'>> {
  const { request: _request, ...facts } = execution;
  const state = { ...facts, status: 'executing', order: orderAt(now, execution.plan.ttlMinutes, approvals) } as const;
  const details = {
    plan_hash: execution.plan.planHash,
    approvals: approvals.map((one) => ({ by: one.by, approved_at: one.approvedAt })),
    expires_at: state.order.expiresAt,
  };
  return { state, entry: { action: 'execution.approved', actor: by, details } };
}
