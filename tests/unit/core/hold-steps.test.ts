import { addHolder, extendHolder, removeHolder } from '../../../src/core/hold-steps.ts';
import { MAX_HOLDERS, type Refusal } from '../../../src/core/quarantine.ts';
import { aDetaching, aHolder, anAbsent, anAttached, anAttaching, DENY_POLICY, later, ROLE, START } from '../../support/machine-builders.ts';

const ALICE = 'slack:U0ALICE';
const one = aHolder('exe-1');
const full = Array.from({ length: MAX_HOLDERS }, (_, index) => aHolder(`exe-${index + 1}`));
const refusal: Refusal = { executionId: 'exe-1', why: 'paused', refusedAt: START };

describe('addHolder', () => {
  it('orders the quarantine, due at once, on record', () => {
    const { state, entry } = addHolder(anAbsent({ dueAt: null }), one, ALICE, START);
    expect(state).toEqual(anAbsent({ holders: [one], dueAt: START }));
    expect(entry).toEqual({
      action: 'quarantine.ordered',
      actor: ALICE,
      details: { principal: ROLE.arn, deny_policy: DENY_POLICY, phase: 'absent', execution_id: 'exe-1', expires_at: later(180) },
    });
  });

  it.each([anAttaching({ answer: 'none' }), anAttached(), aDetaching({ answer: 'none' })])(
    'changes nothing but who wants it, and when to look: $phase',
    (quarantine) => {
      expect(addHolder(quarantine, one, ALICE, later(1)).state).toEqual({ ...quarantine, holders: [one], dueAt: later(1) });
    },
  );

  it('joins those whose time runs, and drops those whose time is over', () => {
    const holders = [aHolder('exe-0', { expiresAt: later(5) }), aHolder('exe-2', { expiresAt: null })];
    expect(addHolder(anAttached({ holders }), one, ALICE, later(5)).state.holders.map(({ executionId }) => executionId)).toEqual(['exe-2', 'exe-1']);
  });

  it('is one holder still where the execution is one already', () => {
    const { state } = addHolder(anAttached({ holders: [one, aHolder('exe-2')] }), aHolder('exe-1', { expiresAt: later(300) }), ALICE, later(5));
    expect(state.holders).toEqual([aHolder('exe-2'), aHolder('exe-1', { expiresAt: later(300) })]);
  });

  it('forgets that the execution was refused before, and nobody else', () => {
    const { state } = addHolder(anAbsent({ refusals: [refusal, { ...refusal, executionId: 'exe-2' }] }), one, ALICE, later(5));
    expect(state).toMatchObject({ holders: [one], refusals: [{ executionId: 'exe-2' }] });
  });

  it('refuses one more than a hundred, says so, and leaves the others alone', () => {
    const before = anAttached({ holders: full, dueAt: later(6) });
    const { state, entry } = addHolder(before, aHolder('exe-x'), 'system', later(5));
    expect(state).toEqual({ ...before, refusals: [{ executionId: 'exe-x', why: 'too_many_holders', refusedAt: later(5) }] });
    expect(entry).toMatchObject({ action: 'quarantine.refused', actor: 'system', details: { execution_id: 'exe-x', why: 'too_many_holders' } });
  });

  it('takes the hundredth, one that is there already, and one in the place of one whose time is over', () => {
    expect(addHolder(anAttached({ holders: full.slice(1) }), one, 'system', START).state.holders).toHaveLength(MAX_HOLDERS);
    expect(addHolder(anAttached({ holders: full }), one, 'system', START).state.holders).toHaveLength(MAX_HOLDERS);
    const holders = [aHolder('exe-0', { expiresAt: START }), ...full.slice(1)];
    expect(addHolder(anAttached({ holders }), one, 'system', START).state).toMatchObject({ refusals: [] });
  });

  it('keeps no endless list of refusals', () => {
    let state: ReturnType<typeof addHolder>['state'] = anAttached({ holders: full });
    for (let index = 0; index < 500; index += 1) state = addHolder(state, aHolder(`exe-x${index}`), 'system', START).state;
    expect(state.refusals).toHaveLength(2 * MAX_HOLDERS);
    expect(state.refusals.at(-1)?.executionId).toBe('exe-x499');
  });
});

