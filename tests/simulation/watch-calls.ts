import { ORDER_MINUTES } from '../../src/app/check-attach.ts';
import { sha256Hex } from '../../src/core/content-hash.ts';
import type { Execution } from '../../src/core/execution.ts';
import { globMatchesIgnoringCase } from '../../src/core/glob.ts';
import type { PolicyIndex } from '../../src/core/policy-index.ts';
import type { Quarantine } from '../../src/core/quarantine.ts';
import { Broken } from './broken.ts';
import { ACCOUNT, DENY_POLICIES, EXEMPT, NEVER_HELD, POLICIES } from './company.ts';
import type { DeployedEngine } from './deployed-engine.ts';
import { quarantineKeyOf } from './quarantine-key.ts';
import { FUNCTION_TIMEOUT_MS } from './virtual-world.ts';

/** Looks at every call that may change IAM, as it is sent: whether what is stored allows it. Each throws `Broken`. */
export class CallWatch {
  readonly #engine: DeployedEngine;
  readonly #isPausedSince: (ms: number) => boolean;
  /** When `enforce` last ran with which revision. */
  readonly #enforcedMs = new Map<PolicyIndex, number>();

  constructor(engine: DeployedEngine, isPausedSince: (ms: number) => boolean) {
    this.#engine = engine;
    this.#isPausedSince = isPausedSince;
  }

  /** Asked after every step: what is deployed. */
  noteRevision(): void {
    this.#enforcedMs.set(this.#engine.revisions.enforce, this.#engine.world.nowMs);
  }

  /** `sinceMs`: when the function that calls was started. Whatever was so before that, it must have read. */
  check(call: 'attach' | 'detach', arn: string, name: string, sinceMs: number): void {
    if (call === 'attach') this.#onAttach(arn, name, sinceMs);
    else this.#onDetach(arn, name);
  }

