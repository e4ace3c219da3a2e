import { sha256Hex } from '../../core/content-hash.ts';
import type { Instant } from '../../core/instant.ts';
import type { PrincipalType } from '../../core/principal.ts';
import { History } from './history.ts';
import {
  answerOn,
  type ChangeAnswer,
  isAttached,
  named,
  newPrincipal,
  type PolicyRef,
  type PolicyState,
  type PrincipalState,
  policyArnOf,
  principalArnOf,
} from './iam-entities.ts';
import { LateEffects } from './late-effects.ts';

/** One change to IAM: who made it, when, and what it was. */
export interface IamChange {
  readonly at: Instant;
  readonly by: 'engine' | 'human';
  readonly what:
    | 'attached'
    | 'detached'
    | 'principal_created'
    | 'principal_deleted'
    | 'policy_created'
    | 'policy_version_added'
    | 'default_version_set'
    | 'policy_deleted';
  /** Null where the change is to a policy. */
  readonly principalArn: string | null;
  /** Null where the change is to a principal. */
  readonly policyName: string | null;
}

/** Where a name is looked up: names are unique, case ignored, within it. */
export interface PrincipalName {
  readonly accountId: string;
  readonly type: PrincipalType;
  readonly name: string;
}

export interface IamDirectoryOptions {
  /** Must never go backwards. */
  readonly now: () => Instant;
  /** How long a read may still show what was before a change, in milliseconds; 60,000 unless told. */
  readonly stalenessMs?: number;
  /** Managed policies on one principal; 10 unless told, as AWS has it. */
  readonly quota?: number;
}

const MAX_VERSIONS = 5;

/**
 * The truth of IAM, and what people do to it by hand. An operation by hand acts at once, obeys IAM's rules, and answers whether it
 * changed anything. Nothing here asks for a fault.
 */
export class IamDirectory {
  readonly stalenessMs: number;
  readonly quota: number;
  readonly #now: () => Instant;
  readonly #principals = new Map<string, History<PrincipalState | null>>();
  readonly #policies = new Map<string, History<PolicyState | null>>();
  readonly #changes: IamChange[] = [];
  readonly #late = new LateEffects();

  constructor({ now, stalenessMs = 60_000, quota = 10 }: IamDirectoryOptions) {
    this.#now = now;
    this.stalenessMs = stalenessMs;
    this.quota = quota;
  }

  /** False where there is one of that name already, under whatever path. */
  createPrincipal(arn: string): boolean {
    const slot = this.principal(principalArnOf(arn));
    if (slot.current !== null) return false;
    return this.#replace(slot, newPrincipal(arn), { what: 'principal_created', principalArn: arn, policyName: null });
  }

  /** With it go its attachments, each logged as detached by a human. */
  deletePrincipal(arn: string): boolean {
    const slot = this.principal(principalArnOf(arn));
    if (slot.current === null || slot.current.arn !== arn) return false;
    for (const { name } of slot.current.attached) this.humanDetach(arn, name);
    return this.#replace(slot, null, { what: 'principal_deleted', principalArn: arn, policyName: null });
  }

  /** Its document becomes version `v1`. False where there is one of that name already, under whatever path. */
  createPolicy(policyArn: string, document: string): boolean {
    const { accountId, path, name } = policyArnOf(policyArn);
    const slot = this.policy(accountId, name);
    if (slot.current !== null) return false;
    const state = { name, path, defaultVersion: 'v1', versions: 1, firstHash: sha256Hex(document) };
    return this.#replace(slot, state, { what: 'policy_created', principalArn: null, policyName: name });
  }

  /** Adds `v2`, `v3`, … False where there is no such policy, or it has five versions. */
  addPolicyVersion(policyArn: string, asDefault: boolean): boolean {
    const { accountId, name } = policyArnOf(policyArn);
    const slot = this.policy(accountId, name);
    const before = slot.current;
    if (before === null || before.versions >= MAX_VERSIONS) return false;
    const versions = before.versions + 1;
    const state = { ...before, versions, defaultVersion: asDefault ? `v${versions}` : before.defaultVersion };
    return this.#replace(slot, state, { what: 'policy_version_added', principalArn: null, policyName: before.name });
  }

  /** `version` counts from 1. */
  setDefaultVersion(policyArn: string, version: number): boolean {
    const { accountId, name } = policyArnOf(policyArn);
    const slot = this.policy(accountId, name);
    const before = slot.current;
    const defaultVersion = `v${version}`;
    if (before === null || version > before.versions || before.defaultVersion === defaultVersion) return false;
    return this.#replace(slot, { ...before, defaultVersion }, { what: 'default_version_set', principalArn: null, policyName: before.name });
  }

