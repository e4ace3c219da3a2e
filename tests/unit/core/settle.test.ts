import type { Quarantine, Refusal } from '../../../src/core/quarantine.ts';
import { settle, type TargetState, targetState } from '../../../src/core/settle.ts';
import { aDetaching, aHolder, anAbsent, anAttached, anAttaching, anExecution, later, RELEASE, ROLE, USER } from '../../support/machine-builders.ts';

const mine = aHolder('exe-1');
const other = aHolder('exe-2');
const refused: Refusal = { executionId: 'exe-1', why: 'quota', refusedAt: later(1) };

describe('targetState', () => {
  const stateAt = (quarantine: Quarantine, now = later(5)): TargetState => targetState(quarantine, 'exe-1', now);

  it.each([anAttaching({ holders: [mine] }), anAttached({ holders: [mine] })])('is held once an attach was answered: $phase', (quarantine) => {
    expect(stateAt(quarantine)).toEqual({ kind: 'held', arn: ROLE.arn });
  });

  it.each([
    anAbsent({ holders: [mine] }),
    anAttaching({ holders: [mine], answer: 'none' }),
    anAttaching({ holders: [mine], answer: 'failed' }),
    aDetaching({ holders: [mine] }),
  ])('is pending before that: $phase $answer', (quarantine) => {
    expect(stateAt(quarantine)).toEqual({ kind: 'pending', arn: ROLE.arn });
  });

  it.each([anAbsent(), anAttaching(), anAttached({ holders: [other] }), aDetaching()])(
    'is refused where this execution may not have it: $phase',
    (quarantine) => {
      expect(stateAt({ ...quarantine, refusals: [{ ...refused, executionId: 'exe-0' }, refused] })).toEqual({ kind: 'refused', arn: ROLE.arn, why: 'quota' });
    },
  );

  it('is no longer refused where the execution wants it again', () => {
    expect(stateAt(anAttached({ holders: [mine], refusals: [refused] })).kind).toBe('held');
  });

  it.each([anAttaching(), anAttaching({ answer: 'failed' }), anAttached(), aDetaching({ answer: 'none' }), aDetaching({ answer: 'failed' })])(
    'is being let go until a detach was answered: $phase $answer',
    (quarantine) => {
      expect(stateAt(quarantine)).toEqual({ kind: 'letting_go', arn: ROLE.arn });
      expect(stateAt({ ...quarantine, holders: [mine] }, later(180))).toEqual({ kind: 'letting_go', arn: ROLE.arn });
    },
  );

  it.each([anAbsent(), aDetaching(), anAttached({ holders: [other] }), anAttaching({ holders: [other], answer: 'none' }), aDetaching({ holders: [other] })])(
    'is free after that, or where others hold it: $phase',
    (quarantine) => {
      expect(stateAt(quarantine)).toEqual({ kind: 'free', arn: ROLE.arn });
    },
  );
});

const pending: TargetState = { kind: 'pending', arn: ROLE.arn };
const held: TargetState = { kind: 'held', arn: ROLE.arn };
const lettingGo: TargetState = { kind: 'letting_go', arn: ROLE.arn };
const free: TargetState = { kind: 'free', arn: ROLE.arn };
const notFound: TargetState = { kind: 'refused', arn: USER.arn, why: 'not_found' };
const quota: TargetState = { kind: 'refused', arn: ROLE.arn, why: 'quota' };
const byTtl = { kind: 'ttl', by: 'system', why: null, releasedAt: later(5) } as const;

describe('settle, while executing', () => {
  const executing = anExecution('executing');

  it('waits for every target', () => {
    expect(settle(executing, [held, { ...pending, arn: USER.arn }], later(5))).toBeNull();
    expect(settle(executing, [pending, notFound], later(5))).toBeNull();
  });

  it('is executed once anybody is held, and remembers who could not be', () => {
    const transition = settle(executing, [held, notFound], later(5));
    expect(transition?.state).toEqual({ ...anExecution('executed'), heldAt: later(5), refusals: [{ arn: USER.arn, why: 'not_found' }] });
    expect(transition?.entry).toEqual({
      action: 'execution.held',
      actor: 'system',
      details: {
        from: 'executing',
        to: 'executed',
        plan_hash: 'plan-1',
        targets: [
          { arn: ROLE.arn, state: 'held', why: null },
          { arn: USER.arn, state: 'refused', why: 'not_found' },
        ],
      },
    });
  });

  it('has failed where nobody could be held, and says why for each', () => {
    const transition = settle(executing, [quota, notFound], later(5));
    expect(transition?.state).toEqual({
      ...anExecution('failed'),
      refusals: [
        { arn: ROLE.arn, why: 'quota' },
        { arn: USER.arn, why: 'not_found' },
      ],
      endedAt: later(5),
    });
    expect(transition?.entry.action).toBe('execution.failed');
  });

  it('is released, without having held anybody for sure, where its time was over before', () => {
    const letting = settle(executing, [lettingGo, notFound], later(5));
    expect(letting?.state).toEqual({ ...anExecution('releasing'), heldAt: null, release: byTtl });
    expect(letting?.entry.action).toBe('execution.releasing');
    const done = settle(executing, [free, notFound], later(5));
    expect(done?.state).toEqual({ ...anExecution('released'), heldAt: null, release: byTtl, endedAt: later(5) });
    expect(done?.entry.action).toBe('execution.released');
  });
});

describe('settle, while executed', () => {
  const executed = anExecution('executed');

  it.each([[[held, notFound]], [[free, { ...held, arn: USER.arn }]], [[pending]]])('is quiet while anybody is held, or is being held again', (targets) => {
    expect(settle(executed, targets, later(5))).toBeNull();
  });

  it('is being released once nobody is held any more, and released once all are free', () => {
    const letting = settle(executed, [lettingGo, { ...free, arn: USER.arn }], later(5));
    expect(letting?.state).toEqual({ ...anExecution('releasing'), release: byTtl });
    for (const key of ['refusals', 'endIsNear']) expect(letting?.state).not.toHaveProperty(key);
    const done = settle(executed, [free, notFound], later(5));
    expect(done?.state).toEqual({ ...anExecution('released'), release: byTtl, endedAt: later(5) });
    for (const key of ['refusals', 'endIsNear']) expect(done?.state).not.toHaveProperty(key);
  });
});

describe('settle, while releasing', () => {
  const releasing = anExecution('releasing');

  it.each([held, pending, lettingGo])('is quiet while one of them is $kind', (target) => {
    expect(settle(releasing, [target, { ...free, arn: USER.arn }], later(25))).toBeNull();
  });

  it('is released once all are free, by whom and why it was let go', () => {
    const transition = settle(releasing, [free, notFound], later(25));
    expect(transition?.state).toEqual({ ...anExecution('released'), release: RELEASE, endedAt: later(25) });
    expect(transition?.entry).toMatchObject({ action: 'execution.released', details: { from: 'releasing', to: 'released' } });
  });
});
