import { orderAt } from '../core/approval.ts';
import { EMPTY_BREAKER, withPlacesTaken } from '../core/breaker.ts';
import type { CostEvent } from '../core/cost-event.ts';
import { executionId as idOf, type Met } from '../core/decide.ts';
import { type Execution, type ExecutionFacts, executionDueAt } from '../core/execution.ts';
import { answerIncident, type IncidentAnswer, type IncidentState } from '../core/incident.ts';
import { addMinutes, type Instant } from '../core/instant.ts';
import type { KillSwitch } from '../core/lower-mode.ts';
import type { Policy } from '../core/policy.ts';
import type { PolicyIndex } from '../core/policy-index.ts';
import { afterWakeUp, type Base, type Change, commitChanges } from './commit-changes.ts';
import { extendHolds, orderHolds, quarantineKeys } from './hold-changes.ts';
import { noticeChange } from './notices.ts';
import type { Row, WakeUp } from './ports.ts';
import { BREAKER_KEY, findRows, type IncidentRow, keyOf, readKillSwitch, readRow } from './rows.ts';
import { incidentKeyOf } from './settle-execution.ts';

/** What committing a decision came to. */
export interface Committed {
  readonly executionId: string | null;
  readonly wakeUps: readonly WakeUp[];
}

interface Asked {
  readonly event: CostEvent;
  readonly policy: Policy;
  readonly attempt: number;
  /** Decides again, by the breaker and the switch as they are now: null where the policy is no longer met. */
  readonly decideAgain: (circumstances: { readonly now: Instant; readonly killSwitch: KillSwitch; readonly breaker: typeof EMPTY_BREAKER }) => Met | null;
}

const TRIES = 5;

/**
 * Commits one policy's answer to one event, once: the execution's id comes from both, and its row must not exist yet. Every try
 * decides anew by what is stored now. `auto` takes its places in the breaker in the same commit; who loses too often asks people.
 */
export async function commitDecision(base: Base, policies: PolicyIndex, asked: Asked): Promise<Committed> {
  const executionId = idOf(asked.policy.policyId, asked.event.eventId, asked.attempt);
  for (let tries = 1; tries <= 2 * TRIES; tries += 1) {
    const existing = await readRow(base.store, 'execution', keyOf('execution', executionId));
    if (existing !== null) return { executionId, wakeUps: wakeUpsFor(existing.value) };
    const changes = await changesFor(base, policies, asked, executionId, tries > TRIES);
    if (changes === 'overtaken') continue;
    if (changes === null) return { executionId: null, wakeUps: [] };
    if ((await commitChanges(base, changes)).kind === 'committed') {
      const made = changes.map(({ value }) => value as Execution);
      return { executionId, wakeUps: made.slice(0, 1).flatMap(wakeUpsFor) };
    }
  }
  throw new Error(`${asked.policy.policyId} for ${asked.event.eventId}: ${2 * TRIES} commits conflicted; it is decided anew at the next delivery`);
}

async function changesFor(
  base: Base,
  policies: PolicyIndex,
  asked: Asked,
  executionId: string,
  asksPeople: boolean,
): Promise<readonly Change[] | 'overtaken' | null> {
  const now = base.now();
  const [killSwitch, breakerRow] = await Promise.all([readKillSwitch(base.store), readRow(base.store, 'breaker', BREAKER_KEY)]);
  const full = { startedAt: Array<Instant>(policies.settings.breaker.maxQuarantines).fill(now) };
  const breaker = asksPeople ? full : (breakerRow?.value ?? EMPTY_BREAKER);
  const decision = asked.decideAgain({ now, killSwitch, breaker });
  if (decision === null) return null;
  const incidentKey = incidentKeyOf(asked.policy.policyId, asked.event.incidentId);
  const incidentRow = await readRow(base.store, 'incident', incidentKey);
  const openRow = await findOpen(base, incidentRow?.value.openExecutionId ?? null);
  // The same event, delivered twice at once: the other delivery has just committed it.
  if (incidentRow?.value.openExecutionId === executionId) return 'overtaken';
  const state: IncidentState = { open: openOf(openRow?.value ?? null, now), lastRejection: incidentRow?.value.lastRejection ?? null };
  const answer = answerIncident(state, decision, asked.event, { now, killSwitch, maxTtlMinutes: policies.settings.maxTtlMinutes });
  const facts = factsOf(asked, executionId, decision, policies.revision, now);
  if (answer.kind === 'rest') return null;
  const merged = answer.kind === 'merge' && openRow !== null ? await mergeChanges(base, openRow, facts, decision, answer) : null;
  if (merged !== null) return merged;
  const execution = newExecution(facts, decision, asked.policy, now);
  const opens = execution.status === 'awaiting_approval' || execution.status === 'executing';
  const incident: IncidentRow = { openExecutionId: executionId, lastRejection: state.lastRejection };
  const isAuto = execution.status === 'executing';
  return [
    executionChange(
      null,
      execution,
      'execution.decided',
      { revision: policies.revision, event_id: asked.event.eventId, outcome: decision.outcome, reasons: decision.reasons.map(({ code }) => code) },
      now,
    ),
    await noticeChange(base, execution),
    ...(opens ? [{ key: incidentKey, kind: 'incident', before: incidentRow, value: incident, dueAt: null, entry: null } as const] : []),
    ...(isAuto ? await orderHolds(base, executionId, execution.plan, execution.order, 'system') : []),
    ...(isAuto
      ? [
          {
            key: BREAKER_KEY,
            kind: 'breaker',
            before: breakerRow,
            value: withPlacesTaken(breaker, policies.settings.breaker, execution.plan.principals.length, now),
            dueAt: null,
            entry: null,
          } as const,
        ]
      : []),
  ];
}

