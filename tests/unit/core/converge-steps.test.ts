import { type CallResult, dueFor, type Known, nextStep, recordAnswer, type Step, type Verdict } from '../../../src/core/converge-steps.ts';
import type { Instant } from '../../../src/core/instant.ts';
import type { Quarantine, RefusalCode } from '../../../src/core/quarantine.ts';
import type { Transition } from '../../../src/core/transition.ts';
import { aDetaching, aHolder, anAbsent, anAttached, anAttaching, DENY_POLICY, later, ROLE, START } from '../../support/machine-builders.ts';

const OK: Verdict = { kind: 'ok' };
const WAIT: Verdict = { kind: 'wait' };
const no = (why: RefusalCode): Verdict => ({ kind: 'refused', why });
const checked = (verdicts: { readonly [executionId: string]: Verdict }, known: Known = {}): Known => ({
  ...known,
  verdicts: new Map(Object.entries(verdicts)),
});

const one = [aHolder('exe-1')];
const two = [aHolder('exe-1'), aHolder('exe-2')];
const over = (executionId: string): ReturnType<typeof aHolder> => aHolder(executionId, { orderedAt: later(-180), expiresAt: START });
const letGo = (executionId: string): ReturnType<typeof aHolder> => aHolder(executionId, { expiresAt: START });

/** The commit that the step makes, with or without a call. */
function commitOf(step: Step): Transition<Quarantine> & { readonly call: string | null } {
  if (step.kind === 'commit') return { ...step.transition, call: null };
  if (step.kind === 'call') return { ...step.transition, call: step.call };
  throw new Error(`it commits nothing: ${JSON.stringify(step)}`);
}

function answered(quarantine: Quarantine, result: CallResult, now: Instant): Transition<Quarantine> {
  const transition = recordAnswer(quarantine, result, now);
  if (transition === null) throw new Error('no answer was waited for');
  return transition;
}

describe('nextStep while absent', () => {
  it('rests, and owes nothing, where nobody wants it', () => {
    expect(nextStep(anAbsent(), START)).toEqual({ kind: 'rest', dueAt: null });
    expect(nextStep(anAbsent({ calledAt: later(-60) }), START)).toEqual({ kind: 'rest', dueAt: null });
  });

  it('asks for checks of those whose time runs', () => {
    expect(nextStep(anAbsent({ holders: two }), later(1))).toEqual({ kind: 'ask_checks', holders: two });
  });

  it('attaches for whoever may, on record first', () => {
    const { state, entry, call } = commitOf(nextStep(anAbsent({ holders: one }), later(1), checked({ 'exe-1': OK })));
    expect(call).toBe('attach');
    expect(state).toEqual(anAttaching({ holders: one, calledAt: later(1), answer: 'none', dueAt: later(2.5) }));
    expect(entry).toEqual({
      action: 'quarantine.attach_ordered',
      actor: 'system',
      details: {
        principal: ROLE.arn,
        deny_policy: DENY_POLICY,
        from: 'absent',
        to: 'attaching',
        holders: [{ execution_id: 'exe-1', expires_at: later(180) }],
        left: [],
        called_at: later(1),
        refusals: [],
      },
    });
  });

  it('lets those who may not leave, and says why, and calls nobody', () => {
    const { state, entry, call } = commitOf(nextStep(anAbsent({ holders: two }), later(1), checked({ 'exe-1': no('paused'), 'exe-2': WAIT })));
    expect(call).toBeNull();
    expect(state).toEqual(anAbsent({ holders: [aHolder('exe-2')], refusals: [{ executionId: 'exe-1', why: 'paused', refusedAt: later(1) }], dueAt: later(1) }));
    expect(entry).toMatchObject({ action: 'quarantine.refused', details: { left: ['exe-1'], refusals: [{ execution_id: 'exe-1', why: 'paused' }] } });
  });

  it('does both at once, each on record, where some may and some may not', () => {
    const { state, entry, call } = commitOf(nextStep(anAbsent({ holders: two }), later(1), checked({ 'exe-1': OK, 'exe-2': no('policy_gone') })));
    expect(call).toBe('attach');
    expect(state).toMatchObject({ phase: 'attaching', holders: one, refusals: [{ executionId: 'exe-2', why: 'policy_gone' }] });
    expect(entry.details).toMatchObject({ left: ['exe-2'], refusals: [{ execution_id: 'exe-2', why: 'policy_gone' }] });
  });

  it.each([
    ['nobody can say yet', checked({ 'exe-1': WAIT })],
    ['nobody asked about them', checked({})],
  ])('waits a minute while %s', (_, known) => {
    expect(nextStep(anAbsent({ holders: one }), later(1), known)).toEqual({ kind: 'rest', dueAt: later(2) });
  });

  it('waits no longer than until a holder ends', () => {
    const holders = [aHolder('exe-1', { expiresAt: later(1.5) })];
    expect(nextStep(anAbsent({ holders }), later(1), checked({ 'exe-1': WAIT }))).toEqual({ kind: 'rest', dueAt: later(1.5) });
  });

  it('lets a holder leave at the very moment at which its time is over: it comes too late', () => {
    const { state, entry, call } = commitOf(nextStep(anAbsent({ holders: one }), later(180), checked({ 'exe-1': OK })));
    expect(call).toBeNull();
    expect(state).toEqual(anAbsent({ refusals: [{ executionId: 'exe-1', why: 'too_late', refusedAt: later(180) }], dueAt: null }));
    expect(entry).toMatchObject({ action: 'quarantine.holders_left', details: { left: ['exe-1'], refusals: [{ execution_id: 'exe-1', why: 'too_late' }] } });
    expect(nextStep(anAbsent({ holders: one }), later(179.999))).toMatchObject({ kind: 'ask_checks' });
  });

  it('goes on with the others once those whose time is over have left', () => {
    const { state } = commitOf(nextStep(anAbsent({ holders: [over('exe-0'), ...one] }), later(1)));
    expect(state).toMatchObject({ phase: 'absent', holders: one, dueAt: later(2) });
    expect(nextStep(state, later(1))).toMatchObject({ kind: 'ask_checks', holders: one });
  });

  it('lets whoever let go leave, which is no refusal', () => {
    const { state, entry } = commitOf(nextStep(anAbsent({ holders: [letGo('exe-0'), over('exe-1')] }), later(1)));
    expect(state).toMatchObject({ phase: 'absent', holders: [], refusals: [{ executionId: 'exe-1', why: 'too_late' }], dueAt: null });
    expect(entry.details).toMatchObject({ left: ['exe-0', 'exe-1'] });
  });

  it('holds without an end whoever wants it so', () => {
    const holders = [aHolder('exe-1', { expiresAt: null })];
    expect(nextStep(anAbsent({ holders }), later(1_000_000))).toEqual({ kind: 'ask_checks', holders });
  });
});

