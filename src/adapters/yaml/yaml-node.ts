import {
  boolCoreTag,
  EVENT_ID,
  type Event,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import { childPath, errorAt, type Finding, quoted } from '../../core/problem.ts';
import { looksSecret } from './secret.ts';

/** Stands in a document for a value that is wrong and reported already, so that nothing is reported twice. */
export const WRONG = Symbol('wrong');

interface ScalarNode {
  readonly kind: 'scalar';
  /** Offset in the text of the first character, the quote included. */
  readonly start: number;
  /** As it was written, without its quotes. */
  readonly raw: string;
  readonly value: unknown;
}

interface SequenceNode {
  readonly kind: 'sequence';
  readonly start: number;
  readonly items: readonly YamlNode[];
}

interface MappingNode {
  readonly kind: 'mapping';
  readonly start: number;
  readonly entries: ReadonlyMap<string, { readonly keyStart: number; readonly node: YamlNode }>;
}

/** A node of a YAML document that knows where it stands. Anchors, tags and aliases are gone: they are refused. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode;

export interface OffsetFinding {
  readonly offset: number;
  readonly finding: Finding;
}

/** Where the reading stands: `next` is the event to read, `end` the place in the text up to which all is read; `found` grows. */
export interface NodeReader {
  readonly text: string;
  readonly events: readonly Event[];
  readonly found: OffsetFinding[];
  next: number;
  end: number;
}

const IMPLICIT_TAGS = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag];

const SECRET_MESSAGE =
  'This looks like a secret of Slack, and git keeps what it is given for ever. Make it invalid in Slack, store a new one with "guardrails secrets set", and name the parameter here.';

/** Reads the node that begins at the next event; `fallback` is where an empty value is said to stand. */
export function readNode(reader: NodeReader, path: string, fallback: number): YamlNode {
  const event = reader.events[reader.next];
  reader.next += 1;
  if (event?.type === EVENT_ID.SEQUENCE || event?.type === EVENT_ID.MAPPING) {
    if (event.tagStart >= 0) reportTag(reader, event, path);
    return event.type === EVENT_ID.SEQUENCE ? readSequence(reader, path, event.start) : readMapping(reader, path, event.start);
  }
  if (event?.type === EVENT_ID.SCALAR) return readScalar(reader, event, path, fallback);
  const start = event?.type === EVENT_ID.ALIAS ? event.anchorStart - 1 : fallback;
  report(reader, start, errorAt(path, 'alias', 'An alias (*) repeats another part of the file, where a reader may overlook it. Write the values out.'));
  return { kind: 'scalar', start, raw: '', value: WRONG };
}

/** The node as plain data: its mappings have no prototype, so that no key can mean anything but itself. */
export function plainData(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(plainData);
  const mapping: Record<string, unknown> = Object.create(null);
  for (const [key, entry] of node.entries) mapping[key] = plainData(entry.node);
  return mapping;
}

function readSequence(reader: NodeReader, path: string, start: number): SequenceNode {
  const items: YamlNode[] = [];
  while (!atEnd(reader)) items.push(readNode(reader, childPath(path, items.length), emptyItemStart(reader) ?? start));
  reader.next += 1;
  return { kind: 'sequence', start, items };
}

/** An empty item is nothing but a dash, mostly on a line of its own. */
function emptyItemStart(reader: NodeReader): number | null {
  const event = reader.events[reader.next];
  if (event?.type !== EVENT_ID.SCALAR || event.valueStart >= 0) return null;
  const dash = /^[ \t]*-(?=[ \t]*(#|\r|\n|$))/gm;
  dash.lastIndex = reader.end;
  const found = dash.exec(reader.text);
  return found === null ? null : found.index + found[0].length - 1;
}

function readMapping(reader: NodeReader, path: string, start: number): MappingNode {
  const entries = new Map<string, { keyStart: number; node: YamlNode }>();
  while (!atEnd(reader)) {
    const key = readNode(reader, path, start);
    const before = reader.found.length;
    const name = key.kind === 'scalar' ? key.raw : '';
    const node = readNode(reader, childPath(path, name), key.start);
    const refusal = refuseKey(key, name, path, entries);
    if (refusal === null) {
      entries.set(name, { keyStart: key.start, node });
      continue;
    }
    // What is wrong within a refused pair goes with the pair.
    reader.found.length = before;
    if (refusal !== 'reported') report(reader, key.start, refusal);
  }
  reader.next += 1;
  return { kind: 'mapping', start, entries };
}

function refuseKey(key: YamlNode, name: string, path: string, entries: ReadonlyMap<string, unknown>): Finding | 'reported' | null {
  if (key.kind !== 'scalar')
    return errorAt(path, 'wrong_type', 'This key is a list or a mapping; expected a text. Put a text with braces or brackets in quotes.');
  if (key.value === WRONG) return 'reported';
  const keyPath = childPath(path, name);
  if (name === '<<') return errorAt(keyPath, 'alias', '"<<" merges another part of the file into this one. Write the values out.');
  if (name === '__proto__') return errorAt(keyPath, 'unknown_key', 'There is no key "__proto__". Take it out.');
  if (entries.has(name)) return errorAt(keyPath, 'duplicate_key', `${quoted(name)} is here twice; expected each key once. Keep one of them.`);
  return null;
}

function readScalar(reader: NodeReader, event: ScalarEvent, path: string, fallback: number): ScalarNode {
  const raw = event.valueStart < 0 ? '' : getScalarValue(reader.text, event);
  const start = scalarStart(reader.text, event, fallback);
  reader.end = Math.max(reader.end, event.valueStart < 0 ? fallback + 1 : event.valueEnd);
  if (event.tagStart >= 0) {
    reportTag(reader, event, path);
    return { kind: 'scalar', start, raw, value: WRONG };
  }
  if (looksSecret(raw)) {
    report(reader, start, errorAt(path, 'secret_in_file', SECRET_MESSAGE));
    return { kind: 'scalar', start, raw: '', value: WRONG };
  }
  return { kind: 'scalar', start, raw, value: event.style === SCALAR_STYLE.PLAIN ? plainValue(raw) : raw };
}

function plainValue(raw: string): unknown {
  for (const tag of IMPLICIT_TAGS) {
    const value: unknown = tag.resolve(raw, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return raw;
}

function reportTag(reader: NodeReader, { tagStart, tagEnd }: { tagStart: number; tagEnd: number }, path: string): void {
  const tag = quoted(reader.text.slice(tagStart, tagEnd));
  const message = `The tag ${tag} changes what this value means. Take it out; a text that looks like a number goes in quotes.`;
  report(reader, tagStart, errorAt(path, 'explicit_tag', message));
}

function report(reader: NodeReader, offset: number, finding: Finding): void {
  reader.found.push({ offset, finding });
}

function atEnd(reader: NodeReader): boolean {
  const event = reader.events[reader.next];
  return event === undefined || event.type === EVENT_ID.POP;
}

/** Where the scalar begins for a person: at its quote, or at the sign of a block. */
function scalarStart(text: string, event: ScalarEvent, fallback: number): number {
  if (event.valueStart < 0) return fallback;
  if (event.style === SCALAR_STYLE.PLAIN) return event.valueStart;
  if (event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED) return event.valueStart - 1;
  return Math.max(fallback, text.lastIndexOf(event.style === SCALAR_STYLE.LITERAL_BLOCK ? '|' : '>', event.valueStart - 1));
}
