import fc from 'fast-check';
import { type AuditRecord, EMPTY_CHAIN, headOf, linkRecord, verifyChain } from '../../../src/core/audit-record.ts';
import { type CallResult, type Known, nextStep, recordAnswer, SETTLE_MINUTES, type Step, type Verdict } from '../../../src/core/converge-steps.ts';
import { addHolder, extendHolder, removeHolder } from '../../../src/core/hold-steps.ts';
import { addMinutes, type Instant, latest, minutesBetween } from '../../../src/core/instant.ts';
import { liveHolders, type Quarantine } from '../../../src/core/quarantine.ts';
import type { Transition } from '../../../src/core/transition.ts';
import { aHolder, anAbsent, START } from '../../support/machine-builders.ts';
import { QuarantineWorld } from '../../support/quarantine-world.ts';

type Happening =
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'order'; readonly id: string; readonly minutes: number | null }
  | { readonly kind: 'leave'; readonly id: string }
  | { readonly kind: 'extend'; readonly id: string; readonly minutes: number }
  | { readonly kind: 'step'; readonly known: Known }
  | { readonly kind: 'answer'; readonly result: CallResult };

const ids = ['exe-1', 'exe-2', 'exe-3', 'exe-4'];
const anId = fc.constantFrom(...ids);
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Verdict>({ kind: 'ok' }) },
  { weight: 1, arbitrary: fc.constantFrom<Verdict>({ kind: 'wait' }, { kind: 'refused', why: 'paused' }) },
);
const anyKnown: fc.Arbitrary<Known> = fc.record(
  {
    listed: fc.boolean(),
    verdicts: fc.tuple(verdict, verdict, verdict, verdict).map((all) => new Map(ids.map((id, index) => [id, all[index] ?? { kind: 'ok' }]))),
  },
  { requiredKeys: [] },
);
const anyResult = fc.constantFrom<CallResult>('ok', 'ok', 'ok', 'gone', 'quota', 'access_denied', 'failed');
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass'), minutes: fc.constantFrom(0, 0.5, 1, 1.5, 3.5, 5, 10, 60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('order'), id: anId, minutes: fc.constantFrom(null, 1, 10, 180) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave'), id: anId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('extend'), id: anId, minutes: fc.integer({ min: -100, max: 300 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('step'), known: anyKnown }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('answer'), result: anyResult }) },
);

function transitionOf(step: Step): Transition<Quarantine> | null {
  return step.kind === 'commit' || step.kind === 'call' ? step.transition : null;
}

function apply(quarantine: Quarantine, what: Happening, now: Instant): Transition<Quarantine> | null {
  switch (what.kind) {
    case 'pass':
      return null;
    case 'order':
      return addHolder(
        quarantine,
        aHolder(what.id, { orderedAt: now, expiresAt: what.minutes === null ? null : addMinutes(now, what.minutes) }),
        'system',
        now,
      );
    case 'leave':
      return removeHolder(quarantine, what.id, 'system', null, now);
    case 'extend':
      return extendHolder(quarantine, what.id, addMinutes(now, what.minutes), 'system', now);
    case 'step':
      return transitionOf(nextStep(quarantine, now, what.known));
    case 'answer':
      return recordAnswer(quarantine, what.result, now);
  }
}

interface Moment {
  readonly before: Quarantine;
  readonly what: Happening;
  readonly transition: Transition<Quarantine>;
  readonly now: Instant;
}

/** Each transition that a sequence of happenings leads to, from an empty quarantine. */
function momentsOf(happenings: readonly Happening[]): readonly Moment[] {
  const moments: Moment[] = [];
  let now = START;
  let before: Quarantine = anAbsent({ dueAt: null });
  for (const what of happenings) {
    if (what.kind === 'pass') now = addMinutes(now, what.minutes);
    const transition = apply(before, what, now);
    if (transition === null) continue;
    moments.push({ before, what, transition, now });
    before = transition.state;
  }
  return moments;
}

