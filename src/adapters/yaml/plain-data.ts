import { type DraftList, readItems } from '../../core/policy-draft.ts';
import { WRONG } from './yaml-node.ts';

/*
 * Reads plain data piece by piece, so that one wrong value hides no other. What is absent, empty or WRONG is null: the schema has
 * reported it where it had to be there.
 */

/** The value of a key; null where the mapping is none, or lacks the key. */
export function valueIn(mapping: unknown, key: string): unknown {
  return typeof mapping === 'object' && mapping !== null && Object.hasOwn(mapping, key) ? (Reflect.get(mapping, key) ?? null) : null;
}

export function textOf(mapping: unknown, key: string): string | null {
  const value = valueIn(mapping, key);
  return typeof value === 'string' ? value : null;
}

export function numberOf(mapping: unknown, key: string): number | null {
  const value = valueIn(mapping, key);
  return typeof value === 'number' ? value : null;
}

export function booleanOf(mapping: unknown, key: string): boolean | null {
  const value = valueIn(mapping, key);
  return typeof value === 'boolean' ? value : null;
}

/** One of the choices; null where it is none of them. */
export function choiceOf<Choice extends string>(mapping: unknown, key: string, choices: readonly Choice[]): Choice | null {
  return choiceAmong(valueIn(mapping, key), choices);
}

/** The items of a list as far as `read` can read them; null where there is no list, one null where it is wrong as a whole. */
export function listOf<Item>(mapping: unknown, key: string, read: (item: unknown) => Item | null): DraftList<Item> | null {
  const value = valueIn(mapping, key);
  if (value === null) return null;
  return Array.isArray(value) ? value.map((item: unknown) => (item === WRONG ? null : read(item))) : [null];
}

export function textAsIs(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function choiceAmong<Choice extends string>(value: unknown, choices: readonly Choice[]): Choice | null {
  return choices.find((choice) => choice === value) ?? null;
}

/** The texts of a list, without what is wrong; an absent list is empty. */
export function textsOf(mapping: unknown, key: string): readonly string[] {
  return readItems(listOf(mapping, key, textAsIs) ?? []);
}
