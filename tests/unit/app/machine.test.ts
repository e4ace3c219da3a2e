import { eventKeyOf, giveUpSignal } from '../../../src/app/evaluate-signal.ts';
import { extendExecution, releaseExecution } from '../../../src/app/release-execution.ts';
import { type Answerer, resolveApproval } from '../../../src/app/resolve-approval.ts';
import { setSwitch } from '../../../src/app/set-switch.ts';
import type { Actor } from '../../../src/core/audit-record.ts';
import { addMinutes } from '../../../src/core/instant.ts';
import { readSignals } from '../../../src/sources/read-signal.ts';
import { amount, aPolicy } from '../../support/builders.ts';
import { anAlert, SmallEngine } from '../../support/small-engine.ts';

const CI = 'arn:aws:iam::111122223333:role/ci-deployer';
const auto = aPolicy({ policyId: 'auto', mode: 'auto', ttlMinutes: 60 });
const manual = aPolicy({
  policyId: 'manual',
  mode: 'manual',
  ttlMinutes: 60,
  approval: { approvers: ['slack:UALICE', 'slack:UBOB'], minApprovals: 2, expiresMinutes: 60 },
});
const severity = { amount: amount('250'), threshold: amount('160'), alertType: 'actual' } as const;

function answer(
  engine: SmallEngine,
  verb: 'approve' | 'reject',
  by: Actor,
  changes: { mayAnswer?: boolean; planHash?: string } = {},
  deps: Answerer = engine.deps,
) {
  const { executionId, plan } = engine.execution('manual');
  return resolveApproval(deps, executionId, { verb, by, mayAnswer: true, planHash: String(plan?.planHash), why: null, ...changes }, severity);
}

describe('a policy in auto', () => {
  it('holds at once, confirms after the settle time, and lets go when its time is over', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert());
    expect(engine.worn(CI)).toHaveLength(1);
    expect(engine.execution('auto').status).toBe('executed');
    expect(engine.quarantines()).toEqual([expect.objectContaining({ phase: 'attaching', answer: 'ok' })]);
    await engine.pass(7);
    expect(engine.quarantines()).toEqual([expect.objectContaining({ phase: 'attached' })]);
    await engine.pass(52);
    expect(engine.worn(CI)).toHaveLength(1);
    await engine.pass(2);
    expect(engine.worn(CI)).toEqual([]);
    expect(engine.execution('auto').status).toBe('released');
    await engine.pass(7);
    expect(engine.quarantines()).toEqual([expect.objectContaining({ phase: 'absent', holders: [], dueAt: null })]);
    expect(engine.trail(`execution#${engine.execution('auto').executionId}`)).toEqual([
      'execution.decided',
      'execution.held',
      'execution.end_is_near',
      'execution.releasing',
      'execution.released',
    ]);
    expect(engine.reports).toEqual([]);
  });

  it('answers the same alert once, however often it comes', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert());
    const rows = engine.store.rows().size;
    await engine.receive(anAlert());
    expect(engine.store.rows().size).toBe(rows);
  });

  it('extends its hold when the incident goes on', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert());
    const before = engine.execution('auto');
    await engine.pass(30);
    await engine.receive(anAlert({ amount: '300.00' }));
    const after = engine.execution('auto');
    expect('order' in after && 'order' in before && after.order.expiresAt).toBe(addMinutes(engine.nowAt, 60));
    expect(
      engine
        .executions()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['executed', 'merged']);
    expect(engine.quarantines()[0]?.holders).toHaveLength(1);
    await engine.pass(61);
    expect(engine.worn(CI)).toEqual([]);
  });

  it('says why nobody could be held, and asks people where the breaker is full', async () => {
    const gone = new SmallEngine([auto]);
    gone.directory.deletePrincipal(CI);
    gone.nowAt = addMinutes(gone.nowAt, 2);
    await gone.receive(anAlert());
    expect(gone.execution('auto')).toEqual(expect.objectContaining({ status: 'failed', refusals: [{ arn: CI, why: 'not_found' }] }));
    const full = new SmallEngine([auto], { breaker: { maxQuarantines: 1, perMinutes: 60 } });
    await full.receive(anAlert({ budget: 'one' }));
    await full.receive(anAlert({ budget: 'two' }));
    expect(
      full
        .executions()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['awaiting_approval', 'executed']);
  });

  it('lets go of what others still hold only when the last of them does', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert({ budget: 'one' }));
    await engine.pass(30);
    await engine.receive(anAlert({ budget: 'two' }));
    await engine.pass(35);
    expect(
      engine
        .executions()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['executed', 'released']);
    expect(engine.worn(CI)).toHaveLength(1);
    await engine.pass(30);
    expect(engine.worn(CI)).toEqual([]);
  });

  it('attaches nothing while paused, and still lets go', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert({ budget: 'one' }));
    await setSwitch(engine.deps, 'paused', 'iam:operator');
    await engine.receive(anAlert({ budget: 'two' }));
    expect(
      engine
        .executions()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['executed', 'planned']);
    await engine.pass(61);
    expect(engine.worn(CI)).toEqual([]);
    expect(await setSwitch(engine.deps, 'paused', 'iam:operator')).toBe('done');
    expect(engine.trail('control#switch')).toEqual(['engine.paused']);
  });
});

