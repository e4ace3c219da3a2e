import type { Row, RowKind } from '../../app/ports.ts';
import type { Instant } from '../../core/instant.ts';

interface Entry {
  readonly key: string;
  readonly kind: RowKind;
  readonly dueAt: Instant | null;
}

/** A sparse index of rows by when they are due, which learns of each write at its own time. Of one row, never the older after the newer. */
export class DueIndex {
  readonly #shown = new Map<RowKind, Map<string, Instant>>();
  #coming: { readonly entry: Entry; readonly at: Instant }[] = [];

  put({ key, kind, dueAt }: Row, now: Instant, shownAt: Instant): void {
    this.#catchUp(now);
    const before = this.#coming.findLast(({ entry }) => entry.key === key);
    const at = before !== undefined && before.at > shownAt ? before.at : shownAt;
    if (at <= now) this.#show({ key, kind, dueAt });
    else this.#coming.push({ entry: { key, kind, dueAt }, at });
  }

  /** The keys due until then, inclusive, as the index shows it now; the earliest first, equals by key. */
  find(kind: RowKind, until: Instant, limit: number, now: Instant): readonly string[] {
    this.#catchUp(now);
    const due = [...(this.#shown.get(kind) ?? [])].filter(([, dueAt]) => dueAt <= until);
    due.sort(([keyA, dueA], [keyB, dueB]) => (dueA === dueB ? compare(keyA, keyB) : compare(dueA, dueB)));
    return due.slice(0, limit).map(([key]) => key);
  }

  #catchUp(now: Instant): void {
    if (this.#coming.length === 0) return;
    const come = this.#coming.filter(({ at }) => at <= now);
    this.#coming = this.#coming.filter(({ at }) => at > now);
    for (const { entry } of come) this.#show(entry);
  }

  #show({ key, kind, dueAt }: Entry): void {
    const ofKind = this.#shown.get(kind) ?? new Map<string, Instant>();
    this.#shown.set(kind, ofKind);
    if (dueAt === null) ofKind.delete(key);
    else ofKind.set(key, dueAt);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