function always(holds: (moment: Moment) => void): void {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      momentsOf(happenings).forEach(holds);
    }),
    { numRuns: 300 },
  );
}

describe('a quarantine, whatever happens to it in whatever order', () => {
  it('is absent only from absent, or from a detach that has settled, or was denied for as long, and is listed no more', () => {
    always(({ before, what, transition: { state }, now }) => {
      if (state.phase !== 'absent' || before.phase === 'absent') return;
      if (before.phase !== 'detaching') throw new Error(`it is absent from ${before.phase}`);
      expect(what.kind === 'step' && what.known.listed).toBe(false);
      const since = before.answer === 'failed' ? (before.deniedSince ?? before.calledAt) : before.calledAt;
      expect(minutesBetween(since, now)).toBeGreaterThanOrEqual(SETTLE_MINUTES);
    });
  });

  it('is attached only from an attach that has settled and is listed', () => {
    always(({ before, what, transition: { state }, now }) => {
      if (state.phase !== 'attached' || before.phase === 'attached') return;
      if (before.phase !== 'attaching') throw new Error(`it is attached from ${before.phase}`);
      expect(what.kind === 'step' && what.known.listed).toBe(true);
      expect(minutesBetween(before.calledAt, now)).toBeGreaterThanOrEqual(SETTLE_MINUTES);
    });
  });

  it('is left by a detach alone, once it was ordered', () => {
    always(({ before, what, transition: { state, entry } }) => {
      const wasHeld = before.phase === 'attaching' || before.phase === 'attached';
      if (!wasHeld || state.phase === 'attaching' || state.phase === 'attached') return;
      expect([what.kind, state.phase, entry.action]).toEqual(['step', 'detaching', 'quarantine.detach_ordered']);
    });
  });

  it('is called about only once that stands in the row', () => {
    always(({ before, what, now }) => {
      const step = what.kind === 'step' ? nextStep(before, now, what.known) : null;
      if (step?.kind !== 'call') return;
      expect(step.transition.state).toMatchObject({ phase: step.call === 'attach' ? 'attaching' : 'detaching', calledAt: now, answer: 'none' });
      expect(step.transition.entry).toMatchObject({ action: `quarantine.${step.call}_ordered`, details: { called_at: now } });
      if (step.call === 'attach') expect(liveHolders(step.transition.state, now)).not.toHaveLength(0);
    });
  });

  it('keeps whoever wants it, until they let go, end, or are refused', () => {
    always(({ before, what, transition: { state }, now }) => {
      const staying = new Set(state.holders.map(({ executionId }) => executionId));
      const refused = new Set(state.refusals.filter(({ refusedAt }) => refusedAt === now).map(({ executionId }) => executionId));
      const lost = liveHolders(before, now).filter(({ executionId }) => !staying.has(executionId) && !refused.has(executionId));
      expect(lost.filter(({ executionId }) => what.kind !== 'leave' || what.id !== executionId)).toEqual([]);
    });
  });

  it('never ends for anybody earlier than it would have, unless they let go or order anew', () => {
    always(({ before, what, transition: { state }, now }) => {
      const isAsked = (executionId: string): boolean => (what.kind === 'leave' || what.kind === 'order') && what.id === executionId;
      for (const { executionId, expiresAt } of liveHolders(before, now)) {
        const after = state.holders.find((holder) => holder.executionId === executionId);
        if (after === undefined || isAsked(executionId)) continue;
        expect(expiresAt === null ? after.expiresAt === null : String(after.expiresAt) >= expiresAt).toBe(true);
      }
    });
  });

  it('never has anybody as a holder and as refused, or twice', () => {
    always(({ transition: { state } }) => {
      const all = [...state.holders, ...state.refusals].map(({ executionId }) => executionId);
      expect(new Set(all).size).toBe(all.length);
    });
  });

  it('is due as long as anything is owed, and by the next end', () => {
    always(({ transition: { state }, now }) => {
      const owesNothing = state.phase === 'absent' && state.holders.length === 0;
      if (!owesNothing) expect(state.dueAt).not.toBeNull();
      for (const { expiresAt } of state.holders) {
        if (expiresAt !== null) expect(String(state.dueAt) <= latest(expiresAt, now)).toBe(true);
      }
    });
  });

  it('comes to a call, or to rest until a time to come, in a few steps, whatever is known', () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 40 }),
        fc.constantFrom(0, 0.5, 1.5, 5, 60, 200),
        fc.boolean(),
        anyKnown,
        (happenings, minutes, listed, known) => {
          const last = momentsOf(happenings).at(-1);
          const now = addMinutes(last?.now ?? START, minutes);
          const all: Known = { verdicts: new Map(), ...known, listed };
          let state = last?.transition.state ?? anAbsent({ dueAt: null });
          let step = nextStep(state, now, all);
          for (let steps = 0; step.kind === 'commit'; steps += 1) {
            expect(steps).toBeLessThan(5);
            state = step.transition.state;
            step = nextStep(state, now, all);
          }
          const owesNothing = state.phase === 'absent' && state.holders.length === 0;
          if (step.kind === 'rest') expect(step.dueAt === null ? owesNothing : step.dueAt > now).toBe(true);
          else expect(step.kind).toBe('call');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('asks for nothing that it was told, and acts on nothing that it was not', () => {
    always(({ before, what, now }) => {
      if (what.kind !== 'step') return;
      const asked = nextStep(before, now);
      const { kind } = nextStep(before, now, { listed: true, verdicts: new Map() });
      expect(['ask_list', 'ask_checks']).not.toContain(kind);
      if (asked.kind === 'ask_checks') expect(asked.holders).toEqual(liveHolders(before, now));
    });
  });

  it('leaves a chain that verifies, and nothing that JSON could lose', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const records: AuditRecord[] = [];
        let head = EMPTY_CHAIN;
        for (const { transition, now } of momentsOf(happenings)) {
          expect(JSON.parse(JSON.stringify(transition))).toStrictEqual(transition);
          const record = linkRecord(head, 'quarantine#qua-1', transition.entry, now);
          records.push(record);
          head = headOf(record);
        }
        expect(verifyChain('quarantine#qua-1', JSON.parse(JSON.stringify(records)), head)).toEqual([]);
      }),
    );
  });
});