describe.each([
  ['attaching', anAttaching({ holders: one, answer: 'none' })],
  ['attaching for nobody', anAttaching({ answer: 'none' })],
  ['detaching', aDetaching({ answer: 'none' })],
  ['detaching though somebody wants it', aDetaching({ holders: one, answer: 'none' })],
])('nextStep while a call is under way: %s', (_, quarantine) => {
  it('leaves it to whoever is calling, until the lease ends', () => {
    const known = checked({ 'exe-1': OK }, { listed: true });
    expect(nextStep(quarantine, START, known)).toEqual({ kind: 'rest', dueAt: later(1.5) });
    expect(nextStep(quarantine, later(1.499), known)).toEqual({ kind: 'rest', dueAt: later(1.5) });
    expect(nextStep(quarantine, later(-1), known)).toEqual({ kind: 'rest', dueAt: later(1.5) }); // another clock
    expect(nextStep(quarantine, later(1.5), known).kind).toBe('call');
  });
});

describe('nextStep while attaching', () => {
  it('takes it off again, whatever the answer was, where nobody wants it any more', () => {
    for (const answer of ['none', 'ok', 'failed'] as const) {
      for (const holders of [[], [over('exe-1')]]) {
        const { state, entry, call } = commitOf(nextStep(anAttaching({ holders, answer }), later(1.5)));
        expect(call).toBe('detach');
        expect(state).toEqual(aDetaching({ calledAt: later(1.5), answer: 'none', dueAt: later(3) }));
        expect(entry).toMatchObject({
          action: 'quarantine.detach_ordered',
          details: { from: 'attaching', left: holders.map(({ executionId }) => executionId) },
        });
      }
    }
  });

  it('rests after a good answer until the settle time is over, whatever is listed', () => {
    const quarantine = anAttaching({ holders: one });
    for (const listed of [true, false])
      expect(nextStep(quarantine, later(4.999), checked({ 'exe-1': OK }, { listed }))).toEqual({ kind: 'rest', dueAt: later(5) });
  });

  it.each(['ok', 'none', 'failed'] as const)('asks what is listed once it has settled, and believes it: answer %s', (answer) => {
    const quarantine = anAttaching({ holders: one, answer, failures: 2, deniedSince: START, firstAttachedAt: later(0.1) });
    expect(nextStep(quarantine, later(5))).toEqual({ kind: 'ask_list' });
    const { state, entry, call } = commitOf(nextStep(quarantine, later(5), { listed: true }));
    expect(call).toBeNull();
    expect(state).toEqual(anAttached({ holders: one, firstAttachedAt: later(0.1), dueAt: later(6) }));
    expect(entry).toMatchObject({ action: 'quarantine.attached', details: { from: 'attaching', to: 'attached' } });
  });

  it('counts from the confirmation where no attach was ever answered', () => {
    const { state } = commitOf(nextStep(anAttaching({ holders: one, answer: 'none' }), later(5), { listed: true }));
    expect(state.firstAttachedAt).toBe(later(5));
  });

  it('counts the settle time from the last call, not from the first', () => {
    const again = commitOf(nextStep(anAttaching({ holders: one, answer: 'failed' }), later(3), checked({ 'exe-1': OK }))).state;
    expect(nextStep({ ...again, ...answered(again, 'ok', later(3)).state }, later(7.999))).toEqual({ kind: 'rest', dueAt: later(8) });
  });

  it('attaches again, after fresh checks, where the settled list shows nothing', () => {
    const quarantine = anAttaching({ holders: one, firstAttachedAt: START });
    expect(nextStep(quarantine, later(5), { listed: false })).toEqual({ kind: 'ask_checks', holders: one });
    const { state, call } = commitOf(nextStep(quarantine, later(5), checked({ 'exe-1': OK }, { listed: false })));
    expect(call).toBe('attach');
    expect(state).toEqual(anAttaching({ holders: one, calledAt: later(5), answer: 'none', firstAttachedAt: START, dueAt: later(6.5) }));
  });

  it.each([
    ['failed', 2],
    ['none', 3],
  ] as const)('attaches again without a list where the call is known as %s, and counts the failures', (answer, failures) => {
    const quarantine = anAttaching({ holders: one, answer, failures: 2, deniedSince: later(0.5) });
    expect(nextStep(quarantine, later(2))).toEqual({ kind: 'ask_checks', holders: one });
    const { state, call } = commitOf(nextStep(quarantine, later(2), checked({ 'exe-1': OK })));
    expect(call).toBe('attach');
    expect(state).toMatchObject({ phase: 'attaching', answer: 'none', failures, deniedSince: later(0.5), calledAt: later(2) });
  });

  it('lets those who may not leave, stays attaching, and only then takes it off', () => {
    const { state, call } = commitOf(nextStep(anAttaching({ holders: one, answer: 'failed' }), later(2), checked({ 'exe-1': no('policy_changed') })));
    expect(call).toBeNull();
    expect(state).toMatchObject({
      phase: 'attaching',
      holders: [],
      refusals: [{ executionId: 'exe-1', why: 'policy_changed', refusedAt: later(2) }],
      dueAt: later(2),
    });
    expect(commitOf(nextStep(state, later(2))).call).toBe('detach');
  });

  it('lets those whose time is over leave while others stay: they had it', () => {
    const { state, entry, call } = commitOf(nextStep(anAttaching({ holders: [over('exe-0'), ...one] }), later(1)));
    expect(call).toBeNull();
    expect(state).toMatchObject({ phase: 'attaching', holders: one, refusals: [], dueAt: later(5) });
    expect(entry.details).toMatchObject({ left: ['exe-0'], refusals: [] });
  });

  // A time that is over would bring the row up in every sweep, and nobody would move it on.
  it.each([
    ['unanswered', anAttaching({ holders: one, answer: 'none' }), 2, 3],
    ['unanswered for long', anAttaching({ holders: one, answer: 'none' }), 9, 10],
    ['answered, and not listed', anAttaching({ holders: one }), 9, 10],
    ['failed twice', anAttaching({ holders: one, answer: 'failed', failures: 2 }), 2, 4],
  ])('waits while nobody can say yet: %s', (_, quarantine, now, dueAt) => {
    expect(nextStep(quarantine, later(now), checked({ 'exe-1': WAIT }, { listed: false }))).toEqual({ kind: 'rest', dueAt: later(dueAt) });
  });
});

