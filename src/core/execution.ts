import type { Actor } from './audit-record.ts';
import { addMinutes, type Instant } from './instant.ts';
import type { Plan } from './plan.ts';
import type { ApprovalRule, Mode } from './policy.ts';
import type { ExcludedPrincipal } from './policy-index.ts';
import type { RefusalCode } from './quarantine.ts';
import type { Reason } from './reason.ts';

/** What stays true of an execution from its first day: what was decided, about what, by which policy. */
export interface ExecutionFacts {
  readonly executionId: string;
  readonly policyId: string;
  readonly eventId: string;
  readonly incidentId: string;
  /** 1 is the engine's own; each `Ask now` or `Ask again` makes the next. */
  readonly attempt: number;
  /** Of the policy set that decided. */
  readonly revision: string;
  readonly mode: Mode;
  readonly outcome: Mode;
  readonly reasons: readonly Reason[];
  readonly excluded: readonly ExcludedPrincipal[];
  readonly createdAt: Instant;
  /** Where people are told. */
  readonly channel: string;
}

/** One person's yes. */
export interface Approval {
  readonly by: Actor;
  readonly approvedAt: Instant;
}

/** A request that waits for people. */
export interface Request {
  readonly rule: ApprovalRule;
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
  /** The mentions are repeated at half time; null once they were. */
  readonly remindAt: Instant | null;
  readonly approvals: readonly Approval[];
}

/** The order to hold: who gave it, and until when. */
export interface Order {
  readonly orderedAt: Instant;
  /** Null: until released by hand. */
  readonly expiresAt: Instant | null;
  /** Empty where the policy is `auto`. */
  readonly approvals: readonly Approval[];
}

/** Why a hold ends. */
export interface Release {
  readonly kind: 'ttl' | 'by_hand';
  readonly by: Actor;
  readonly why: string | null;
  readonly releasedAt: Instant;
}

/** Why a principal was not held. */
export interface TargetRefusal {
  readonly arn: string;
  readonly why: RefusalCode;
}

interface WithOrder {
  readonly plan: Plan;
  readonly order: Order;
}

/** One policy's response to one event, from plan to release. Each status carries what is true then, and nothing else. */
export type Execution = ExecutionFacts &
  (
    | { readonly status: 'planned'; readonly plan: Plan | null }
    | { readonly status: 'awaiting_approval'; readonly plan: Plan; readonly request: Request }
    | { readonly status: 'rejected'; readonly plan: Plan; readonly rejectedBy: Actor; readonly why: string | null; readonly endedAt: Instant }
    | { readonly status: 'expired'; readonly plan: Plan; readonly endedAt: Instant }
    | { readonly status: 'merged'; readonly plan: Plan | null; readonly into: string; readonly endedAt: Instant }
    | ({ readonly status: 'executing' } & WithOrder)
    | ({ readonly status: 'executed'; readonly heldAt: Instant; readonly refusals: readonly TargetRefusal[]; readonly endIsNear: boolean } & WithOrder)
    | ({ readonly status: 'failed'; readonly refusals: readonly TargetRefusal[]; readonly endedAt: Instant } & WithOrder)
    | ({ readonly status: 'releasing'; readonly heldAt: Instant | null; readonly release: Release } & WithOrder)
    | ({ readonly status: 'released'; readonly heldAt: Instant | null; readonly release: Release; readonly endedAt: Instant } & WithOrder)
  );

export type ExecutionStatus = Execution['status'];

/** An execution in that status. */
export type ExecutionIn<Status extends ExecutionStatus> = Extract<Execution, { readonly status: Status }>;

/** People are told so long before a hold ends, in minutes. */
export const END_IS_NEAR_MINUTES = 15;

/** When somebody must look at the execution again; null where it is at rest. */
export function executionDueAt(execution: Execution): Instant | null {
  switch (execution.status) {
    case 'awaiting_approval': {
      const { remindAt, expiresAt } = execution.request;
      return remindAt ?? expiresAt;
    }
    case 'executing':
      return execution.order.orderedAt;
    case 'executed': {
      const { expiresAt } = execution.order;
      return expiresAt === null || execution.endIsNear ? expiresAt : addMinutes(expiresAt, -END_IS_NEAR_MINUTES);
    }
    case 'releasing':
      return execution.release.releasedAt;
    default:
      return null;
  }
}
