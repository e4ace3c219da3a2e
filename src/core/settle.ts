import type { Execution, ExecutionIn, Release, TargetRefusal } from './execution.ts';
import type { Instant } from './instant.ts';
import { liveHolders, type Quarantine } from './quarantine.ts';
import type { Transition } from './transition.ts';

/** What an execution learns of one of its targets from the quarantine. */
export type TargetState =
  | { readonly kind: 'pending' | 'held' | 'letting_go' | 'free'; readonly arn: string }
  | { readonly kind: 'refused'; readonly arn: string; readonly why: TargetRefusal['why'] };

type Ordered = ExecutionIn<'executing' | 'executed' | 'releasing'>;

/** How a target stands for one execution. `free` also where others still hold it: this execution doesn't. */
export function targetState(quarantine: Quarantine, executionId: string, now: Instant): TargetState {
  const { principal, phase } = quarantine;
  const { arn } = principal;
  const live = liveHolders(quarantine, now);
  if (live.some((holder) => holder.executionId === executionId)) {
    const held = phase === 'attached' || (phase === 'attaching' && quarantine.answer === 'ok');
    return { kind: held ? 'held' : 'pending', arn };
  }
  const refusal = quarantine.refusals.find((refused) => refused.executionId === executionId);
  if (refusal !== undefined) return { kind: 'refused', arn, why: refusal.why };
  const free = live.length > 0 || phase === 'absent' || (phase === 'detaching' && quarantine.answer === 'ok');
  return { kind: free ? 'free' : 'letting_go', arn };
}

/**
 * What an execution becomes, by what its quarantines say: held, failed, being released or released. Null where there is nothing new.
 * It only takes note; what is done to principals is decided by the quarantines alone.
 */
export function settle(execution: Ordered, targets: readonly TargetState[], now: Instant): Transition<Execution> | null {
  const any = (kind: TargetState['kind']): boolean => targets.some((target) => target.kind === kind);
  if (execution.status === 'executing') {
    if (any('pending')) return null;
    if (any('held')) return becomes(execution, executed(execution, targets, now), 'execution.held', targets);
    if (targets.every(({ kind }) => kind === 'refused')) return becomes(execution, failed(execution, targets, now), 'execution.failed', targets);
    return ended(execution, targets, any('letting_go'), now);
  }
  if (any('held') || any('pending')) return null;
  if (execution.status === 'executed') return ended(execution, targets, any('letting_go'), now);
  return any('letting_go') ? null : ended(execution, targets, false, now);
}

function executed(execution: ExecutionIn<'executing'>, targets: readonly TargetState[], now: Instant): Execution {
  return { ...execution, status: 'executed', heldAt: now, refusals: refusalsOf(targets), endIsNear: false };
}

function failed(execution: ExecutionIn<'executing'>, targets: readonly TargetState[], now: Instant): Execution {
  return { ...execution, status: 'failed', refusals: refusalsOf(targets), endedAt: now };
}

function ended(execution: Ordered, targets: readonly TargetState[], lettingGo: boolean, now: Instant): Transition<Execution> {
  const release: Release = execution.status === 'releasing' ? execution.release : { kind: 'ttl', by: 'system', why: null, releasedAt: now };
  const heldAt = execution.status === 'executing' ? null : execution.heldAt;
  const { refusals: _refusals, endIsNear: _endIsNear, release: _release, ...facts } = { refusals: null, endIsNear: null, release: null, ...execution };
  if (!lettingGo) return becomes(execution, { ...facts, status: 'released', heldAt, release, endedAt: now }, 'execution.released', targets);
  return becomes(execution, { ...facts, status: 'releasing', heldAt, release }, 'execution.releasing', targets);
}

function refusalsOf(targets: readonly TargetState[]): readonly TargetRefusal[] {
  return targets.flatMap((target) => (target.kind === 'refused' ? [{ arn: target.arn, why: target.why }] : []));
}

function becomes(before: Ordered, state: Execution, action: string, targets: readonly TargetState[]): Transition<Execution> {
  const details = targets.map((target) => ({ arn: target.arn, state: target.kind, why: target.kind === 'refused' ? target.why : null }));
  return { state, entry: { action, actor: 'system', details: { from: before.status, to: state.status, plan_hash: before.plan.planHash, targets: details } } };
}