describe('nextStep while attached', () => {
  it.each([
    ['nobody', []],
    ['somebody whose time is over', [over('exe-1')]],
  ])('takes it off, whatever is listed, where it is wanted by %s', (_, holders) => {
    for (const known of [{}, { listed: true }, { listed: false }]) {
      const { state, call } = commitOf(nextStep(anAttached({ holders }), later(7), known));
      expect(call).toBe('detach');
      expect(state).toEqual(aDetaching({ calledAt: later(7), answer: 'none', firstAttachedAt: START, dueAt: later(8.5) }));
    }
  });

  it('takes it off at the very moment at which the last time is over', () => {
    expect(nextStep(anAttached({ holders: one, nextLookAt: later(200) }), later(179.999))).toEqual({ kind: 'rest', dueAt: later(180) });
    expect(commitOf(nextStep(anAttached({ holders: one, nextLookAt: later(200) }), later(180))).call).toBe('detach');
  });

  it('stays while anybody wants it, and lets the others leave: they had it', () => {
    const { state, entry, call } = commitOf(nextStep(anAttached({ holders: [over('exe-0'), ...one] }), later(5.5)));
    expect(call).toBeNull();
    expect(state).toEqual(anAttached({ holders: one, dueAt: later(6) }));
    expect(entry).toMatchObject({ action: 'quarantine.holders_left', details: { left: ['exe-0'], refusals: [] } });
  });

  it('rests until the next look', () => {
    expect(nextStep(anAttached({ holders: one }), later(5.999), { listed: false })).toEqual({ kind: 'rest', dueAt: later(6) });
    expect(nextStep(anAttached({ holders: one }), later(6))).toEqual({ kind: 'ask_list' });
  });

  it('looks hourly where it is there', () => {
    const { state, entry, call } = commitOf(nextStep(anAttached({ holders: one }), later(6), { listed: true }));
    expect(call).toBeNull();
    expect(state).toEqual(anAttached({ holders: one, nextLookAt: later(66), dueAt: later(66) }));
    expect(entry).toMatchObject({ action: 'quarantine.looked', details: { listed: true } });
  });

  it('tells a drift once two looks five minutes apart found nothing, only once, and puts nothing back', () => {
    const first = commitOf(nextStep(anAttached({ holders: one }), later(6), { listed: false }));
    expect(first.state).toMatchObject({ phase: 'attached', missingSince: later(6), driftTold: false, nextLookAt: later(11), dueAt: later(11) });
    expect(first.entry.action).toBe('quarantine.looked');
    expect(nextStep(first.state, later(10.999), { listed: false })).toEqual({ kind: 'rest', dueAt: later(11) });

    const second = commitOf(nextStep(first.state, later(11), { listed: false }));
    expect(second.state).toMatchObject({ phase: 'attached', missingSince: later(6), driftTold: true, nextLookAt: later(71), dueAt: later(71) });
    expect(second.entry.action).toBe('quarantine.drifted');

    const third = commitOf(nextStep(second.state, later(71), { listed: false }));
    expect(third.state).toMatchObject({ missingSince: later(6), driftTold: true });
    expect(third.entry.action).toBe('quarantine.looked');
    for (const { call } of [first, second, third]) expect(call).toBeNull();
  });

  it('forgets what was missing once it is there, and tells the next drift anew', () => {
    const missing = anAttached({ holders: one, missingSince: later(1), driftTold: true });
    const { state } = commitOf(nextStep(missing, later(6), { listed: true }));
    expect(state).toMatchObject({ missingSince: null, driftTold: false });
    const gone = commitOf(nextStep(state, later(66), { listed: false }));
    expect(commitOf(nextStep(gone.state, later(71), { listed: false })).entry.action).toBe('quarantine.drifted');
  });
});