describe('removeHolder', () => {
  it.each([anAbsent(), anAttaching({ answer: 'none' }), anAttached(), aDetaching()])(
    'ends the time of the execution, in any phase, due at once, on record: $phase',
    (quarantine) => {
      for (const mine of [one, aHolder('exe-1', { expiresAt: null, orderedAt: later(2) })]) {
        const transition = removeHolder({ ...quarantine, holders: [mine, aHolder('exe-2')] }, 'exe-1', ALICE, 'false alarm', later(5));
        expect(transition?.state).toEqual({ ...quarantine, holders: [{ ...mine, expiresAt: mine.orderedAt }, aHolder('exe-2')], dueAt: later(5) });
        expect(transition?.entry).toEqual({
          action: 'quarantine.let_go',
          actor: ALICE,
          details: { principal: ROLE.arn, deny_policy: DENY_POLICY, phase: quarantine.phase, execution_id: 'exe-1', why: 'false alarm' },
        });
      }
    },
  );

  it('changes nothing where it is no holder, or no more', () => {
    expect(removeHolder(anAttached({ holders: [one] }), 'exe-2', ALICE, null, later(5))).toBeNull();
    expect(removeHolder(anAbsent({ refusals: [refusal] }), 'exe-1', ALICE, null, later(5))).toBeNull();
    expect(removeHolder(anAttached({ holders: [one] }), 'exe-1', ALICE, null, later(180))).toBeNull();
  });

  it('changes nothing a second time', () => {
    const left = removeHolder(anAttached({ holders: [one] }), 'exe-1', ALICE, null, later(5));
    expect(left && removeHolder(left.state, 'exe-1', ALICE, null, later(5))).toBeNull();
  });
});

describe('extendHolder', () => {
  const quarantine = anAttached({ holders: [one, aHolder('exe-2')], nextLookAt: later(500), dueAt: later(180) });

  it('moves the end of that holder alone, on record, and is due by the next end', () => {
    const transition = extendHolder(quarantine, 'exe-1', later(240), ALICE, later(100));
    expect(transition?.state).toEqual({ ...quarantine, holders: [aHolder('exe-1', { expiresAt: later(240) }), aHolder('exe-2')] });
    expect(transition?.entry).toEqual({
      action: 'quarantine.extended',
      actor: ALICE,
      details: {
        principal: ROLE.arn,
        deny_policy: DENY_POLICY,
        phase: 'attached',
        execution_id: 'exe-1',
        from_expires_at: later(180),
        expires_at: later(240),
      },
    });
    expect(extendHolder({ ...quarantine, holders: [one] }, 'exe-1', later(240), ALICE, later(100))?.state.dueAt).toBe(later(240));
  });

  it.each([
    ['earlier', later(179)],
    ['the same', later(180)],
  ])('never shortens: a time that is %s changes nothing', (_, expiresAt) => {
    expect(extendHolder(quarantine, 'exe-1', expiresAt, ALICE, later(100))).toBeNull();
  });

  it('brings nobody back whose time is over, from that very moment', () => {
    expect(extendHolder(quarantine, 'exe-1', later(240), ALICE, later(179.999))).not.toBeNull();
    expect(extendHolder(quarantine, 'exe-1', later(240), ALICE, later(180))).toBeNull();
  });

  it('changes nothing where it is no holder, or holds without an end', () => {
    expect(extendHolder(quarantine, 'exe-3', later(240), ALICE, later(100))).toBeNull();
    expect(extendHolder(anAttached({ holders: [aHolder('exe-1', { expiresAt: null })] }), 'exe-1', later(240), ALICE, later(100))).toBeNull();
  });
});
