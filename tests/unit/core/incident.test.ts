import type { Met } from '../../../src/core/decide.ts';
import { answerIncident, type IncidentState, NO_INCIDENT, type OpenExecution, severityOf } from '../../../src/core/incident.ts';
import { addMinutes } from '../../../src/core/instant.ts';
import { planFor } from '../../../src/core/plan.ts';
import { aBillingAlarm, aBudgetEvent, amount, anAnomaly, aPolicy, at } from '../../support/builders.ts';

const now = at('2026-03-10T12:00:00Z');
const policy = aPolicy();
const plan = planFor(policy, policy.principals);
const decision = (outcome: Met['outcome'] = 'manual', changes: Partial<Met> = {}): Met => ({
  outcome,
  policyId: 'ci-spend',
  mode: 'auto',
  reasons: [],
  lowered: [],
  excluded: [],
  plan,
  ...changes,
});
const circumstances = { now, killSwitch: 'normal', maxTtlMinutes: 10_080 } as const;
const waiting: OpenExecution = { executionId: 'exe-1', planHash: String(plan?.planHash), stage: 'waiting' };
const holding: OpenExecution = {
  executionId: 'exe-1',
  planHash: String(plan?.planHash),
  stage: 'holding',
  expiresAt: addMinutes(now, 30),
  firstAttachedAt: addMinutes(now, -150),
};
const open = (execution: OpenExecution): IncidentState => ({ open: execution, lastRejection: null });

describe('answerIncident', () => {
  it('starts where nothing is open and nobody said no', () => {
    expect(answerIncident(NO_INCIDENT, decision(), aBudgetEvent(), circumstances)).toEqual({ kind: 'start' });
  });

  it('updates the request that still waits', () => {
    expect(answerIncident(open(waiting), decision('auto'), aBudgetEvent(), circumstances)).toEqual({
      kind: 'merge',
      executionId: 'exe-1',
      effect: 'update_request',
    });
  });

  it('extends a hold in auto, and only there', () => {
    const answer = answerIncident(open(holding), decision('auto'), aBudgetEvent(), circumstances);
    expect(answer).toEqual({ kind: 'merge', executionId: 'exe-1', effect: 'extend', expiresAt: addMinutes(now, 180) });
    const stillRising = { kind: 'merge', executionId: 'exe-1', effect: 'still_rising' };
    expect(answerIncident(open(holding), decision('manual'), aBudgetEvent(), circumstances)).toEqual(stillRising);
    expect(answerIncident(open(holding), decision('dry_run'), aBudgetEvent(), circumstances)).toEqual(stillRising);
    expect(answerIncident(open(holding), decision('auto'), aBudgetEvent(), { ...circumstances, killSwitch: 'paused' })).toEqual(stillRising);
  });

  it('never gives an end to a hold that has none, and says nothing of an extension that changes nothing', () => {
    const stillRising = { kind: 'merge', executionId: 'exe-1', effect: 'still_rising' };
    expect(answerIncident(open({ ...holding, expiresAt: null }), decision('auto'), aBudgetEvent(), circumstances)).toEqual(stillRising);
    expect(answerIncident(open(holding), decision('auto'), aBudgetEvent(), { ...circumstances, maxTtlMinutes: 60 })).toEqual(stillRising);
  });

  it('starts anew under another plan, which nobody approved yet', () => {
    const other = { ...waiting, planHash: 'another' };
    expect(answerIncident(open(other), decision(), aBudgetEvent(), circumstances)).toEqual({ kind: 'start' });
    expect(answerIncident(open(waiting), decision('dry_run', { plan: null }), aBudgetEvent(), circumstances)).toEqual({ kind: 'start' });
  });
});

describe('after a rejection', () => {
  const before = aBudgetEvent({ amount: amount('100'), threshold: amount('80'), alertType: 'forecasted' });
  const rejected = (minutesAgo: number, event = before): IncidentState => ({
    open: null,
    lastRejection: { rejectedAt: addMinutes(now, -minutesAgo), severity: severityOf(event) },
  });
  const rest = { kind: 'rest', restUntil: addMinutes(now, 24 * 60 - 60) };
  const later = (changes: Parameters<typeof aBudgetEvent>[0]) => answerIncident(rejected(60), decision(), { ...before, ...changes }, circumstances);

  it('the same incident is left to rest for a day, also by auto', () => {
    expect(later({ amount: amount('199.99') })).toEqual(rest);
    expect(answerIncident(rejected(60), decision('auto'), before, circumstances)).toEqual(rest);
    expect(answerIncident(rejected(24 * 60 - 1), decision(), before, circumstances)).toEqual({ kind: 'rest', restUntil: addMinutes(now, 1) });
    expect(answerIncident(rejected(24 * 60), decision(), before, circumstances)).toEqual({ kind: 'start' });
  });

  it('people are asked again when it got worse', () => {
    expect(later({ amount: amount('200') })).toEqual({ kind: 'start' });
    expect(later({ threshold: amount('80.01') })).toEqual({ kind: 'start' });
    expect(later({ alertType: 'actual' })).toEqual({ kind: 'start' });
  });

  it('what cannot be compared did not get worse', () => {
    expect(later({ amount: amount('900 GB'), threshold: amount('900 GB') })).toEqual(rest);
    const usage = aBudgetEvent({ amount: amount('1 GB'), threshold: amount('1 GB') });
    expect(answerIncident(rejected(60, usage), decision(), aBudgetEvent(), circumstances)).toEqual(rest);
    const nothing = aBudgetEvent({ amount: amount('0'), threshold: amount('80') });
    expect(answerIncident(rejected(60, nothing), decision(), { ...nothing }, circumstances)).toEqual(rest);
  });

  it('telling goes on, since it asks nobody anything', () => {
    expect(answerIncident(rejected(60), decision('dry_run'), before, circumstances)).toEqual({ kind: 'start' });
  });
});

describe('severityOf', () => {
  it('takes what each source has', () => {
    expect(severityOf(anAnomaly())).toEqual({ amount: amount('250'), threshold: null, alertType: null });
    expect(severityOf(aBillingAlarm())).toEqual({ amount: amount('250'), threshold: amount('200'), alertType: null });
    expect(severityOf(aBudgetEvent())).toEqual({ amount: amount('250'), threshold: amount('160'), alertType: 'actual' });
  });
});