describe('nextStep while detaching', () => {
  it('rests after a good answer until the settle time is over, whatever is listed', () => {
    for (const listed of [true, false]) expect(nextStep(aDetaching(), later(4.999), { listed })).toEqual({ kind: 'rest', dueAt: later(5) });
  });

  it.each(['none', 'failed'] as const)('detaches again before that where the call is known as %s', (answer) => {
    const { state, call } = commitOf(nextStep(aDetaching({ answer, failures: 3, deniedSince: later(0.5) }), later(2), { listed: false }));
    expect(call).toBe('detach');
    expect(state).toMatchObject({ phase: 'detaching', calledAt: later(2), answer: 'none', failures: answer === 'none' ? 4 : 3, deniedSince: later(0.5) });
  });

  it.each(['ok', 'none', 'failed'] as const)('is absent only once a settled list shows nothing: answer %s', (answer) => {
    const quarantine = aDetaching({ answer, firstAttachedAt: START, wasThere: true });
    expect(nextStep(quarantine, later(5))).toEqual({ kind: 'ask_list' });
    const { state, entry, call } = commitOf(nextStep(quarantine, later(5), { listed: false }));
    expect(call).toBeNull();
    expect(state).toEqual(anAbsent({ calledAt: START, dueAt: null }));
    expect(entry).toMatchObject({ action: 'quarantine.absent', details: { from: 'detaching', to: 'absent' } });
  });

  it('detaches again where a settled list still shows it', () => {
    const { state, call } = commitOf(nextStep(aDetaching(), later(5), { listed: true }));
    expect(call).toBe('detach');
    expect(state).toEqual(aDetaching({ calledAt: later(5), answer: 'none', dueAt: later(6.5) }));
  });

  it('attaches again at once, after checks, for a holder that came meanwhile', () => {
    const quarantine = aDetaching({ holders: one, failures: 3, deniedSince: later(0.5), firstAttachedAt: later(-60) });
    expect(nextStep(quarantine, later(1))).toEqual({ kind: 'ask_checks', holders: one });
    const { state, call } = commitOf(nextStep(quarantine, later(1), checked({ 'exe-1': OK })));
    expect(call).toBe('attach');
    expect(state).toEqual(anAttaching({ holders: one, calledAt: later(1), answer: 'none', firstAttachedAt: later(-60), dueAt: later(2.5) }));
  });

  it('lets a holder that may not leave, and goes on detaching', () => {
    const { state, call } = commitOf(nextStep(aDetaching({ holders: one }), later(1), checked({ 'exe-1': no('protected') })));
    expect(call).toBeNull();
    expect(state).toMatchObject({ phase: 'detaching', holders: [], refusals: [{ executionId: 'exe-1', why: 'protected' }], dueAt: later(1) });
  });

  it('lets a holder that ended meanwhile leave: it never had it', () => {
    const { state, call } = commitOf(nextStep(aDetaching({ holders: [over('exe-1')] }), later(1)));
    expect(call).toBeNull();
    expect(state).toEqual(aDetaching({ refusals: [{ executionId: 'exe-1', why: 'too_late', refusedAt: later(1) }], dueAt: later(5) }));
  });

  it('goes on towards absent while nobody can say of a holder yet, and keeps it', () => {
    const wait = checked({ 'exe-1': WAIT });
    expect(nextStep(aDetaching({ holders: one }), later(1), wait)).toEqual({ kind: 'rest', dueAt: later(2) });
    expect(nextStep(aDetaching({ holders: one }), later(5), wait)).toEqual({ kind: 'ask_list' });
    const { state } = commitOf(nextStep(aDetaching({ holders: one }), later(5), { ...wait, listed: false }));
    expect(state).toEqual(anAbsent({ holders: one, calledAt: START, dueAt: later(6) }));
  });

  it('never gives up: each minute, for ever', () => {
    let quarantine: Quarantine = aDetaching({ answer: 'failed', failures: 1, dueAt: later(1) });
    for (let minute = 1; minute <= 3000; minute += 1) {
      const now = later(minute);
      expect(quarantine.dueAt).toBe(now);
      const ordered = commitOf(nextStep(quarantine, now));
      expect(ordered.call).toBe('detach');
      quarantine = answered(ordered.state, 'failed', now).state;
    }
    expect(quarantine).toMatchObject({ phase: 'detaching', failures: 3001 });
  });

  it('looks, once it was denied for a settle time, although it calls each minute: somebody else may have taken it off', () => {
    let quarantine: Quarantine = aDetaching({ answer: 'none' });
    for (let minute = 0; minute < 5; minute += 1) {
      const denied: Quarantine = answered(quarantine, 'access_denied', later(minute)).state;
      quarantine = commitOf(nextStep(denied, later(minute + 1), { listed: true })).state;
    }
    const denied: Quarantine = answered(quarantine, 'access_denied', later(5)).state;
    expect(denied).toMatchObject({ phase: 'detaching', calledAt: later(5), deniedSince: START });
    expect(nextStep(denied, later(6))).toEqual({ kind: 'ask_list' });
    expect(commitOf(nextStep(denied, later(6), { listed: true })).call).toBe('detach');
    expect(commitOf(nextStep(denied, later(6), { listed: false })).state).toMatchObject({ phase: 'absent', calledAt: later(5), dueAt: null });
  });

  it.each([
    ['for less than a settle time', aDetaching({ calledAt: later(4), answer: 'failed', deniedSince: later(0.001) })],
    ['but the last call went unanswered', aDetaching({ calledAt: later(3), answer: 'none', deniedSince: START })],
    ['but the last call failed otherwise', aDetaching({ calledAt: later(4), answer: 'failed', deniedSince: null })],
  ])('does not believe a list where it was denied %s', (_, quarantine) => {
    expect(commitOf(nextStep(quarantine, later(5), { listed: false })).call).toBe('detach');
  });
});

