import { extendExecution, releaseExecution } from '../../src/app/release-execution.ts';
import { resolveApproval } from '../../src/app/resolve-approval.ts';
import { setSwitch } from '../../src/app/set-switch.ts';
import { type Actor, verifyChain } from '../../src/core/audit-record.ts';
import type { Execution, ExecutionStatus } from '../../src/core/execution.ts';
import type { Quarantine } from '../../src/core/quarantine.ts';
import { Broken } from './broken.ts';
import { APPROVERS, budgetsAlert, MAX_TTL_MINUTES, POLICIES } from './company.ts';
import type { DeployedEngine } from './deployed-engine.ts';
import type { Happening } from './happening.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What AWS reports, and what approvers, operators and auditors do. */
export const PEOPLE_HAPPENINGS: Readonly<Record<string, Happening>> = {
  alert: (engine, random) => publish(engine, anAlert(random)),
  'alert, twice': (engine, random) => {
    const alert = anAlert(random);
    engine.world.after(random.below(3_600_000), () => void publish(engine, alert));
    return publish(engine, alert);
  },
  'alerts at once': (engine, random) => Array.from({ length: 6 }, () => publish(engine, anAlert(random))).every(Boolean),
  'unreadable signal': (engine, random) => publish(engine, random.pick([`hello ${random.below(50)}`, '', '{', '{"Records":[{}]}', '[null]', 'null'])),
  approve: (engine, random) => answerOne(engine, random, 'approve'),
  reject: (engine, random) => answerOne(engine, random, 'reject'),
  'approve at once by all': (engine, random) => {
    const execution = anExecution(engine, random, 'awaiting_approval');
    if (execution !== null) for (const by of APPROVERS) answer(engine, execution, { verb: 'approve', by });
    return execution !== null;
  },
  'approve twice': (engine, random) => {
    const execution = anExecution(engine, random, 'awaiting_approval');
    if (execution === null) return false;
    const by = random.pick(APPROVERS);
    engine.world.after(random.below(60_000), () => void answer(engine, execution, { verb: 'approve', by }));
    return answer(engine, execution, { verb: 'approve', by });
  },
  'approve as the request ends': (engine, random) => {
    const execution = anExecution(engine, random, 'awaiting_approval');
    if (execution === null) return false;
    const ms = Date.parse(execution.request.expiresAt) - engine.world.nowMs + random.below(60_000) - 20_000;
    for (const by of APPROVERS) engine.world.after(Math.max(0, ms + random.below(1000)), () => void answer(engine, execution, { verb: 'approve', by }));
    return true;
  },
  'approve, reject and release at once': (engine, random) => {
    const execution = anExecution(engine, random, 'awaiting_approval');
    if (execution === null) return false;
    const [first, ...others] = APPROVERS;
    for (const by of others) answer(engine, execution, { verb: 'approve', by });
    answer(engine, execution, { verb: 'reject', by: first });
    return release(engine, execution);
  },
  'answer by a stranger': (engine, random) => {
    const execution = anExecution(engine, random, 'awaiting_approval');
    if (execution !== null) answer(engine, execution, { verb: random.pick(['approve', 'reject']), by: 'slack:UMALLORY', mayAnswer: false });
    return execution !== null;
  },
  'approve another plan': (engine, random) => {
    const execution = anExecution(engine, random, 'awaiting_approval');
    if (execution !== null) answer(engine, execution, { verb: 'approve', by: random.pick(APPROVERS), planHash: 'another' });
    return execution !== null;
  },
  'click on an old message': (engine, random) => {
    const execution = anExecution(engine, random, null);
    if (execution === null || execution.plan === null) return false;
    return answer(engine, execution, { verb: random.pick(['approve', 'reject']), by: random.pick(APPROVERS) });
  },
  release: (engine, random) => {
    const execution = anExecution(engine, random, random.pick(['executed', 'executed', 'executing']));
    return execution !== null && release(engine, execution);
  },
  'release everybody': (engine) => {
    const held = executions(engine).filter(({ status }) => status === 'executed' || status === 'executing');
    return held.map((execution) => release(engine, execution)).length > 0;
  },
  extend: (engine, random) => {
    const execution = anExecution(engine, random, 'executed');
    if (execution === null) return false;
    const minutes = 1 + random.below(MAX_TTL_MINUTES + 20);
    engine.start('extend', (ports) => extendExecution(ports, execution.executionId, 'iam:operator', minutes, MAX_TTL_MINUTES));
    return true;
  },
  'changes of mind': (engine, random) => {
    const execution = anExecution(engine, random, random.pick(['executed', 'executing']));
    if (execution === null) return false;
    engine.world.after(random.below(60_000), () => void publish(engine, anAlert(random)));
    engine.world.after(random.below(120_000), () => {
      const another = anExecution(engine, random, random.pick(['executed', 'executing']));
      if (another !== null) release(engine, another);
    });
    return release(engine, execution);
  },
  pause: (engine, random) => pause(engine, random),
  'alert, then pause': (engine, random) => {
    engine.world.after(random.below(5000), () => void pause(engine, random));
    return publish(engine, anAlert(random));
  },
  audit: (engine, random) => {
    const row = pickFrom(random, [...engine.store.rows().values()]);
    if (row !== null) engine.start('audit', (ports) => audit(engine, ports, row.key));
    return row !== null;
  },
};