describe('a policy in manual', () => {
  it('holds after as many approvals as it needs, and not before', async () => {
    const engine = new SmallEngine([manual]);
    await engine.receive(anAlert());
    expect(engine.worn(CI)).toEqual([]);
    expect(await answer(engine, 'approve', 'slack:UALICE')).toEqual({ kind: 'recorded' });
    expect(await answer(engine, 'approve', 'slack:UALICE')).toEqual({ kind: 'refused', why: 'already_approved' });
    expect(engine.execution('manual').status).toBe('awaiting_approval');
    expect(await answer(engine, 'approve', 'slack:UBOB')).toEqual({ kind: 'approved' });
    await engine.work();
    expect(engine.worn(CI)).toHaveLength(1);
    expect(await answer(engine, 'approve', 'slack:UBOB')).toEqual({ kind: 'refused', why: 'not_waiting' });
  });

  it.each([
    ['a stranger', { mayAnswer: false }, 'not_an_approver'],
    ['somebody who saw another plan', { planHash: 'another' }, 'other_plan'],
  ])('takes no answer of %s', async (_who, changes, why) => {
    const engine = new SmallEngine([manual]);
    await engine.receive(anAlert());
    const rows = JSON.stringify([...engine.store.rows()]);
    expect(await answer(engine, 'approve', 'slack:UALICE', changes)).toEqual({ kind: 'refused', why });
    expect(JSON.stringify([...engine.store.rows()])).toBe(rows);
  });

  it('lets a request end when nobody answers, after one reminder', async () => {
    const engine = new SmallEngine([manual]);
    await engine.receive(anAlert());
    await engine.pass(61);
    const { executionId, status } = engine.execution('manual');
    expect(status).toBe('expired');
    expect(engine.trail(`execution#${executionId}`)).toEqual(['execution.decided', 'execution.reminded', 'execution.expired']);
    expect(await answer(engine, 'approve', 'slack:UALICE')).toEqual({ kind: 'refused', why: 'not_waiting' });
  });

  it('leaves a rejected incident alone until it gets worse', async () => {
    const engine = new SmallEngine([manual]);
    await engine.receive(anAlert());
    expect(await answer(engine, 'reject', 'slack:UALICE')).toEqual({ kind: 'rejected' });
    await engine.receive(anAlert({ amount: '300.00' }));
    expect(engine.executions()).toHaveLength(1);
    await engine.receive(anAlert({ amount: '500.00' }));
    expect(
      engine
        .executions()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['awaiting_approval', 'rejected']);
  });

  it('has one effect where two answer at the same moment', async () => {
    const one = { ...manual, approval: { ...manual.approval, minApprovals: 1 } };
    const engine = new SmallEngine([one]);
    await engine.receive(anAlert());
    const answers = await Promise.all([answer(engine, 'approve', 'slack:UALICE'), answer(engine, 'reject', 'slack:UBOB')]);
    expect(answers.filter(({ kind }) => kind !== 'refused')).toHaveLength(1);
    expect(['executing', 'rejected']).toContain(engine.execution('manual').status);
  });
});

