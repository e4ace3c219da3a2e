import { IamDirectory } from '../../src/adapters/memory/iam-directory.ts';
import { MemoryIam } from '../../src/adapters/memory/memory-iam.ts';
import { MemoryMessenger } from '../../src/adapters/memory/memory-messenger.ts';
import { MemoryScheduler } from '../../src/adapters/memory/memory-scheduler.ts';
import { MemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { advanceExecution } from '../../src/app/advance-execution.ts';
import { convergeQuarantine } from '../../src/app/converge-quarantine.ts';
import { evaluateSignal } from '../../src/app/evaluate-signal.ts';
import type { WakeUp } from '../../src/app/ports.ts';
import { sweep } from '../../src/app/sweep.ts';
import { tellPeople } from '../../src/app/tell-people.ts';
import { verifyChain } from '../../src/core/audit-record.ts';
import { buildDenyDocument } from '../../src/core/deny-document.ts';
import type { Execution } from '../../src/core/execution.ts';
import { addMinutes, type Instant } from '../../src/core/instant.ts';
import type { Policy } from '../../src/core/policy.ts';
import { indexPolicies, type PolicyIndex } from '../../src/core/policy-index.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/core/policy-set.ts';
import type { Quarantine } from '../../src/core/quarantine.ts';
import { at } from './builders.ts';

const ACCOUNT = '111122223333';

/** The whole engine on memory adapters without faults, and a clock that a test moves. */
export class SmallEngine {
  nowAt: Instant = at('2026-03-10T02:10:00Z');
  policies: PolicyIndex;
  readonly reports: string[] = [];
  readonly sent: WakeUp[] = [];
  readonly now = (): Instant => this.nowAt;
  readonly store = new MemoryStore({ now: this.now });
  readonly directory = new IamDirectory({ now: this.now });
  readonly iam = new MemoryIam({ now: this.now, directory: this.directory, engineAccountId: ACCOUNT });
  readonly messenger = new MemoryMessenger({ now: this.now });
  readonly scheduler = new MemoryScheduler({ now: this.now });
  #ids = 0;

  constructor(policies: readonly Policy[], settings: Partial<Settings> = {}) {
    this.policies = indexPolicies({ revision: 'r1', settings: { ...DEFAULT_SETTINGS, ...settings }, policies });
    for (const { principals, policyId, response } of policies) {
      for (const { arn } of principals) this.directory.createPrincipal(arn);
      if (response.kind === 'notify_only') continue;
      const { name, json } = buildDenyDocument({ policyId, response });
      this.directory.createPolicy(`arn:aws:iam::${ACCOUNT}:policy/guardrails/${name}`, json);
    }
  }

  /** What the use cases get. */
  get deps() {
    const { store, now, iam, scheduler, messenger, policies } = this;
    const report = (step: string, id: string, error: unknown): void => void this.reports.push(`${step} ${id}: ${String(error)}`);
    const wakeUps = { send: async (some: readonly WakeUp[]): Promise<void> => void this.sent.push(...some) };
    return { store, now, newId: () => `c${++this.#ids}`, iam, scheduler, messenger, policies, report, wakeUps, engineChannel: '#engine' };
  }

  async receive(text: string): Promise<void> {
    await evaluateSignal(this.deps, text);
    await this.work();
  }

  /** Follows wake-ups until there are none. */
  async work(): Promise<void> {
    for (let wakeUp = this.sent.shift(); wakeUp !== undefined; wakeUp = this.sent.shift()) {
      if (wakeUp.kind === 'quarantine') await convergeQuarantine(this.deps, wakeUp.key);
      else if (wakeUp.kind === 'execution') await advanceExecution(this.deps, wakeUp.key);
      else if ('channel' in wakeUp) await tellPeople(this.deps, wakeUp.channel);
    }
  }

  /** Lets so many minutes pass, with a sweep in each. */
  async pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute += 1) {
      this.nowAt = addMinutes(this.nowAt, 1);
      await sweep(this.deps);
      await this.work();
    }
  }

  executions(): readonly Execution[] {
    return [...this.store.rows().values()].filter(({ kind }) => kind === 'execution').map(({ value }) => value as Execution);
  }

  execution(policyId: string): Execution {
    const found = this.executions().filter((execution) => execution.policyId === policyId && execution.status !== 'merged');
    const [first] = found;
    if (first === undefined || found.length > 1) throw new Error(`${found.length} executions of ${policyId}`);
    return first;
  }

  quarantines(): readonly Quarantine[] {
    return [...this.store.rows().values()].filter(({ kind }) => kind === 'quarantine').map(({ value }) => value as Quarantine);
  }

  /** The names of the deny policies on a principal, in truth. */
  worn(arn: string): readonly string[] {
    return (
      this.directory
        .principals()
        .find((principal) => principal.arn === arn)
        ?.attached.map(({ name }) => name) ?? []
    );
  }

  /** The actions of a subject's trail, in order; throws where the chain doesn't verify. */
  trail(subjectId: string): readonly string[] {
    const records = this.store.trails().get(subjectId) ?? [];
    const faults = verifyChain(subjectId, records, this.store.rows().get(subjectId)?.chain ?? null);
    if (faults.length > 0) throw new Error(JSON.stringify(faults));
    return records.map(({ action }) => action);
  }
}

/** An alert of AWS Budgets for the account of the builders' policies. */
export function anAlert(
  changes: {
    readonly amount?: string;
    readonly day?: string;
    readonly budget?: string;
    readonly type?: 'ACTUAL' | 'FORECASTED';
    readonly threshold?: string;
  } = {},
): string {
  const type = changes.type ?? 'ACTUAL';
  return [
    `AWS Budget Notification March ${changes.day ?? '10'}, 2026`,
    `AWS Account ${ACCOUNT}`,
    '',
    `You requested that we alert you when the ${type} Cost associated with your ${changes.budget ?? 'platform'} budget is greater than $160.00 for the current month.`,
    '',
    `Budget Name: ${changes.budget ?? 'platform'}`,
    'Budget Type: Cost',
    'Budgeted Amount: $200.00',
    `Alert Type: ${type}`,
    `Alert Threshold: > $${changes.threshold ?? '160.00'}`,
    `${type} Amount: $${changes.amount ?? '250.00'}`,
  ].join('\n');
}
