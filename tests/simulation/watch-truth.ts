import { liveHolders, type Quarantine } from '../../src/core/quarantine.ts';
import { isBeyondHelp } from './beyond-help.ts';
import { Broken } from './broken.ts';
import { movedArn, NEVER_HELD, PRINCIPALS } from './company.ts';
import type { DeployedEngine } from './deployed-engine.ts';
import { quarantineKeyOf } from './quarantine-key.ts';

interface Worn {
  readonly arn: string;
  readonly name: string;
  /** The row that speaks for it; null where there is none. */
  readonly quarantine: Quarantine | null;
}

/** Compares what is stored with what IAM really has. Each check throws `Broken`. */
export class TruthWatch {
  readonly #engine: DeployedEngine;
  readonly #overdueSince = new Map<string, number>();
  longestOverdueMs = 0;

  constructor(engine: DeployedEngine) {
    this.#engine = engine;
  }

  /** What a row is sure of is true, unless a person changed it since: whatever goes wrong meanwhile. */
  checkRows(): void {
    const { directory, poisoned, store, world } = this.#engine;
    for (const { arn, name, quarantine } of this.#worn()) {
      if (NEVER_HELD.includes(arn) && this.#lastChangeBy(arn, name) === 'engine') throw new Broken(`5: the engine attached ${name} to ${arn}`);
      const phase = quarantine?.phase ?? 'missing';
      if ((phase === 'absent' || phase === 'missing') && this.#lastChangeBy(arn, name) === 'engine')
        throw new Broken(`8: ${arn} wears ${name} by the engine, and its row is ${phase}`);
    }
    for (const { kind, key, value } of store.rows().values()) {
      if (kind !== 'quarantine' || poisoned.has(key)) continue;
      const quarantine = value as Quarantine;
      if (quarantine.phase !== 'attached' || liveHolders(quarantine, world.now()).length === 0) continue;
      const { principal, denyPolicyName: name } = quarantine;
      if (!directory.isAttachedNow(principal.arn, name) && this.#lastChangeBy(principal.arn, name) !== 'human')
        throw new Broken(`8: ${principal.arn} is attached to ${name} by its row, and free in truth`);
    }
  }

  /** Nobody is held past their time for longer than the bound. To be asked every minute once faults have ended. */
  checkOverdue(boundMs: number): void {
    const { world } = this.#engine;
    const overdue = new Set<string>();
    for (const { arn, name, quarantine } of this.#worn()) {
      const isOurs = quarantine !== null && quarantine.phase !== 'absent';
      if ((isOurs && liveHolders(quarantine, world.now()).length > 0) || (!isOurs && this.#lastChangeBy(arn, name) === 'human')) continue;
      const id = `${arn} ${name}`;
      overdue.add(id);
      const since = this.#overdueSince.get(id) ?? world.nowMs;
      this.#overdueSince.set(id, since);
      this.longestOverdueMs = Math.max(this.longestOverdueMs, world.nowMs - since);
      if (world.nowMs - since > boundMs) throw new Broken(`1: ${id} is denied ${boundMs / 60_000} minutes past its time`);
    }
    for (const id of this.#overdueSince.keys()) if (!overdue.has(id)) this.#overdueSince.delete(id);
  }

  /** Nobody wears what no execution wants, unless a person put it there. */
  checkAtRest(): void {
    for (const { arn, name, quarantine } of this.#worn()) {
      const isWanted = quarantine !== null && liveHolders(quarantine, this.#engine.world.now()).length > 0;
      if (!isWanted && this.#lastChangeBy(arn, name) === 'engine') throw new Broken(`8: ${arn} wears ${name}, and no execution wants it`);
    }
  }

  // All that somebody wears and that could come off.
  #worn(): readonly Worn[] {
    const worn: Worn[] = [];
    for (const { arn, attached } of this.#engine.directory.principals()) {
      for (const { name, path } of attached) {
        if (path !== '/guardrails/') continue;
        const named = this.#namedAs(arn, name);
        if (!isBeyondHelp(this.#engine, named, name)) worn.push({ arn, name, quarantine: this.#quarantine(named, name) });
      }
    }
    return worn;
  }

  // IAM goes by the name alone. So a call that was checked and sent while a principal was replaced by another of its name under
  // another path reaches that one, and comes off with the quarantine of the first.
  #namedAs(arn: string, name: string): string {
    if (this.#quarantine(arn, name) !== null) return arn;
    return PRINCIPALS.find((principal) => movedArn(principal) === arn) ?? arn;
  }

  #quarantine(arn: string, name: string): Quarantine | null {
    return (this.#engine.store.rows().get(quarantineKeyOf(arn, name))?.value as Quarantine | undefined) ?? null;
  }

  #lastChangeBy(arn: string, name: string): 'engine' | 'human' | null {
    return (
      this.#engine.directory.changes().findLast((change) => change.principalArn === arn && (change.policyName === name || change.what === 'principal_deleted'))
        ?.by ?? null
    );
  }
}