describe('an operator', () => {
  it('lets go by hand, and is told when there is nothing to let go', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert());
    const { executionId } = engine.execution('auto');
    expect(await releaseExecution(engine.deps, executionId, 'iam:operator', 'false alarm')).toBe('released');
    await engine.work();
    expect(engine.worn(CI)).toEqual([]);
    expect(engine.execution('auto').status).toBe('released');
    expect(await releaseExecution(engine.deps, executionId, 'iam:operator', 'again')).toBe('not_held');
    expect(await releaseExecution(engine.deps, 'exe-unknown', 'iam:operator', 'x')).toBe('unknown');
  });

  it('moves the end of a hold further, never nearer, never too far, never while paused', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert());
    const { executionId } = engine.execution('auto');
    const extend = (minutes: number) => extendExecution(engine.deps, executionId, 'iam:operator', minutes, 240);
    expect(await extend(30)).toBe('not_longer');
    expect(await extend(241)).toBe('too_long');
    expect(await extend(120)).toBe('extended');
    await setSwitch(engine.deps, 'paused', 'iam:operator');
    expect(await extend(200)).toBe('paused');
    await engine.pass(100);
    expect(engine.worn(CI)).toHaveLength(1);
    await engine.pass(21);
    expect(engine.worn(CI)).toEqual([]);
    expect(await extend(10)).toBe('not_held');
    expect(await extendExecution(engine.deps, 'exe-unknown', 'iam:operator', 10, 240)).toBe('unknown');
  });
});

describe('telling people', () => {
  it('owes a message for each change, and tells what is', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive(anAlert());
    await engine.pass(1);
    const [first] = engine.messenger.told();
    expect(first).toEqual(expect.objectContaining({ channel: 'C0PLATFORM', isOutdated: false }));
    const notice = engine.store.rows().get(String(first?.noticeKey))?.value;
    expect(notice).toEqual(expect.objectContaining({ tellingSince: null }));
  });

  it('keeps what it could not read, and tells it once', async () => {
    const engine = new SmallEngine([auto]);
    await engine.receive('Hello');
    await engine.receive('Hello');
    await engine.pass(2);
    expect(engine.messenger.told().map(({ channel }) => channel)).toEqual(['#engine']);
    const events = [...engine.store.rows().values()].filter(({ kind }) => kind === 'event');
    expect(events.map(({ value }) => value)).toEqual([expect.objectContaining({ reading: 'unreadable', reason: 'unknown_format', text: 'Hello' })]);
  });

  it('keeps what could not be evaluated in the end, and leaves what was', async () => {
    const engine = new SmallEngine([auto]);
    await giveUpSignal(engine.deps, anAlert());
    await giveUpSignal(engine.deps, anAlert());
    const [reading] = readSignals(anAlert());
    const key = reading === undefined ? '' : eventKeyOf(reading, anAlert());
    expect(engine.store.rows().get(key)?.value).toEqual(expect.objectContaining({ reading: 'unreadable', reason: 'evaluation_failed' }));
    expect(engine.trail(key)).toEqual(['event.unreadable']);
    await engine.receive(anAlert({ budget: 'other' }));
    await giveUpSignal(engine.deps, anAlert({ budget: 'other' }));
    expect([...engine.store.rows().values()].filter(({ kind }) => kind === 'event')).toHaveLength(2);
  });
});