/** Somebody changes their mind while a call to IAM may still be under way: who was attached is released, who was detached is wanted again. */
export function changeMind(engine: DeployedEngine, random: SeededRandom, call: 'attach' | 'detach', quarantineKey: string): void {
  if (engine.poisoned.has(quarantineKey)) return;
  const quarantine = engine.store.rows().get(quarantineKey)?.value as Quarantine | undefined;
  if (call === 'detach') {
    const held = POLICIES.find(({ policyId }) => quarantine?.denyPolicyName.startsWith(`guardrails-${policyId}-`));
    publish(engine, budgetsAlert(held?.match.budgetNames?.[0] ?? 'other', `${200 + random.below(700)}.00`, 10, 'ACTUAL'));
  } else for (const { executionId } of quarantine?.holders ?? []) release(engine, { executionId });
}

function pause(engine: DeployedEngine, random: SeededRandom): true {
  const flip = (killSwitch: 'paused' | 'normal') => engine.start(killSwitch, (ports) => setSwitch(ports, killSwitch, 'iam:operator'));
  if (random.chance(0.85)) engine.world.after(random.below(2_400_000), () => flip('normal'));
  flip('paused');
  return true;
}

// The state first, then its trail, which can only have grown since: up to the head as it was, it must be whole.
async function audit(engine: DeployedEngine, { store }: Parameters<Parameters<DeployedEngine['start']>[1]>[0], key: string): Promise<void> {
  const head = (await store.read([key])).get(key)?.chain ?? null;
  const trail = (await store.readTrail(key)).filter(({ seq }) => head !== null && seq <= head.seq);
  const [fault] = verifyChain(key, trail, head);
  if (fault !== undefined) engine.report('audit', new Broken(`3: an auditor finds the chain of ${key} ${fault.kind} at ${fault.seq}`));
}

function publish(engine: DeployedEngine, text: string): boolean {
  void engine.publish(text);
  return true;
}

function anAlert(random: SeededRandom): string {
  const amount = random.pick(['180.00', '199.50', '250.00', '410.00', '900.00', '1,046,294,123,330.95']);
  return budgetsAlert(random.pick(['ci', 'overlap', 'other']), amount, 9 + random.below(2), random.chance(0.85) ? 'ACTUAL' : 'FORECASTED');
}

function answerOne(engine: DeployedEngine, random: SeededRandom, verb: 'approve' | 'reject'): boolean {
  const execution = anExecution(engine, random, 'awaiting_approval');
  return execution !== null && answer(engine, execution, { verb, by: random.pick(APPROVERS) });
}

function answer(
  engine: DeployedEngine,
  execution: Execution,
  said: { readonly verb: 'approve' | 'reject'; readonly by: Actor; readonly mayAnswer?: boolean; readonly planHash?: string },
): true {
  const { executionId, plan } = execution;
  const full = { mayAnswer: true, planHash: plan?.planHash ?? '', ...said };
  const severity = { amount: { kind: 'other', raw: '' }, threshold: null, alertType: null } as const;
  engine.clicks.push({ atMs: engine.world.nowMs, executionId, ...full });
  engine.start(said.verb, (ports) => resolveApproval(ports, executionId, { ...full, why: null }, severity));
  return true;
}

function release(engine: DeployedEngine, { executionId }: Pick<Execution, 'executionId'>): true {
  engine.start('release', (ports) => releaseExecution(ports, executionId, 'iam:operator', 'by hand'));
  return true;
}

function anExecution<Status extends ExecutionStatus>(
  engine: DeployedEngine,
  random: SeededRandom,
  status: Status | null,
): Extract<Execution, { status: Status }> | null {
  const found = executions(engine).filter((execution): execution is Extract<Execution, { status: Status }> => status === null || execution.status === status);
  return pickFrom(random, found);
}

function executions(engine: DeployedEngine): readonly Execution[] {
  const rows = [...engine.store.rows().values()].filter(({ kind, key }) => kind === 'execution' && !engine.poisoned.has(key));
  return rows.map(({ value }) => value as Execution);
}

function pickFrom<T>(random: SeededRandom, items: readonly T[]): T | null {
  return items.length === 0 ? null : random.pick(items);
}
