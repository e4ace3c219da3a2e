import type { Weather } from './weather.ts';

/** One change to a source file: `find` must be there exactly once. */
export interface SourceEdit {
  /** From the project's root. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A mistake that the simulator must catch. */
export interface PlantedFault {
  readonly name: string;
  /** What goes wrong by it, in words. */
  readonly breaks: string;
  readonly edits: readonly SourceEdit[];
  /** What the runs are made of, where a seed seldom draws what the mistake needs. */
  readonly weather?: Partial<Weather>;
  /** From the first seed on, so many are enough to catch it. */
  readonly withinSeeds: number;
  /** The promises of which one is seen broken, by their numbers. */
  readonly promises: readonly string[];
}

const CONVERGE = 'src/app/converge-quarantine.ts';
const STEPS = 'src/core/converge-steps.ts';
const CHECKS = 'src/app/check-attach.ts';
const COMMIT = 'src/app/commit-changes.ts';
const DECIDE = 'src/app/commit-decision.ts';
const EVALUATE = 'src/app/evaluate-signal.ts';
const HOLDS = 'src/core/hold-steps.ts';
const HOLD_CHANGES = 'src/app/hold-changes.ts';
const RELEASE = 'src/app/release-execution.ts';
const APPROVAL = 'src/core/approval.ts';
const SWEEP = 'src/app/sweep.ts';
const TELL = 'src/app/tell-people.ts';
const STORE = 'src/adapters/memory/memory-store.ts';
const SCHEDULER = 'src/adapters/memory/memory-scheduler.ts';
const DEPLOYED = 'tests/simulation/deployed-engine.ts';

const COMMIT_STEP = "if ((await commitStep(deps, row, step.transition)).kind === 'conflict') continue;";
const FIND_STEP = 'const step = await findStep(deps, row.value, now);';

// IAM is slow to do what it was told, and people change their minds meanwhile.
const LATE_AND_NERVOUS: Partial<Weather> = {
  rates: { iam: 0.6 },
  crashRate: 0,
  slowRate: 0,
  changesOfMind: 0.7,
  paceMs: 300_000,
  happenings: ['alert', 'changes of mind', 'release', 'approve at once by all'],
};

const LOOK_AT_ONCE = {
  file: CONVERGE,
  find: '    return await settleAll(deps, before.value, transition.state);',
  replace: `    await settleAll(deps, before.value, transition.state);
    return result === 'ok' || result === 'gone' ? await convergeQuarantine(deps, key) : undefined;`,
};

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'attach before the commit',
    breaks: 'IAM is changed while nothing says so yet; a crash in between leaves an attachment that nobody knows of',
    edits: [
      {
        file: CONVERGE,
        find: COMMIT_STEP,
        replace: `if (step.kind === 'call' && step.call === 'attach') await resultOf(deps.iam.attach(row.value.principal, row.value.denyPolicyName));\n${COMMIT_STEP}`,
      },
    ],
    withinSeeds: 5,
    promises: ['2'],
  },
  {
    name: 'no version check',
    breaks: 'two who read the same row both write it, and the first step is lost',
    edits: [{ file: STORE, find: '(this.#rows.get(row.key)?.version ?? 0) === expectedVersion', replace: '(this.#rows.get(row.key)?.version ?? 0) >= 0' }],
    withinSeeds: 15,
    promises: ['3', '6', '8', '10', '11', 'messages'],
  },
  {
    name: 'holders from a lagging index',
    breaks: 'whoever came or left a moment ago is written back as if not',
    edits: [
      {
        file: STORE,
        find: '  readonly #due = new DueIndex();',
        replace: '  readonly #due = new DueIndex();\n  readonly #older = new Map<string, { value: unknown; until: string }>();',
      },
      {
        file: STORE,
        find: '      this.#rows.set(row.key, row);',
        replace: `const shown = this.#rows.get(row.key);
          if (shown !== undefined) this.#older.set(row.key, { value: shown.value, until: later(now, 60_000) });
          this.#rows.set(row.key, row);`,
      },
      {
        file: STORE,
        find: 'if (row !== undefined) found.set(key, row);',
        replace: `const older = this.#older.get(key);
          if (row !== undefined) found.set(key, { ...row, indexed: older !== undefined && older.until > this.#now() ? older.value : row.value });`,
      },
      { file: CONVERGE, find: FIND_STEP, replace: 'const step = await findStep(deps, { ...row.value, holders: row.indexed.holders }, now);' },
    ],
    withinSeeds: 10,
    promises: ['6', '8', '10'],
  },
  {
    name: 'an early look decides that it is attached',
    breaks: 'a list that still shows what was before counts as proof, and nobody is held',
    edits: [{ file: STEPS, find: '  const settled = isSettled(quarantine, now);', replace: '  const settled = true;' }, LOOK_AT_ONCE],
    weather: LATE_AND_NERVOUS,
    withinSeeds: 100,
    promises: ['8'],
  },
  {
    name: 'no settle time before absent',
    breaks: 'a stale list, or a call that lands late, leaves an attachment behind a row that says there is none',
    edits: [
      {
        file: STEPS,
        find: "  if (!isSettled(quarantine, now) && !isDeniedForLong(quarantine, now)) return quarantine.answer === 'ok' ? rest(quarantine, now) : detach(quarantine, now);\n",
        replace: '',
      },
      LOOK_AT_ONCE,
    ],
    weather: LATE_AND_NERVOUS,
    withinSeeds: 20,
    promises: ['8', '1'],
  },
  {
    name: 'the last holder leaves without a detach',
    breaks: 'the row is put away while the deny policy stays attached',
    edits: [
      {
        file: STEPS,
        find: 'return live.length > 0 ? look(quarantine, now, known) : detach(quarantine, now);',
        replace: 'return live.length > 0 ? look(quarantine, now, known) : confirmAbsent(quarantine, now);',
      },
      {
        file: STEPS,
        find: 'return live.length > 0 ? whileAttaching(quarantine, live, now, known) : detach(quarantine, now);',
        replace: 'return live.length > 0 ? whileAttaching(quarantine, live, now, known) : confirmAbsent(quarantine, now);',
      },
    ],
    withinSeeds: 5,
    promises: ['8'],
  },
  {
    name: 'a release that looks at attached targets alone',
    breaks: 'whoever is being attached at that moment stays held by an execution that was released',
    edits: [
      {
        file: HOLD_CHANGES,
        find: '(quarantine) => removeHolder(quarantine, executionId, by, why, base.now())',
        replace: "(quarantine) => (quarantine.phase === 'attached' ? removeHolder(quarantine, executionId, by, why, base.now()) : null)",
      },
    ],
    withinSeeds: 12,
    promises: ['10'],
  },
  {
    name: 'a retry by throwing',
    breaks: 'a failed call is known to its message alone, which comes back three times and then lies among the dead letters',
    edits: [
      { file: CONVERGE, find: "    if (error instanceof OutsideError) return 'failed';\n", replace: '' },
      {
        file: CONVERGE,
        find: '    const { state } = step.transition;',
        replace: "    const state = step.kind === 'call' ? { ...step.transition.state, dueAt: null } : step.transition.state;",
      },
      { file: CONVERGE, find: COMMIT_STEP, replace: "if ((await commitStep(deps, row, { ...step.transition, state })).kind === 'conflict') continue;" },
      {
        file: DEPLOYED,
        find: "        ports.report('enforce', wakeUp.key, error); // the row stays due; the message has done its work",
        replace: '        throw error;',
      },
    ],
    weather: { rates: { iam: 0.5 } },
    withinSeeds: 20,
    promises: ['1', '8'],
  },
  {
    name: 'rights to detach narrowed by a deploy',
    breaks: 'the new revision may not take off what the old one attached, and no code can heal that',
    edits: [
      {
        file: DEPLOYED,
        find: '      const result = await this.iam[call](principal, denyPolicyName);',
        replace: `      const { prepared } = this.revisions.enforce;
          const isNamed = prepared.some(({ plan }) => plan?.denyPolicyName === denyPolicyName && plan.principals.some(({ arn }) => arn === principal.arn));
          const result = call === 'detach' && !isNamed ? 'access_denied' : await this.iam[call](principal, denyPolicyName);`,
      },
    ],
    weather: { rates: {}, crashRate: 0, changesOfMind: 0, chaosMs: 7_200_000, paceMs: 300_000, happenings: ['alert', 'deploy'] },
    withinSeeds: 40,
    promises: ['1'],
  },
  {
    name: 'the end of a hold taken from the message',
    breaks: 'a clock that was set before an extension ends the hold at the old time',
    edits: [
      {
        file: SCHEDULER,
        find: "map(({ quarantineKey }) => ({ kind: 'quarantine', key: quarantineKey }))",
        replace: "map(({ quarantineKey, at }) => ({ kind: 'quarantine', key: quarantineKey, expiresAt: at }))",
      },
      {
        file: DEPLOYED,
        find: 'await convergeQuarantine({ ...ports, policies }, wakeUp.key);',
        replace: 'await convergeQuarantine({ ...ports, policies, expiresAt: wakeUp.expiresAt }, wakeUp.key);',
      },
      {
        file: CONVERGE,
        find: 'setClock(deps, key, dueAt)]',
        replace: "setClock(deps, key, call === 'attach' ? (ordered.holders[0]?.expiresAt ?? null) : null)]",
      },
      {
        file: CONVERGE,
        find: FIND_STEP,
        replace: `const { expiresAt } = deps;
          const holders = expiresAt === undefined ? row.value.holders : row.value.holders.map((holder) => ({ ...holder, expiresAt }));
          const step = await findStep(deps, { ...row.value, holders }, now);`,
      },
    ],
    withinSeeds: 20,
    promises: ['6'],
  },
  {
    name: 'an extension that shortens',
    breaks: 'whoever asks for a few minutes more ends the hold early',
    edits: [
      { file: RELEASE, find: "return expiresAt <= order.expiresAt ? 'not_longer' : null;", replace: 'return null;' },
      { file: HOLDS, find: ' || expiresAt <= holder.expiresAt', replace: '' },
    ],
    weather: { happenings: ['alert', 'extend'] },
    withinSeeds: 10,
    promises: ['6'],
  },
  {
    name: 'the plan is not compared before the attach',
    breaks: 'somebody is held by a policy that a deploy has changed or taken away',
    edits: [{ file: CHECKS, find: "if (planStands) return { kind: 'ok' };", replace: "return { kind: 'ok' };" }],
    weather: { happenings: ['alert', 'deploy'] },
    withinSeeds: 10,
    promises: ['2'],
  },
  {
    name: 'the principal is matched by its name alone',
    breaks: 'another principal of that name, under another path, is held',
    edits: [
      {
        file: CHECKS,
        find: "  if (seen.principal.arn !== arn) return parsePrincipalArn(seen.principal.arn)?.accountId === wanted?.accountId ? 'other_principal' : 'foreign_account';\n",
        replace: '',
      },
    ],
    withinSeeds: 12,
    promises: ['5'],
  },
  {
    name: 'the audit record in a commit of its own',
    breaks: 'a crash in between leaves a step that the log knows nothing of',
    edits: [
      {
        file: COMMIT,
        find: 'const result = await base.store.commit(commit);',
        replace: `const result = await base.store.commit({ ...commit, records: [] });
          if (result.kind === 'committed' && commit.records.length > 0) await base.store.commit({ commitId: base.newId(), writes: [], records: commit.records });`,
      },
    ],
    withinSeeds: 3,
    promises: ['3'],
  },
  {
    name: 'a sweep that stops at the first bad row',
    breaks: 'everything that is due after it waits for ever',
    edits: [{ file: SWEEP, find: "    deps.report('sweep', id, error);", replace: '    throw error;' }],
    withinSeeds: 30,
    promises: ['1', '4', '8', 'messages'],
  },
  {
    name: 'the breaker in a commit of its own',
    breaks: 'alerts that come at once all find room in it',
    edits: [
      {
        file: DECIDE,
        find: "    if ((await commitChanges(base, changes)).kind === 'committed') {",
        replace: `const apart = changes.filter(({ key }) => key === BREAKER_KEY);
          if ((await commitChanges(base, changes.filter((change) => !apart.includes(change)))).kind === 'committed') {
            if (apart.length > 0) await commitChanges(base, apart);`,
      },
    ],
    withinSeeds: 30,
    promises: ['11'],
  },
  {
    name: 'one person counts twice',
    breaks: 'one person alone answers where two must',
    edits: [
      {
        file: APPROVAL,
        find: "  if (request.approvals.some(({ by }) => by === answer.by)) return { kind: 'refused', why: 'already_approved' };\n",
        replace: '',
      },
    ],
    weather: { happenings: ['alert', 'approve twice'] },
    withinSeeds: 25,
    promises: ['2'],
  },
  {
    name: 'an approval after the request ended',
    breaks: 'an answer that came too late still holds somebody',
    edits: [{ file: APPROVAL, find: "  if (now >= request.expiresAt) return { kind: 'refused', why: 'expired' };\n", replace: '' }],
    withinSeeds: 25,
    promises: ['4'],
  },
  {
    name: 'the answer of an older call',
    breaks: 'with a lease shorter than a function may run, an answer is recorded for the call that came after it',
    edits: [
      { file: STEPS, find: 'export const LEASE_MINUTES = 1.5;', replace: 'export const LEASE_MINUTES = 0.05;' },
      {
        file: CONVERGE,
        find: 'if (row === null || row.value.phase !== ordered.phase || row.value.calledAt !== ordered.calledAt) return;',
        replace: 'if (row === null) return;',
      },
    ],
    weather: {
      rates: { iam: 0.1 },
      slowRate: 0.3,
      crashRate: 0,
      changesOfMind: 0.7,
      paceMs: 300_000,
      happenings: ['alert', 'release', 'changes of mind', 'wake-up that nobody sent'],
    },
    withinSeeds: 20,
    promises: ['3'],
  },
  {
    name: 'older news after newer',
    breaks: 'two who tell the same message at once, and the slower one has the last word',
    edits: [{ file: TELL, find: '  if (tellingSince !== null && minutesBetween(tellingSince, now) < LEASE_MINUTES) return;\n', replace: '' }],
    weather: {
      rates: { queue: 0.1 },
      slowRate: 0.3,
      crashRate: 0,
      paceMs: 120_000,
      happenings: ['alert', 'alerts at once', 'approve twice', 'approve at once by all'],
    },
    withinSeeds: 15,
    promises: ['messages'],
  },
  {
    name: 'the event row before its decisions',
    breaks: 'a crash in between, and the redelivered alert counts as done though nothing came of it',
    edits: [
      {
        file: EVALUATE,
        find: "  const outcomes: EventRow['outcomes'][number][] = [];\n",
        replace: `const outcomes: EventRow['outcomes'][number][] = [];
          const early = decisions.map(({ policyId, outcome }) => ({ policyId, outcome, executionId: null }));
          await putEvent(deps, key, { text, reading: 'event', reason: null, revision: deps.policies.revision, killSwitch, outcomes: early }, false);`,
      },
    ],
    withinSeeds: 3,
    promises: ['7'],
  },
  {
    name: 'the chain head is not kept in the row',
    breaks: 'nobody could tell that records were cut off',
    edits: [{ file: COMMIT, find: 'chain: record === null ? head : headOf(record)', replace: 'chain: head' }],
    withinSeeds: 3,
    promises: ['3'],
  },
  {
    name: 'the kill switch is not read before the attach',
    breaks: 'a paused engine goes on holding people',
    edits: [{ file: CHECKS, find: "  if (seen.killSwitch === 'paused') return 'paused';\n", replace: '' }],
    withinSeeds: 50,
    promises: ['4'],
  },
  {
    name: 'the end of a hold is ignored while attaching',
    breaks: 'somebody is attached whose time is over',
    edits: [
      {
        file: STEPS,
        find: '  const live = liveHolders(quarantine, now);\n',
        replace: "  const live = quarantine.phase === 'attaching' ? quarantine.holders : liveHolders(quarantine, now);\n",
      },
    ],
    withinSeeds: 8,
    promises: ['2', '10'],
  },
  {
    name: 'a detach that is given up',
    breaks: 'after three failed tries nobody looks again, and the principal stays held',
    edits: [
      {
        file: STEPS,
        find: '  const next = nextEffort(quarantine, now);\n',
        replace: "  const next = quarantine.phase === 'detaching' && quarantine.failures >= 3 ? null : nextEffort(quarantine, now);\n",
      },
    ],
    weather: { rates: { iam: 0.6 } },
    withinSeeds: 40,
    promises: ['1', '8', '10'],
  },
  {
    name: 'what is owed stands in the message alone',
    breaks: 'a wake-up that is lost is an order that nobody carries out, or a release that never comes',
    edits: [{ file: HOLD_CHANGES, find: 'const dueAt = afterWakeUp(state.dueAt, now);', replace: 'const dueAt = null;' }],
    withinSeeds: 35,
    promises: ['1', '8', '10'],
  },
  {
    name: 'an alert joins what is over',
    breaks: 'the alert counts as part of a hold or a request that has ended, and nothing comes of it',
    edits: [
      { file: DECIDE, find: ' || isOver(execution.order.expiresAt, now)', replace: '' },
      { file: DECIDE, find: 'isOver(execution.request.expiresAt, now) ? null : ', replace: '' },
      { file: DECIDE, find: "  if (answer.effect === 'extend' && holds.length === 0) return null;\n", replace: '' },
    ],
    withinSeeds: 35,
    promises: ['6', '7'],
  },
  {
    name: 'an approval of another plan',
    breaks: 'what somebody agreed to is not what is done',
    edits: [{ file: APPROVAL, find: "  if (answer.planHash !== plan.planHash) return { kind: 'refused', why: 'other_plan' };\n", replace: '' }],
    weather: { happenings: ['alert', 'approve another plan'] },
    withinSeeds: 8,
    promises: ['2'],
  },
  {
    name: 'an approval by a stranger',
    breaks: 'whoever sees the message can have somebody held',
    edits: [{ file: APPROVAL, find: "  if (!answer.mayAnswer) return { kind: 'refused', why: 'not_an_approver' };\n", replace: '' }],
    weather: { happenings: ['alert', 'answer by a stranger'] },
    withinSeeds: 10,
    promises: ['2'],
  },
  {
    name: 'an order carried out too late',
    breaks: 'somebody is held long after what gave cause to it',
    edits: [
      { file: CHECKS, find: "  if (minutesBetween(holder.orderedAt, now) >= ORDER_MINUTES) return { kind: 'refused', why: 'too_late' };\n", replace: '' },
    ],
    withinSeeds: 50,
    promises: ['4'],
  },
  {
    name: 'the deny policy is not compared before the attach',
    breaks: 'what is attached denies something else than was planned',
    edits: [{ file: CHECKS, find: "|| denyPolicy.defaultVersion !== 'v1' || denyPolicy.documentHash !== quarantine.documentHash ?", replace: '?' }],
    withinSeeds: 60,
    promises: ['2'],
  },
];