function newExecution(facts: ExecutionFacts, decision: Met, policy: Policy, now: Instant): Execution {
  const { plan } = decision;
  if (plan === null || decision.outcome === 'dry_run') return { ...facts, status: 'planned', plan };
  if (decision.outcome === 'auto') return { ...facts, status: 'executing', plan, order: orderAt(now, plan.ttlMinutes, []) };
  const { expiresMinutes } = policy.approval;
  const request = {
    rule: policy.approval,
    askedAt: now,
    expiresAt: addMinutes(now, expiresMinutes),
    remindAt: addMinutes(now, expiresMinutes / 2),
    approvals: [],
  };
  return { ...facts, status: 'awaiting_approval', plan, request };
}

// Null where there is nothing left to extend: it ended a moment ago, and the event begins a new one.
async function mergeChanges(
  base: Base,
  openRow: Row<Execution>,
  facts: ExecutionFacts,
  decision: Met,
  answer: Extract<IncidentAnswer, { kind: 'merge' }>,
): Promise<readonly Change[] | null> {
  const now = base.now();
  const merged: Execution = { ...facts, status: 'merged', plan: decision.plan, into: answer.executionId, endedAt: now };
  const open = openRow.value;
  const holds = answer.effect === 'extend' && open.plan !== null ? await extendHolds(base, open.executionId, open.plan, answer.expiresAt, 'system') : [];
  if (answer.effect === 'extend' && holds.length === 0) return null;
  const after = answer.effect === 'extend' && 'order' in open ? { ...open, order: { ...open.order, expiresAt: answer.expiresAt } } : open;
  const details = { effect: answer.effect, event_id: facts.eventId, expires_at: answer.effect === 'extend' ? answer.expiresAt : null };
  return [
    executionChange(null, merged, 'execution.merged', { into: answer.executionId }, now),
    executionChange(openRow, after, 'execution.event_merged', details, now),
    await noticeChange(base, after),
    ...holds,
  ];
}

/** An execution's next state as a change. */
function executionChange(
  before: Row<Execution> | null,
  execution: Execution,
  action: string,
  details: { readonly [key: string]: string | number | null | readonly string[] },
  now: Instant,
): Change {
  const what = { from: before?.value.status ?? null, to: execution.status, plan_hash: execution.plan?.planHash ?? null };
  return {
    key: keyOf('execution', execution.executionId),
    kind: 'execution',
    before,
    value: execution,
    dueAt: afterWakeUp(executionDueAt(execution), now),
    entry: { action, actor: 'system', details: { ...what, ...details } },
  };
}

/** Who should look at an execution that was just committed. */
export function wakeUpsFor(execution: Execution): readonly WakeUp[] {
  const channel = { kind: 'channel', channel: execution.channel } as const;
  if (execution.status !== 'executing' && execution.status !== 'releasing') return [channel];
  return [...quarantineKeys(execution.plan).map((key) => ({ kind: 'quarantine', key }) as const), channel];
}

// One that nobody can read is not joined: the event begins a new one.
async function findOpen(base: Base, executionId: string | null): Promise<Row<Execution> | null> {
  if (executionId === null) return null;
  const key = keyOf('execution', executionId);
  return (await findRows(base.store, 'execution', [key])).rows.get(key) ?? null;
}

// What is over by the clock is not open, though nobody may have noted it yet.
function openOf(execution: Execution | null, now: Instant): IncidentState['open'] {
  if (execution === null) return null;
  const { executionId } = execution;
  if (execution.status === 'awaiting_approval')
    return isOver(execution.request.expiresAt, now) ? null : { executionId, planHash: execution.plan.planHash, stage: 'waiting' };
  if ((execution.status !== 'executing' && execution.status !== 'executed') || isOver(execution.order.expiresAt, now)) return null;
  const firstAttachedAt = execution.status === 'executed' ? execution.heldAt : execution.order.orderedAt;
  return { executionId, planHash: execution.plan.planHash, stage: 'holding', expiresAt: execution.order.expiresAt, firstAttachedAt };
}

function isOver(expiresAt: Instant | null, now: Instant): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function factsOf(asked: Asked, executionId: string, decision: Met, revision: string, now: Instant): ExecutionFacts {
  const { policy, event, attempt } = asked;
  const channel = policy.notify.kind === 'channel' ? policy.notify.channelId : policy.notify.ssmParameter;
  return {
    executionId,
    policyId: policy.policyId,
    eventId: event.eventId,
    incidentId: event.incidentId,
    attempt,
    revision,
    mode: decision.mode,
    outcome: decision.outcome,
    reasons: decision.reasons,
    excluded: decision.excluded,
    createdAt: now,
    channel,
  };
}
