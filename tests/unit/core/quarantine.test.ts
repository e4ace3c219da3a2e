import fc from 'fast-check';
import { emptyQuarantine, liveHolders, MAX_HOLDERS, quarantineIdOf, REFUSALS, type Refusal, withRefusals } from '../../../src/core/quarantine.ts';
import { aHolder, anAbsent, anAttached, DENY_POLICY, later, ROLE, START, USER } from '../../support/machine-builders.ts';

describe('quarantineIdOf', () => {
  it('is the same however the names are written, for IAM ignores their case', () => {
    expect(quarantineIdOf(ROLE.arn, DENY_POLICY)).toMatch(/^qua-[0-9a-f]{32}$/);
    expect(quarantineIdOf(ROLE.arn.toUpperCase(), DENY_POLICY.toUpperCase())).toBe(quarantineIdOf(ROLE.arn, DENY_POLICY));
  });

  it('differs by principal and by deny policy', () => {
    const ids = [quarantineIdOf(ROLE.arn, DENY_POLICY), quarantineIdOf(USER.arn, DENY_POLICY), quarantineIdOf(ROLE.arn, `${DENY_POLICY}0`)];
    expect(new Set(ids).size).toBe(3);
  });
});

describe('emptyQuarantine', () => {
  it('is absent, wanted by nobody, and owes nothing', () => {
    expect(emptyQuarantine(ROLE, DENY_POLICY, 'document-1')).toEqual({
      quarantineId: quarantineIdOf(ROLE.arn, DENY_POLICY),
      principal: ROLE,
      denyPolicyName: DENY_POLICY,
      documentHash: 'document-1',
      holders: [],
      refusals: [],
      firstAttachedAt: null,
      wasThere: false,
      dueAt: null,
      phase: 'absent',
      calledAt: null,
    });
  });
});

describe('liveHolders', () => {
  const holders = [aHolder('exe-1', { expiresAt: later(10) }), aHolder('exe-2', { expiresAt: null })];

  it('are those whose time is not over, and those without an end', () => {
    expect(liveHolders(anAttached({ holders }), later(9.999))).toEqual(holders);
  });

  it('are no longer those whose time is over, from that very moment', () => {
    expect(liveHolders(anAttached({ holders }), later(10))).toEqual([holders[1]]);
  });

  it('are none where nobody wants it', () => {
    expect(liveHolders(anAbsent(), START)).toEqual([]);
  });
});

describe('withRefusals', () => {
  const refusal = (executionId: string, why: Refusal['why'] = 'paused'): Refusal => ({ executionId, why, refusedAt: START });

  it('lets the refused leave, keeps why, and lets the others stay', () => {
    const quarantine = anAttached({ holders: [aHolder('exe-1'), aHolder('exe-2')], refusals: [refusal('exe-0')] });
    expect(withRefusals(quarantine, [refusal('exe-1')])).toEqual({
      ...quarantine,
      holders: [aHolder('exe-2')],
      refusals: [refusal('exe-0'), refusal('exe-1')],
    });
  });

  it('changes nothing where nobody was refused', () => {
    const quarantine = anAttached({ holders: [aHolder('exe-1')], refusals: [refusal('exe-0')] });
    expect(withRefusals(quarantine, [])).toEqual(quarantine);
  });

  it('keeps one refusal for each execution, the last one', () => {
    expect(withRefusals(anAbsent({ refusals: [refusal('exe-1', 'quota')] }), [refusal('exe-1')]).refusals).toEqual([refusal('exe-1')]);
  });

  it('keeps all of the last ones, and not all for ever', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(MAX_HOLDERS), fc.constantFrom(...REFUSALS)), { maxLength: 8 }), (rounds) => {
        let quarantine = anAbsent();
        for (const [round, [count, why]] of rounds.entries()) {
          const refused = Array.from({ length: count }, (_, index) => refusal(`exe-${round}-${index}`, why));
          quarantine = withRefusals(quarantine, refused);
          expect(quarantine.refusals.slice(-count || quarantine.refusals.length + 1)).toEqual(refused);
        }
        expect(quarantine.refusals.length).toBeLessThanOrEqual(2 * MAX_HOLDERS);
      }),
    );
  });
});
