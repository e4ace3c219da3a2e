import * as z from 'zod/mini';
import type { Decimal } from '../core/money.ts';
import { isExactNumber, isJsonObject, type JsonObject } from './signal-json.ts';
import { type Found, type NotRead, quote, unreadable } from './unreadable.ts';

/** Schema of a text. */
export const textShape = z.string('a text');

/** Schema of a text that may be absent. AWS writes an absent value as no key, as null or as an empty text: all become null. */
export const optionalTextShape = z.pipe(
  z.nullish(textShape),
  z.transform((text) => text || null),
);

/** Schema of a number, exact. */
export const numberShape = z.custom<Decimal>(isExactNumber, 'a number');

/** Schema of an object with these keys; all others are ignored. */
export function objectShape<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.pipe(z.custom<JsonObject>(isJsonObject, 'an object'), z.object(shape));
}

const MAX_ENTRIES = 1000; // AWS sends some ten; and the schema library overflows the stack where 100,000 entries are wrong

/** Schema of a list of at most 1,000 entries. */
export function listShape<Entry extends z.core.$ZodType>(entry: Entry) {
  return z.pipe(z.custom<readonly unknown[]>(isShortList, `a list of at most ${MAX_ENTRIES} entries`), z.array(entry));
}

function isShortList(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MAX_ENTRIES;
}

/** Reads the value by the schema. A failure names up to three fields, with what was found and what was expected. `what` begins its message. */
export function checkShape<Schema extends z.core.$ZodType>(schema: Schema, value: unknown, what: string): Found<z.output<Schema>> | NotRead {
  const result = z.safeParse(schema, value);
  if (result.success) return { kind: 'found', value: result.data };
  const problems = result.error.issues.slice(0, 3).map((issue) => {
    const found = issue.path.reduce<unknown>((at, key) => Reflect.get(Object(at), key), value);
    return { missing: found === undefined, text: `${issue.path.join('.') || 'it'} is ${describeValue(found)}, expected ${issue.message}` };
  });
  const reason = problems.every((problem) => problem.missing) ? 'missing_field' : 'invalid_field';
  return unreadable(reason, `${what} cannot be read: ${problems.map((problem) => problem.text).join('; ')}.`);
}

/** A value in words, for messages. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return 'a number of more than 60 digits';
  if (isExactNumber(value)) return 'a number';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return isJsonObject(value) ? `an object with the keys ${quote(Object.keys(value).slice(0, 8).join(', '))}` : String(value);
}
