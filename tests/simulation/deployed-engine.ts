import type { FaultSource } from '../../src/adapters/memory/fault-source.ts';
import { IamDirectory } from '../../src/adapters/memory/iam-directory.ts';
import { MemoryIam } from '../../src/adapters/memory/memory-iam.ts';
import { MemoryMessenger } from '../../src/adapters/memory/memory-messenger.ts';
import { MemoryQueue, type ReceivedMessage } from '../../src/adapters/memory/memory-queue.ts';
import { MemoryScheduler } from '../../src/adapters/memory/memory-scheduler.ts';
import { MemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { advanceExecution } from '../../src/app/advance-execution.ts';
import { convergeQuarantine } from '../../src/app/converge-quarantine.ts';
import { evaluateSignal, giveUpSignal } from '../../src/app/evaluate-signal.ts';
import { type Commit, type CommitResult, type IamCallResult, OutsideError, type Row, type WakeUp } from '../../src/app/ports.ts';
import { sweep } from '../../src/app/sweep.ts';
import { tellPeople } from '../../src/app/tell-people.ts';
import type { Actor } from '../../src/core/audit-record.ts';
import type { Instant } from '../../src/core/instant.ts';
import type { PolicyIndex } from '../../src/core/policy-index.ts';
import type { Principal } from '../../src/core/principal.ts';
import type { Quarantine } from '../../src/core/quarantine.ts';
import { wordsOf } from './call-words.ts';
import type { Chronicle } from './chronicle.ts';
import { ACCOUNT } from './company.ts';
import { quarantineKeyOf } from './quarantine-key.ts';
import type { Invocation, VirtualWorld } from './virtual-world.ts';

/** Every call to the outside that a use case can make: a function may die right before and right after each. */
const OUTSIDE_CALLS = [
  'store.read',
  'store.commit',
  'store.find_due',
  'store.read_trail',
  'iam.attach',
  'iam.detach',
  'iam.list_attached',
  'iam.find_principal',
  'iam.find_deny_policy',
  'scheduler.schedule',
  'messenger.tell',
  'queue.send',
] as const;

type OutsideCall = (typeof OUTSIDE_CALLS)[number];

const VISIBILITY_MS = 360_000;
const MAX_RECEIVES = 4;

/** A failure that a use case told the log of, or threw. */
interface Report {
  readonly where: string;
  readonly error: unknown;
}

/** A person's answer to a request: what the engine may go by, and whether it does. */
export interface Click {
  readonly atMs: number;
  readonly executionId: string;
  readonly verb: 'approve' | 'reject';
  readonly by: Actor;
  readonly mayAnswer: boolean;
  readonly planHash: string;
}

/** The use cases, wired with memory adapters as they are deployed with AWS's: each invocation may die between any two calls. */
export class DeployedEngine {
  readonly store: MemoryStore;
  readonly directory: IamDirectory;
  readonly iam: MemoryIam;
  readonly messenger: MemoryMessenger;
  readonly scheduler: MemoryScheduler;
  readonly deadSignals: MemoryQueue<string>;
  readonly signals: MemoryQueue<string>;
  /** What lies in it need not be a wake-up: anybody may send anything. */
  readonly wakeUps: MemoryQueue<unknown>;
  readonly world: VirtualWorld;
  readonly chronicle: Chronicle;
  /** The revision that each function was deployed with. */
  revisions: { evaluate: PolicyIndex; enforce: PolicyIndex };
  readonly reports: Report[] = [];
  /** The signals that reached the queue. */
  readonly accepted = new Set<string>();
  /** What people answered, as they did. */
  readonly clicks: Click[] = [];
  /** The keys of rows that were overwritten with what nobody can read. */
  readonly poisoned = new Set<string>();
  /** Whether Scheduler's wake-ups arrive. */
  schedulerFires = true;
  /** The calls to IAM that never succeed, each as `detach <principal ARN>`. */
  readonly hopeless = new Set<string>();
  /** Told of every call that may change IAM, as it is sent. */
  onCall: (call: 'attach' | 'detach', principal: Principal, denyPolicyName: string, functionStartedMs: number) => void = () => undefined;
  /** Told how each of them ended, in the same moment: for which quarantine, and at which order of it. */
  onAnswer: (call: 'attach' | 'detach', key: string, calledAt: Instant | null, result: IamCallResult | 'failed') => void = () => undefined;
  /** Told of every commit that landed, whatever its caller learns of it. */
  onCommit: (commit: Commit) => void = () => undefined;
  /** Told of every row that is due, as it is written. */
  onDue: (row: Row) => void = () => undefined;
  #ids = 0;
  #invocations = 0;
  #pumpAtMs = Number.POSITIVE_INFINITY;

  constructor(world: VirtualWorld, faults: FaultSource, chronicle: Chronicle, revision: PolicyIndex) {
    const { now } = world;
    this.world = world;
    this.chronicle = chronicle;
    this.revisions = { evaluate: revision, enforce: revision };
    this.store = new MemoryStore({ now, faults });
    this.directory = new IamDirectory({ now });
    this.iam = new MemoryIam({ now, faults, directory: this.directory, engineAccountId: ACCOUNT });
    this.messenger = new MemoryMessenger({ now, faults });
    this.scheduler = new MemoryScheduler({ now, faults });
    this.deadSignals = new MemoryQueue({ now, visibilityMs: VISIBILITY_MS });
    this.signals = new MemoryQueue({ now, faults, visibilityMs: VISIBILITY_MS, redrive: { maxReceives: MAX_RECEIVES, deadLetters: this.deadSignals } });
    this.wakeUps = new MemoryQueue<unknown>({
      now,
      faults,
      visibilityMs: VISIBILITY_MS,
      redrive: { maxReceives: 3, deadLetters: new MemoryQueue({ now, visibilityMs: VISIBILITY_MS }) },
    });
  }

  /** What a use case gets of the outside: every call can be the last of its invocation. */
  portsFor(invocation: Invocation) {
    const outside = <Args extends readonly unknown[], Result>(call: OutsideCall, effect: (...args: Args) => Promise<Result>, sent: () => void = nothing) => {
      return (...args: Args): Promise<Result> => this.world.outside(invocation, call, () => this.#told(invocation, call, args, effect(...args)), sent);
    };
    const send = outside('queue.send', (wakeUp: WakeUp) => this.wakeUps.send(wakeUp));
    const changing = (call: 'attach' | 'detach') => (principal: Principal, name: string) => {
      let calledAt: Instant | null = null;
      const sent = () => {
        calledAt = (this.store.rows().get(quarantineKeyOf(principal.arn, name))?.value as Quarantine | undefined)?.calledAt ?? null;
        this.onCall(call, principal, name, invocation.startedMs);
      };
      return outside(`iam.${call}`, (held: Principal, by: string) => this.#changed(call, held, by, calledAt), sent)(principal, name);
    };
    return {
      store: {
        read: outside('store.read', this.store.read),
        commit: outside('store.commit', (commit: Commit) => this.commit(commit)),
        findDue: outside('store.find_due', this.store.findDue),
        readTrail: outside('store.read_trail', this.store.readTrail),
      },
      now: this.world.now,
      newId: () => `c${++this.#ids}`,
      iam: {
        attach: changing('attach'),
        detach: changing('detach'),
        listAttached: outside('iam.list_attached', this.iam.listAttached),
        findPrincipal: outside('iam.find_principal', this.iam.findPrincipal),
        findDenyPolicy: outside('iam.find_deny_policy', this.iam.findDenyPolicy),
      },
      scheduler: { schedule: outside('scheduler.schedule', this.scheduler.schedule) },
      messenger: { tell: outside('messenger.tell', this.messenger.tell) },
      wakeUps: {
        send: async (wakeUps: readonly WakeUp[]) => {
          for (const wakeUp of wakeUps) await send(wakeUp);
          this.pump();
        },
      },
      report: (step: string, id: string, error: unknown) => this.report(`${step} ${id}`, error),
      engineChannel: '#engine',
    };
  }

  /** Commits, by a use case or past them all. */
  async commit(commit: Commit): Promise<CommitResult> {
    try {
      return await this.store.commit(commit);
    } finally {
      const rows = this.store.rows();
      if (commit.writes.every(({ row }) => rows.get(row.key)?.commitId === commit.commitId)) {
        this.onCommit(commit);
        for (const { row } of commit.writes) if (row.dueAt !== null) this.onDue(row);
      }
    }
  }

  report(where: string, error: unknown): void {
    this.reports.push({ where, error });
    this.chronicle.tell('log', () => `${where}: ${String(error)}`);
  }

  /** Starts an invocation of a function; what it throws is told to the caller alone. */
  async invoke(name: string, work: (ports: ReturnType<DeployedEngine['portsFor']>) => Promise<unknown>): Promise<void> {
    this.#invocations += 1;
    await work(this.portsFor(this.world.invoke(`${name} ${this.#invocations}`)));
  }

  /** Starts one that nobody waits for. */
  start(name: string, work: Parameters<DeployedEngine['invoke']>[1]): void {
    this.invoke(name, work).catch((error: unknown) => this.report(name, error));
  }

  sweep(): void {
    this.start('sweep', (ports) => sweep(ports));
  }

  async publish(text: string): Promise<void> {
    const before = this.signals.bodies().length;
    const sent = this.signals.send(text);
    // Before anybody else sends: what fails may have arrived all the same.
    if (this.signals.bodies().length > before) this.accepted.add(text);
    await sent.catch(() => undefined);
    this.pump();
  }

  /** Delivers what is in the queues, and what the scheduler sends, as soon as it is there. */
  pump(): void {
    const times = [this.signals.nextAt(), this.wakeUps.nextAt(), this.scheduler.nextAt()].filter((at) => at !== null);
    if (times.length === 0) return;
    const atMs = Math.max(this.world.nowMs + 1, Date.parse(times.reduce((a, b) => (a < b ? a : b))));
    if (atMs >= this.#pumpAtMs) return;
    this.#pumpAtMs = atMs;
    this.world.after(atMs - this.world.nowMs, () => {
      if (this.#pumpAtMs !== atMs) return undefined;
      this.#pumpAtMs = Number.POSITIVE_INFINITY;
      return this.#deliver();
    });
  }

  async #changed(call: 'attach' | 'detach', principal: Principal, denyPolicyName: string, calledAt: Instant | null): Promise<IamCallResult> {
    try {
      if (this.hopeless.has(`${call} ${principal.arn}`)) throw new OutsideError(`${call}: ${principal.arn} never answers.`);
      const result = await this.iam[call](principal, denyPolicyName);
      this.onAnswer(call, quarantineKeyOf(principal.arn, denyPolicyName), calledAt, result);
      return result;
    } catch (error) {
      this.onAnswer(call, quarantineKeyOf(principal.arn, denyPolicyName), calledAt, 'failed');
      throw error;
    }
  }

  #told<Result>(invocation: Invocation, call: OutsideCall, args: readonly unknown[], answer: Promise<Result>): Promise<Result> {
    if (!this.chronicle.isTold) return answer;
    return answer.then(
      (result) => {
        this.chronicle.tell(invocation.name, () => wordsOf(call, args, result));
        return result;
      },
      (error: unknown) => {
        this.chronicle.tell(invocation.name, () => wordsOf(call, args, error));
        throw error;
      },
    );
  }

  async #deliver(): Promise<void> {
    for (const wakeUp of this.scheduler.takeDue()) if (this.schedulerFires) await this.wakeUps.send(wakeUp).catch(() => undefined);
    await this.#take(this.signals, (message) => this.#evaluate(message));
    await this.#take(this.wakeUps, ({ body }) => this.#wakeUp(body));
    this.pump();
  }

  async #take<Body>(queue: MemoryQueue<Body>, work: (message: ReceivedMessage<Body>) => Promise<void>): Promise<void> {
    const messages = await queue.receive().catch(() => []);
    for (const message of messages) {
      // What throws, or never ends, leaves its message in the queue: it comes again.
      work(message).then(
        () => queue.delete(message.receipt).catch(() => undefined),
        (error: unknown) => this.report('a message', error),
      );
    }
  }

  async #evaluate({ body, receives }: ReceivedMessage<string>): Promise<void> {
    const policies = this.revisions.evaluate;
    await this.invoke('evaluate', async (ports) => {
      try {
        await evaluateSignal({ ...ports, policies }, body);
      } catch (error) {
        if (receives < MAX_RECEIVES) throw error;
        await giveUpSignal({ ...ports, policies }, body);
      }
    });
  }

  async #wakeUp(body: unknown): Promise<void> {
    const wakeUp = readWakeUp(body);
    const policies = this.revisions.enforce;
    if (wakeUp.kind === 'channel') return await this.invoke('notify', (ports) => tellPeople(ports, wakeUp.channel));
    await this.invoke('enforce', async (ports) => {
      try {
        if (wakeUp.kind === 'quarantine') await convergeQuarantine({ ...ports, policies }, wakeUp.key);
        else await advanceExecution(ports, wakeUp.key.slice('execution#'.length));
      } catch (error) {
        ports.report('enforce', wakeUp.key, error); // the row stays due; the message has done its work
      }
    });
  }
}

function nothing(): void {}

/** A message that is no wake-up; it comes again until it is set aside. */
export class NoWakeUp extends Error {
  override readonly name = 'NoWakeUp';
}

function readWakeUp(body: unknown): WakeUp {
  if (isWakeUp(body)) return body;
  throw new NoWakeUp(`${JSON.stringify(body)} is no wake-up.`);
}

function isWakeUp(body: unknown): body is WakeUp {
  if (typeof body !== 'object' || body === null || !('kind' in body)) return false;
  if (body.kind === 'channel') return 'channel' in body && typeof body.channel === 'string';
  if (body.kind !== 'quarantine' && body.kind !== 'execution') return false;
  return 'key' in body && typeof body.key === 'string' && body.key.startsWith(`${body.kind}#`);
}