describe('a quarantine and the real attachment', () => {
  const choices = fc.array(fc.nat(719), { minLength: 60, maxLength: 500 });

  function worldOf(numbers: readonly number[]): { readonly world: QuarantineWorld; readonly hasMore: () => boolean } {
    let used = 0;
    const choose = (count: number): number => {
      used += 1;
      return (numbers[used - 1] ?? 0) % count;
    };
    return { world: new QuarantineWorld(choose), hasMore: () => used < numbers.length };
  }

  it('never disagree where the row is sure, whoever crashes, and however late and stale IAM is', () => {
    fc.assert(
      fc.property(choices, (numbers) => {
        const { world, hasMore } = worldOf(numbers);
        while (hasMore()) {
          world.happen();
          expect(world.fault).toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('agree soon once nothing goes wrong any more, by what is due alone: held, and then free', () => {
    fc.assert(
      fc.property(choices, fc.boolean(), (numbers, isWanted) => {
        const { world, hasMore } = worldOf(numbers);
        while (hasMore()) world.happen();
        world.calmDown();
        if (isWanted) {
          world.order(null);
          for (let tick = 0; tick < 24; tick += 1) world.calmTick();
          expect([world.fault, world.quarantine.phase, world.isAttached]).toEqual([null, 'attached', true]);
        }
        world.release();
        for (let tick = 0; tick < 24; tick += 1) world.calmTick();
        expect([world.fault, world.quarantine.phase, world.isAttached, world.quarantine.dueAt]).toEqual([null, 'absent', false, null]);
      }),
      { numRuns: 200 },
    );
  });
});
