import { parse } from 'lossless-json';
import { type Decimal, parseDecimal } from '../core/money.ts';
import { type NotRead, quote, unreadable } from './unreadable.ts';

/** A JSON object whose shape is not known yet. Every number in it is an exact `Decimal`, or NaN where it has more than 60 digits. */
export type JsonObject = { readonly [key: string]: unknown };

/** What a piece of a signal is before anything is known of its meaning. */
export type Content = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'json'; readonly value: JsonObject } | NotRead;

/** Reads a message as a JSON object where it begins as one, else as plain text. A byte order mark and leading blanks are dropped. */
export function parseContent(text: string): Content {
  const message = text.trimStart();
  if (message === '') return unreadable('empty', 'The message is empty: expected a cost alert.');
  if (!message.startsWith('{')) return { kind: 'text', text: message };
  try {
    const value = parse(message, null, { parseNumber: (digits) => parseDecimal(digits) ?? Number.NaN });
    return { kind: 'json', value: Object(value) };
  } catch (error) {
    // A SyntaxError for what is no JSON, a RangeError for nesting that is deeper than the stack.
    return unreadable('unknown_format', `The message begins like JSON but is none (${quote(String(error))}): expected a whole JSON object.`);
  }
}

/** Whether the value is an object of JSON: neither null nor a list nor a number. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/** Whether the value was a number in JSON. JSON has no way to write a bigint, so nothing else can look like one. */
export function isExactNumber(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'unscaled' in value && typeof value.unscaled === 'bigint';
}
