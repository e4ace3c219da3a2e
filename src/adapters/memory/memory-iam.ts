import { type FoundDenyPolicy, type FoundPrincipal, type Iam, type IamCallResult, OutsideError } from '../../app/ports.ts';
import { globMatchesIgnoringCase } from '../../core/glob.ts';
import type { Instant } from '../../core/instant.ts';
import type { Principal } from '../../core/principal.ts';
import { askFaults, type FaultSource, NO_FAULTS, outsideError } from './fault-source.ts';
import type { History } from './history.ts';
import type { IamDirectory, PrincipalName } from './iam-directory.ts';
import { principalArnOf } from './iam-entities.ts';
import { later } from './later.ts';

/**
 * IAM's calls and their faults. `stale` is possible only for a while after a change: a read shows an earlier state; an attach or
 * detach that changes nothing by an earlier state answers by that state and changes nothing.
 */
export const IAM_FAULTS = {
  'iam.attach': ['fails_before', 'fails_after', 'late', 'stale'],
  'iam.detach': ['fails_before', 'fails_after', 'late', 'stale'],
  'iam.list_attached': ['fails_before', 'stale'],
  'iam.find_principal': ['fails_before', 'stale'],
  'iam.find_deny_policy': ['fails_before', 'stale'],
} as const;

/** Calls of the engine that IAM refuses: those in this direction whose deny policy's name matches the glob. */
export interface DeniedRight {
  readonly call: 'attach' | 'detach';
  readonly policyNames: string;
}

export interface MemoryIamOptions {
  /** Must never go backwards, and be the directory's. */
  readonly now: () => Instant;
  readonly directory: IamDirectory;
  readonly faults?: FaultSource;
  /** The account that the engine's calls reach; null where it has a role in every account, and a call reaches that of its principal. */
  readonly engineAccountId: string | null;
  /** The longest between sending a call and its `late` effect, in milliseconds; 60,000 unless told. */
  readonly maxLateMs?: number;
}

const DENY_POLICY_PATH = '/guardrails/';

type ReadCall = 'iam.list_attached' | 'iam.find_principal' | 'iam.find_deny_policy';

/** IAM as the engine meets it: with rights that may be missing, and consistent in the end. */
export class MemoryIam implements Iam {
  readonly #options: Required<MemoryIamOptions>;
  readonly #ask;
  #denied: readonly DeniedRight[] = [];

  constructor(options: MemoryIamOptions) {
    this.#options = { faults: NO_FAULTS, maxLateMs: 60_000, ...options };
    this.#ask = askFaults(this.#options.faults, IAM_FAULTS);
  }

  readonly attach = async (principal: Principal, denyPolicyName: string): Promise<IamCallResult> => this.#change('attach', principal, denyPolicyName);

  readonly detach = async (principal: Principal, denyPolicyName: string): Promise<IamCallResult> => this.#change('detach', principal, denyPolicyName);

  readonly listAttached = async (principal: Principal): Promise<readonly string[]> => {
    const shown = this.#read('iam.list_attached', this.#options.directory.principal(this.#nameOf(principal)));
    return (shown?.attached ?? []).filter(({ path }) => path.startsWith(DENY_POLICY_PATH)).map(({ name }) => name);
  };

  readonly findPrincipal = async (principal: Principal): Promise<FoundPrincipal | null> => {
    const shown = this.#read('iam.find_principal', this.#options.directory.principal(this.#nameOf(principal)));
    return shown === null ? null : { arn: shown.arn };
  };

  readonly findDenyPolicy = async (principal: Principal, denyPolicyName: string): Promise<FoundDenyPolicy | null> => {
    const { accountId } = this.#nameOf(principal);
    const shown = this.#read('iam.find_deny_policy', this.#options.directory.policy(accountId, denyPolicyName));
    return shown === null || shown.path !== DENY_POLICY_PATH ? null : { defaultVersion: shown.defaultVersion, documentHash: shown.firstHash };
  };

  /** Takes these rights from the engine, and gives it all others. */
  denyRights(rights: readonly DeniedRight[]): void {
    this.#denied = rights;
  }

  // IAM checks the right before it looks at what is there.
  #change(kind: 'attach' | 'detach', principal: Principal, policyName: string): IamCallResult {
    const { directory, now, maxLateMs, faults } = this.#options;
    const call = `iam.${kind}` as const;
    const name = this.#nameOf(principal);
    const policy = { name: policyName, path: DENY_POLICY_PATH };
    const isDenied = this.#denied.some((right) => right.call === kind && globMatchesIgnoringCase(right.policyNames, policyName));
    const stale = isDenied ? [] : directory.staleAnswers(kind, name, policy);
    const fault = this.#ask(
      call,
      IAM_FAULTS[call].filter((named) => (named === 'stale' ? stale.length > 0 : named !== 'late' || !isDenied)),
    );
    if (fault === 'fails_before') throw outsideError(call, fault);
    if (fault === 'late') directory.changeLater(later(now(), 1 + faults.below(call, maxLateMs)), kind, name, policy);
    if (fault === 'late') throw outsideError(call, fault);
    const shown = fault === 'stale' ? stale[faults.below(call, stale.length)] : undefined;
    const answer = isDenied ? 'access_denied' : (shown ?? directory.change(kind, name, policy, 'engine').answer);
    if (fault === 'fails_after') throw outsideError(call, fault);
    if (answer === 'unmodifiable') throw new OutsideError(`${call}: UnmodifiableEntity: AWS lets nobody change ${principal.arn}.`);
    return answer;
  }

  #read<State>(call: ReadCall, slot: History<State>): State {
    const stale = slot.stale(this.#options.now);
    const fault = this.#ask(call, stale.length > 0 ? IAM_FAULTS[call] : ['fails_before']);
    if (fault === 'fails_before') throw outsideError(call, fault);
    return fault === 'stale' ? (stale[this.#options.faults.below(call, stale.length)] ?? slot.current) : slot.current;
  }

  #nameOf(principal: Principal): PrincipalName {
    const { accountId, type, name } = principalArnOf(principal.arn);
    if (type !== principal.type) throw new Error(`${principal.arn} is no ${principal.type}.`);
    return { accountId: this.#options.engineAccountId ?? accountId, type, name };
  }
}
