import { type AuditRecord, EMPTY_CHAIN, headOf, linkRecord } from '../../src/core/audit-record.ts';
import type { Execution, ExecutionFacts, ExecutionIn, Order, Release, Request } from '../../src/core/execution.ts';
import { addMinutes, type Instant } from '../../src/core/instant.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Principal } from '../../src/core/principal.ts';
import { emptyQuarantine, type Holder, type Quarantine } from '../../src/core/quarantine.ts';
import { at } from './builders.ts';

/** When everything in these tests begins. */
export const START = at('2026-03-10T12:00:00Z');

/** So many minutes after the start. */
export function later(minutes: number): Instant {
  return addMinutes(START, minutes);
}

export const ROLE: Principal = { type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci-deployer' };
export const USER: Principal = { type: 'iam_user', arn: 'arn:aws:iam::111122223333:user/batch' };
export const DENY_POLICY = 'guardrails-ci-spend-0a1b2c3d';

/** Ordered at the start, for three hours. */
export function aHolder(executionId: string, changes: Partial<Holder> = {}): Holder {
  return { executionId, planHash: 'plan-1', orderedAt: START, expiresAt: later(180), ...changes };
}

export type InPhase<Phase extends Quarantine['phase']> = Extract<Quarantine, { readonly phase: Phase }>;
type Common = Omit<InPhase<'absent'>, 'phase' | 'calledAt'>;

function common(changes: Partial<Common>): Common {
  const { phase: _phase, ...empty } = emptyQuarantine(ROLE, DENY_POLICY, 'document-1');
  return { ...empty, dueAt: START, ...changes };
}

/** Never called. */
export function anAbsent(changes: Partial<InPhase<'absent'>> = {}): InPhase<'absent'> {
  return { ...common(changes), phase: 'absent', calledAt: null, ...changes };
}

/** Called at the start and answered `ok`. */
export function anAttaching(changes: Partial<InPhase<'attaching'>> = {}): InPhase<'attaching'> {
  return { ...common(changes), phase: 'attaching', calledAt: START, answer: 'ok', failures: 0, deniedSince: null, ...changes };
}

/** Called at the start, confirmed five minutes later, to be looked at a minute after that. */
export function anAttached(changes: Partial<InPhase<'attached'>> = {}): InPhase<'attached'> {
  const seen = { calledAt: START, attachedAt: later(5), nextLookAt: later(6), missingSince: null, driftTold: false };
  return { ...common({ firstAttachedAt: START, ...changes }), phase: 'attached', ...seen, ...changes };
}

/** Called at the start and answered `ok`; nobody wants it. */
export function aDetaching(changes: Partial<InPhase<'detaching'>> = {}): InPhase<'detaching'> {
  return { ...common(changes), phase: 'detaching', calledAt: START, answer: 'ok', failures: 0, deniedSince: null, ...changes };
}

export const PLAN: Plan = {
  policyId: 'ci-spend',
  denyPolicyName: DENY_POLICY,
  documentHash: 'document-1',
  principals: [ROLE, USER],
  ttlMinutes: 180,
  planHash: 'plan-1',
};

const FACTS: ExecutionFacts = {
  executionId: 'exe-1',
  policyId: 'ci-spend',
  eventId: 'evt-1',
  incidentId: 'inc-1',
  attempt: 1,
  revision: 'r-1',
  mode: 'manual',
  outcome: 'manual',
  reasons: [],
  excluded: [],
  createdAt: START,
  channel: 'C0PLATFORM',
};

/** Asked at the start, for an hour. */
export function aRequest(changes: Partial<Request> = {}): Request {
  const rule = { approvers: ['U0ALICE', 'U0BOB'], minApprovals: 1, expiresMinutes: 60 };
  return { rule, askedAt: START, expiresAt: later(60), remindAt: later(30), approvals: [], ...changes };
}

export const ORDER: Order = { orderedAt: START, expiresAt: later(180), approvals: [{ by: 'slack:U0ALICE', approvedAt: START }] };
export const RELEASE: Release = { kind: 'by_hand', by: 'slack:U0BOB', why: 'false alarm', releasedAt: later(20) };

export function anExecution<Status extends Execution['status']>(status: Status): ExecutionIn<Status>;
/** An execution in that status, as everything that led there would have left it. */
export function anExecution(status: Execution['status']): Execution {
  const ordered = { ...FACTS, plan: PLAN, order: ORDER };
  const all: { readonly [Name in Execution['status']]: ExecutionIn<Name> } = {
    planned: { ...FACTS, status: 'planned', plan: PLAN },
    awaiting_approval: { ...FACTS, status: 'awaiting_approval', plan: PLAN, request: aRequest() },
    rejected: { ...FACTS, status: 'rejected', plan: PLAN, rejectedBy: 'slack:U0BOB', why: null, endedAt: later(5) },
    expired: { ...FACTS, status: 'expired', plan: PLAN, endedAt: later(60) },
    merged: { ...FACTS, status: 'merged', plan: PLAN, into: 'exe-0', endedAt: START },
    executing: { ...ordered, status: 'executing' },
    executed: { ...ordered, status: 'executed', heldAt: later(1), refusals: [], endIsNear: false },
    failed: { ...ordered, status: 'failed', refusals: [], endedAt: later(1) },
    releasing: { ...ordered, status: 'releasing', heldAt: later(1), release: RELEASE },
    released: { ...ordered, status: 'released', heldAt: later(1), release: RELEASE, endedAt: later(21) },
  };
  return all[status];
}

/** A chain of so many records, each with something of its own to say. */
export function aChain(length: number, subjectId = 'quarantine#qua-1'): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let index = 0; index < length; index += 1) {
    const last = records.at(-1);
    const entry = { action: 'quarantine.looked', actor: 'system', details: { look: index + 1, listed: true } } as const;
    records.push(linkRecord(last === undefined ? EMPTY_CHAIN : headOf(last), subjectId, entry, later(index)));
  }
  return records;
}