describe('recordAnswer', () => {
  const attaching = anAttaching({ holders: one, answer: 'none', dueAt: later(1.5) });
  const detaching = aDetaching({ answer: 'none', dueAt: later(1.5) });

  it.each([
    ['absent', anAbsent()],
    ['attached', anAttached({ holders: one })],
    ['attaching, answered before', anAttaching({ holders: one })],
    ['attaching, failed before', anAttaching({ holders: one, answer: 'failed' })],
    ['detaching, answered before', aDetaching()],
  ])('changes nothing where no answer is waited for: %s', (_, quarantine) => {
    for (const result of ['ok', 'gone', 'quota', 'access_denied', 'failed'] as const) expect(recordAnswer(quarantine, result, later(1))).toBeNull();
  });

  it('takes note of an attach that went well, and confirms nothing', () => {
    const { state, entry } = answered({ ...attaching, failures: 2, deniedSince: START }, 'ok', later(0.1));
    expect(state).toEqual(anAttaching({ holders: one, firstAttachedAt: later(0.1), dueAt: later(5) }));
    expect(entry).toMatchObject({ action: 'quarantine.attach_answered', actor: 'system', details: { result: 'ok', from: 'attaching', to: 'attaching' } });
  });

  it('keeps the first attach, from which extensions are counted', () => {
    expect(answered({ ...attaching, firstAttachedAt: later(-60) }, 'ok', later(0.1)).state.firstAttachedAt).toBe(later(-60));
  });

  it.each(['ok', 'gone'] as const)('takes note of a detach that answers %s, and confirms nothing', (result) => {
    const { state, entry } = answered({ ...detaching, failures: 2, deniedSince: START, firstAttachedAt: START }, result, later(0.1));
    expect(state).toEqual(aDetaching({ firstAttachedAt: START, dueAt: later(5) }));
    expect(entry).toMatchObject({ action: 'quarantine.detach_answered', details: { result } });
  });

  it.each([
    [0, 1],
    [1, 2],
    [2, 4],
    [3, 5],
    [4, 5],
    [99, 5],
  ])('after %d failures tries an attach again %d minutes later', (failures, minutes) => {
    for (const result of ['failed', 'gone'] as const) {
      const { state, entry } = answered({ ...attaching, failures }, result, later(1));
      expect(state).toEqual(anAttaching({ holders: one, answer: 'failed', failures: failures + 1, dueAt: later(1 + minutes) }));
      expect(entry).toMatchObject({ action: 'quarantine.attach_failed', details: { result, failures: failures + 1, refusals: [] } });
    }
  });

  it.each(['failed', 'quota', 'access_denied'] as const)('tries a detach again a minute later, always: %s', (result) => {
    for (const failures of [0, 3, 99]) {
      const { state, entry } = answered({ ...detaching, failures, deniedSince: result === 'access_denied' ? later(-999) : null }, result, later(1));
      expect(state).toMatchObject({ phase: 'detaching', answer: 'failed', failures: failures + 1, refusals: [], dueAt: later(2) });
      expect(entry).toMatchObject({ action: 'quarantine.detach_failed', details: { result, refusals: [] } });
    }
  });

  it.each(['quota', 'access_denied'] as const)('gives no detach up, and refuses nobody who came meanwhile: %s', (result) => {
    const { state } = answered({ ...detaching, holders: one, deniedSince: later(-999) }, result, later(1));
    expect(state).toMatchObject({ phase: 'detaching', answer: 'failed', holders: one, refusals: [] });
  });

  it('gives an attach up at once where the principal has no room for it, says so, and owes the detach at once', () => {
    const { state, entry } = answered({ ...attaching, holders: [...two, over('exe-0')], failures: 3 }, 'quota', later(0.1));
    expect(state).toMatchObject({ phase: 'attaching', holders: [over('exe-0')], dueAt: START });
    expect(state.refusals).toEqual(['exe-1', 'exe-2'].map((executionId) => ({ executionId, why: 'quota', refusedAt: later(0.1) })));
    expect(entry.details).toMatchObject({ left: ['exe-1', 'exe-2'], refusals: [{ execution_id: 'exe-1', why: 'quota' }, { execution_id: 'exe-2' }] });
    expect(answered(attaching, 'quota', later(0.1)).state).toMatchObject({ holders: [], dueAt: later(0.1) });
    expect(commitOf(nextStep(state, later(0.1))).call).toBe('detach');
  });

  it('gives an attach up once it was denied for five minutes, and not before', () => {
    const first = answered(attaching, 'access_denied', later(0.1)).state;
    expect(first).toMatchObject({ holders: one, deniedSince: later(0.1), refusals: [], dueAt: later(1.1) });
    const again = { ...attaching, calledAt: later(5), deniedSince: later(0.1) };
    expect(answered(again, 'access_denied', later(5.099)).state).toMatchObject({ holders: one, deniedSince: later(0.1), refusals: [] });
    const last = answered(again, 'access_denied', later(5.1));
    expect(last.state).toMatchObject({ holders: [], refusals: [{ executionId: 'exe-1', why: 'access_denied', refusedAt: later(5.1) }], dueAt: later(5.1) });
    expect(last.entry.details).toMatchObject({ left: ['exe-1'], refusals: [{ execution_id: 'exe-1', why: 'access_denied' }] });
  });

  it('counts the denial anew where another answer came between', () => {
    expect(answered({ ...attaching, deniedSince: later(-99) }, 'failed', later(1)).state).toMatchObject({ holders: one, deniedSince: null });
  });

  it('owes a detach at once where the last holder let go while the attach was under way', () => {
    expect(answered({ ...attaching, holders: [letGo('exe-1')] }, 'ok', later(0.1)).state).toMatchObject({ phase: 'attaching', answer: 'ok', dueAt: START });
    expect(answered({ ...attaching, holders: [] }, 'ok', later(0.1)).state).toMatchObject({ phase: 'attaching', answer: 'ok', dueAt: later(0.1) });
    expect(answered({ ...attaching, holders: [], failures: 9 }, 'failed', later(0.1)).state.dueAt).toBe(later(0.1));
  });

  it('owes an attach at once where a holder came while the detach was under way', () => {
    expect(answered({ ...detaching, holders: one }, 'ok', later(0.1)).state).toMatchObject({ phase: 'detaching', answer: 'ok', dueAt: later(0.1) });
  });

  it('never waits longer than until the next end', () => {
    expect(answered({ ...attaching, holders: [...one, aHolder('exe-2', { expiresAt: later(3) })] }, 'ok', later(0.1)).state.dueAt).toBe(later(3));
  });
});

describe('dueFor', () => {
  it('is the earliest of all ends and of the next effort', () => {
    const holders = [aHolder('exe-1', { expiresAt: later(30) }), aHolder('exe-2', { expiresAt: null }), aHolder('exe-3', { expiresAt: later(20) })];
    expect(dueFor(anAttached({ holders, nextLookAt: later(25) }), START)).toBe(later(20));
    expect(dueFor(anAttached({ holders, nextLookAt: later(15) }), START)).toBe(later(15));
  });

  it('is now where nobody wants what is attached', () => {
    expect(dueFor(anAttached(), later(7))).toBe(later(7));
    expect(dueFor(anAttaching(), later(1))).toBe(later(1));
  });

  it('is the end of the lease while a call is under way', () => {
    expect(dueFor(anAttaching({ answer: 'none' }), later(1))).toBe(later(1.5));
    expect(dueFor(aDetaching({ answer: 'none', holders: one }), later(1))).toBe(later(1.5));
  });

  it('is never where it is absent and nobody wants it', () => {
    expect(dueFor(anAbsent(), START)).toBeNull();
  });
});