  /** False while it is attached to anybody. */
  deletePolicy(policyArn: string): boolean {
    const { accountId, name } = policyArnOf(policyArn);
    const slot = this.policy(accountId, name);
    if (slot.current === null || this.#isAttachedToAnybody(accountId, name)) return false;
    return this.#replace(slot, null, { what: 'policy_deleted', principalArn: null, policyName: slot.current.name });
  }

  humanAttach(principalArn: string, policyName: string): boolean {
    this.#settle();
    return this.change('attach', principalArnOf(principalArn), { name: policyName, path: null }, 'human').changes;
  }

  humanDetach(principalArn: string, policyName: string): boolean {
    this.#settle();
    return this.change('detach', principalArnOf(principalArn), { name: policyName, path: null }, 'human').changes;
  }

  /** The truth at this moment, by type and name as IAM does it: whatever the path in the ARN is. */
  isAttachedNow(principalArn: string, policyName: string): boolean {
    const { current } = this.principal(principalArnOf(principalArn));
    return current !== null && isAttached(current, policyName);
  }

  /** All principals that there are at this moment, with what is attached to them. */
  principals(): readonly PrincipalState[] {
    this.#settle();
    return [...this.#principals.values()].map(({ current }) => current).filter((state) => state !== null);
  }

  /** Every change so far, in order: a view, which later changes join. */
  changes(): readonly IamChange[] {
    this.#settle();
    return this.#changes;
  }

  /** When a change that was sent takes effect next; null where none is under way. */
  nextLandingAt(): Instant | null {
    this.#settle();
    return this.#late.nextAt();
  }

  /** For the adapter: the place of a name, which is there even while nobody has the name. */
  principal(name: PrincipalName): History<PrincipalState | null> {
    this.#settle();
    return this.#principalSlot(name);
  }

  /** For the adapter: the place of a policy's name. */
  policy(accountId: string, name: string): History<PolicyState | null> {
    return slotIn(this.#policies, `${accountId}/${name.toLowerCase()}`, this.stalenessMs);
  }

  /** For the adapter: attaches or detaches on the truth, and logs what changed. */
  change(call: 'attach' | 'detach', name: PrincipalName, ref: PolicyRef, by: IamChange['by'], at: Instant = this.#now()): ChangeAnswer {
    const slot = this.#principalSlot(name);
    const principal = slot.current;
    const policy = named(this.policy(name.accountId, ref.name).current, ref);
    const answer = answerOn(call, principal, policy, this.quota);
    if (principal === null || policy === null || !answer.changes) return answer;
    const others = principal.attached.filter((other) => other.name !== policy.name);
    slot.set({ ...principal, attached: call === 'attach' ? [...others, policy] : others }, at);
    this.#changes.push({ at, by, what: call === 'attach' ? 'attached' : 'detached', principalArn: principal.arn, policyName: policy.name });
    return answer;
  }

  /** For the adapter: the same, by the engine, at a later time. */
  changeLater(at: Instant, call: 'attach' | 'detach', name: PrincipalName, ref: PolicyRef): void {
    this.#late.add(at, (landedAt) => {
      this.change(call, name, ref, 'engine', landedAt);
    });
  }

  /** For the adapter: what the call would answer now by an earlier state, where that is another answer; it has no effect then. */
  staleAnswers(call: 'attach' | 'detach', name: PrincipalName, ref: PolicyRef): readonly ChangeAnswer['answer'][] {
    const principal = this.principal(name);
    const policy = this.policy(name.accountId, ref.name);
    const truth = answerOn(call, principal.current, named(policy.current, ref), this.quota);
    const ofPrincipal = principal.stale(this.#now).map((earlier) => answerOn(call, earlier, named(policy.current, ref), this.quota));
    const ofPolicy = policy.stale(this.#now).map((earlier) => answerOn(call, principal.current, named(earlier, ref), this.quota));
    const others = [...ofPrincipal, ...ofPolicy].filter(({ answer, changes }) => answer !== truth.answer || changes !== truth.changes);
    return others.map(({ answer }) => answer);
  }

  #settle(): void {
    if (this.#late.nextAt() !== null) this.#late.runUntil(this.#now());
  }

  #principalSlot({ accountId, type, name }: PrincipalName): History<PrincipalState | null> {
    return slotIn(this.#principals, `${accountId}/${type}/${name.toLowerCase()}`, this.stalenessMs);
  }

  #isAttachedToAnybody(accountId: string, policyName: string): boolean {
    return this.principals().some((state) => principalArnOf(state.arn).accountId === accountId && isAttached(state, policyName));
  }

  #replace<State>(slot: History<State>, state: State, change: Pick<IamChange, 'what' | 'principalArn' | 'policyName'>): true {
    const at = this.#now();
    slot.set(state, at);
    this.#changes.push({ at, by: 'human', ...change });
    return true;
  }
}

function slotIn<State>(slots: Map<string, History<State | null>>, key: string, stalenessMs: number): History<State | null> {
  const found = slots.get(key);
  if (found !== undefined) return found;
  const slot = new History<State | null>(null, stalenessMs);
  slots.set(key, slot);
  return slot;
}
