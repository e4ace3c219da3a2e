import { EMPTY_BREAKER } from '../core/breaker.ts';
import { sha256Hex } from '../core/content-hash.ts';
import type { CostEvent } from '../core/cost-event.ts';
import { decideMatching, type Met } from '../core/decide.ts';
import type { Circumstances } from '../core/lower-mode.ts';
import type { Policy } from '../core/policy.ts';
import { indexPolicies, type PolicyIndex } from '../core/policy-index.ts';
import { readSignals, type SignalReading } from '../sources/read-signal.ts';
import { type Base, type Change, commitChanges } from './commit-changes.ts';
import { commitDecision } from './commit-decision.ts';
import { owe } from './notices.ts';
import { OutsideError, type WakeUp, type WakeUpSender } from './ports.ts';
import { type EventRow, keyOf, readKillSwitch, readRow } from './rows.ts';

/** What `evaluate` works with. It can't change IAM. */
export interface Evaluator extends Base {
  readonly policies: PolicyIndex;
  readonly wakeUps: WakeUpSender;
  /** Where the engine's own messages go; null where settings name no place. */
  readonly engineChannel: string | null;
  readonly report: (step: string, id: string, error: unknown) => void;
}

const MAX_TEXT = 32_768;
const TRIES = 5;

/**
 * Reads one raw signal, decides, and commits each decision that leads to something on its own; the row of the event itself is put
 * last. A redelivery before that decides anew, and what is committed stays. Throws where it must be delivered again.
 */
export async function evaluateSignal(deps: Evaluator, text: string): Promise<void> {
  for (const reading of readSignals(text)) {
    if (reading.kind === 'event') await evaluateEvent(deps, reading.event, text);
    else await putUnreadable(deps, reading.error.reason, text);
  }
}

/** The end of a signal that was delivered for the last time and still could not be evaluated: kept, told, and never lost. */
export async function giveUpSignal(deps: Evaluator, text: string): Promise<void> {
  for (const reading of readSignals(text)) {
    const key = eventKeyOf(reading, text);
    if ((await readRow(deps.store, 'event', key)) === null) await putUnreadable(deps, 'evaluation_failed', text, key);
  }
}

/** The key of the row in which a signal ends. */
export function eventKeyOf(reading: SignalReading, text: string): string {
  return keyOf('event', reading.kind === 'event' ? reading.event.eventId : `unreadable-${sha256Hex(text).slice(0, 32)}`);
}

async function evaluateEvent(deps: Evaluator, event: CostEvent, text: string): Promise<void> {
  const key = keyOf('event', event.eventId);
  if ((await readRow(deps.store, 'event', key)) !== null) return;
  const killSwitch = await readKillSwitch(deps.store);
  const decisions = decideMatching(event, deps.policies, { now: deps.now(), killSwitch, breaker: EMPTY_BREAKER });
  const outcomes: EventRow['outcomes'][number][] = [];
  const wakeUps: WakeUp[] = [];
  for (const decision of decisions) {
    const policy = deps.policies.prepared.find((prepared) => prepared.policy.policyId === decision.policyId)?.policy;
    if (decision.outcome === 'exempt' || policy === undefined) {
      outcomes.push({ policyId: decision.policyId, outcome: decision.outcome, executionId: null });
      continue;
    }
    const committed = await commitDecision(deps, deps.policies, { event, policy, attempt: 1, decideAgain: decider(deps.policies, policy, event) });
    outcomes.push({ policyId: decision.policyId, outcome: decision.outcome, executionId: committed.executionId });
    wakeUps.push(...committed.wakeUps);
  }
  const value: EventRow = { text: text.slice(0, MAX_TEXT), reading: 'event', reason: null, revision: deps.policies.revision, killSwitch, outcomes };
  await putEvent(deps, key, value, outcomes.length === 0 && deps.policies.settings.tellUnmatched);
  await wake(deps, wakeUps);
}

function decider(policies: PolicyIndex, policy: Policy, event: CostEvent): (circumstances: Circumstances) => Met | null {
  const only = indexPolicies({ revision: policies.revision, settings: policies.settings, policies: [policy] });
  return (circumstances) => {
    const [decision] = decideMatching(event, only, circumstances);
    return decision === undefined || decision.outcome === 'exempt' ? null : decision;
  };
}

async function putUnreadable(deps: Evaluator, reason: string, text: string, key = keyOf('event', `unreadable-${sha256Hex(text).slice(0, 32)}`)): Promise<void> {
  const value: EventRow = {
    text: text.slice(0, MAX_TEXT),
    reading: 'unreadable',
    reason,
    revision: deps.policies.revision,
    killSwitch: await readKillSwitch(deps.store),
    outcomes: [],
  };
  await putEvent(deps, key, value, reason !== 'not_an_alert');
}

async function putEvent(deps: Evaluator, key: string, value: EventRow, isTold: boolean): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    if ((await readRow(deps.store, 'event', key)) !== null) return;
    const details = {
      reading: value.reading,
      reason: value.reason,
      revision: value.revision,
      outcomes: value.outcomes.map(({ policyId, outcome }) => `${policyId}: ${outcome}`),
    };
    const row: Change = {
      key,
      kind: 'event',
      before: null,
      value,
      dueAt: null,
      entry: { action: `event.${value.reading === 'event' ? 'decided' : 'unreadable'}`, actor: 'system', details },
    };
    const notice = isTold && deps.engineChannel !== null ? [await owe(deps, key, { channel: deps.engineChannel, about: key, isRequest: false })] : [];
    if ((await commitChanges(deps, [row, ...notice])).kind === 'committed') return;
  }
}

/** Wakes up who should look. Nothing is lost where that fails: what is owed is due in its row. */
export async function wake(deps: { readonly wakeUps: WakeUpSender; readonly report: Evaluator['report'] }, wakeUps: readonly WakeUp[]): Promise<void> {
  if (wakeUps.length === 0) return;
  try {
    await deps.wakeUps.send(wakeUps);
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    deps.report('wake', wakeUps.map((wakeUp) => ('key' in wakeUp ? wakeUp.key : wakeUp.channel)).join(), error);
  }
}