  #onAttach(arn: string, name: string, sinceMs: number): void {
    const what = `an attach of ${name} to ${arn}`;
    const quarantine = this.#quarantine(arn, name);
    if (this.#isPausedSince(sinceMs)) throw new Broken(`4: ${what} while the engine is paused`);
    if (NEVER_HELD.includes(arn) || this.#isProtected(arn, sinceMs)) throw new Broken(`5: ${what}, which is protected`);
    if (arn === EXEMPT.arn && name.startsWith(EXEMPT.denyPolicyPrefix)) throw new Broken(`4: ${what}, which is exempt`);
    if (quarantine === null || quarantine.phase !== 'attaching') throw new Broken(`2: ${what} while its row is ${quarantine?.phase ?? 'missing'}`);
    const ordered = this.#lastOrder(quarantine, 'quarantine.attach_ordered');
    if (ordered === undefined) throw new Broken(`3: ${what} without its audit record`);
    const holders = new Set((ordered['holders'] as readonly { readonly execution_id: string }[]).map(({ execution_id }) => execution_id));
    if (holders.size === 0) throw new Broken(`2: ${what} that nobody wants`);
    if (![...holders].some((id) => this.#mayHold(id, arn))) throw new Broken(`2: ${what} that nobody decided or approved at ${this.#engine.world.now()}`);
    if (![...holders].some((id) => this.#isPlanned(id, sinceMs))) throw new Broken(`2: ${what} by a plan that no policy makes any more`);
    if (this.#isChanged(name, sinceMs)) throw new Broken(`2: ${what}, whose document is not the one that was planned`);
    const orderedAt = quarantine.holders.filter(({ executionId }) => holders.has(executionId)).map((holder) => holder.orderedAt);
    const latest = orderedAt.reduce((a, b) => (a > b ? a : b), '');
    if (latest !== '' && this.#minutesSince(latest) > ORDER_MINUTES + FUNCTION_TIMEOUT_MS / 60_000)
      throw new Broken(`4: ${what}, ordered at ${latest}, which is too late`);
  }

  #onDetach(arn: string, name: string): void {
    const what = `a detach of ${name} from ${arn}`;
    const quarantine = this.#quarantine(arn, name);
    if (quarantine?.phase !== 'detaching') throw new Broken(`6: ${what} while its row is ${quarantine?.phase ?? 'missing'}`);
    const ordered = this.#lastOrder(quarantine, 'quarantine.detach_ordered');
    if (ordered === undefined) throw new Broken(`3: ${what} without its audit record`);
    // A holder that came while the detach was under way, and that nobody could check yet, holds nothing: the detach goes on.
    const wasHeld = ordered['from'] !== 'detaching';
    if (wasHeld && (ordered['holders'] as readonly unknown[]).length > 0) throw new Broken(`6: ${what} that somebody still holds`);
  }

  // For longer than IAM may have shown the function what was before.
  #isChanged(name: string, sinceMs: number): boolean {
    const { directory } = this.#engine;
    const { current } = directory.policy(ACCOUNT, name);
    if (current === null || (current.defaultVersion === 'v1' && current.firstHash === sha256Hex(DENY_POLICIES.get(name) ?? ''))) return false;
    const last = directory.changes().findLast(({ principalArn, policyName }) => principalArn === null && policyName === name);
    return last !== undefined && Date.parse(last.at) + directory.stalenessMs < sinceMs;
  }

  // The record of the very order that is stored.
  #lastOrder(quarantine: Quarantine, action: string) {
    const key = quarantineKeyOf(quarantine.principal.arn, quarantine.denyPolicyName);
    const details = this.#engine.store
      .trails()
      .get(key)
      ?.findLast((record) => record.action === action)?.details;
    return details?.['called_at'] === quarantine.calledAt ? details : undefined;
  }

  // Decided, and where people had to be asked, approved by enough of them: by what they did, not by what the row says of it.
  #mayHold(executionId: string, arn: string): boolean {
    const { clicks, poisoned, store } = this.#engine;
    const key = `execution#${executionId}`;
    const execution = store.rows().get(key)?.value as Execution | undefined;
    if (poisoned.has(key)) return true;
    if (execution === undefined || !('order' in execution)) return false;
    const { plan, policyId, createdAt } = execution;
    const policy = POLICIES.find((one) => one.policyId === policyId);
    if (policy === undefined || !plan.principals.some((principal) => principal.arn === arn)) return false;
    if (execution.outcome === 'auto') return policy.mode === 'auto';
    const { approvers, minApprovals, expiresMinutes } = policy.approval;
    const endMs = Date.parse(createdAt) + expiresMinutes * 60_000;
    const people = clicks.filter(
      (click) => click.executionId === executionId && click.verb === 'approve' && click.mayAnswer && click.planHash === plan.planHash && click.atMs < endMs,
    );
    return new Set(people.map(({ by }) => by).filter((by) => approvers.some((approver) => approver === by))).size >= minApprovals;
  }

  // By a revision that `enforce` was deployed with then or later.
  #isPlanned(executionId: string, sinceMs: number): boolean {
    const key = `execution#${executionId}`;
    const execution = this.#engine.store.rows().get(key)?.value as Execution | undefined;
    if (this.#engine.poisoned.has(key)) return true;
    return this.#revisions(sinceMs).some(({ prepared }) => prepared.some(({ plan }) => plan !== null && plan.planHash === execution?.plan?.planHash));
  }

  #isProtected(arn: string, sinceMs: number): boolean {
    return this.#revisions(sinceMs).every(({ settings }) => settings.protectedPrincipals.some((glob) => globMatchesIgnoringCase(glob, arn)));
  }

  #revisions(sinceMs: number): readonly PolicyIndex[] {
    return [...this.#enforcedMs].filter(([, lastMs]) => lastMs >= sinceMs).map(([revision]) => revision);
  }

  #minutesSince(instant: string): number {
    return (this.#engine.world.nowMs - Date.parse(instant)) / 60_000;
  }

  #quarantine(arn: string, name: string): Quarantine | null {
    return (this.#engine.store.rows().get(quarantineKeyOf(arn, name))?.value as Quarantine | undefined) ?? null;
  }
}
