import { EVENT_ID, parseEvents, YAMLException } from 'js-yaml';
import { errorAt, type Finding, type Problem } from '../../core/problem.ts';
import { type NodeReader, type OffsetFinding, plainData, readNode, WRONG, type YamlNode } from './yaml-node.ts';

/** A finding with its place, in a file that the caller knows. */
type PlacedFinding = Omit<Problem, 'file'>;

/** One YAML document: a mapping, or a list where its reader takes one. */
export interface YamlDocument {
  /** Plain data without prototypes, with `WRONG` for each value that can't be used. */
  readonly value: unknown;
  /** The finding with the line and column of its node; where that doesn't exist, with all of the nearest one around it. */
  place(finding: Finding): PlacedFinding;
  /** A scalar as it was written, without its quotes; null where the path leads to none. */
  rawScalar(path: string): string | null;
  /** The line on which the node begins, or its key where it has one. Counts from 1. */
  lineOf(path: string): number;
}

/** What a file may hold: one mapping, as a policy is, or also a list. */
export type Root = 'mapping' | 'mapping_or_list';

export interface YamlReading {
  /** Null where there is nothing to go on with. */
  readonly document: YamlDocument | null;
  readonly findings: readonly PlacedFinding[];
}

const MAX_DEPTH = 50;

/**
 * Reads one YAML 1.2 document with the place of each node, and refuses what makes a document mean something else than it seems to:
 * aliases, merge keys, tags, repeated keys, a second document, secrets. Never throws.
 */
export function readYaml(fileText: string, expected: Root = 'mapping'): YamlReading {
  // Offsets count from after the byte order mark, as an editor's columns do.
  const text = fileText.startsWith('\uFEFF') ? fileText.slice(1) : fileText;
  const starts = lineStarts(text);
  const found: OffsetFinding[] = [];
  const root = parseRoot(text, found, expected);
  const findings = found.map(({ offset, finding }) => ({ ...finding, ...positionOf(offset, starts) }));
  return { document: root === null ? null : documentOf(root, starts), findings };
}

function parseRoot(text: string, found: OffsetFinding[], expected: Root): YamlNode | null {
  try {
    return readRoot({ text, events: parseEvents(text, { maxDepth: MAX_DEPTH }), found, next: 1, end: 0 }, expected);
  } catch (error) {
    // js-yaml doesn't promise that nothing else is thrown.
    const { reason, mark } = error instanceof YAMLException ? error : { reason: 'the parser gave up', mark: undefined };
    const message = `This is no valid YAML: ${reason}. Look at this line and at the one before it.`;
    found.push({ offset: mark?.position ?? 0, finding: errorAt('', 'yaml_syntax', message) });
    return null;
  }
}

function readRoot(reader: NodeReader, expected: Root): YamlNode | null {
  const first = reader.events[1]; // the first event only says that a document begins
  if (first === undefined || (first.type === EVENT_ID.SCALAR && first.valueStart < 0)) {
    const message = 'The file is empty, but for white space and comments. Write the policy, or delete the file.';
    reader.found.push({ offset: 0, finding: errorAt('', 'empty_file', message) });
    return null;
  }
  const root = readNode(reader, '', 0);
  if (reader.next + 1 < reader.events.length) {
    const message = 'A second document begins here; expected one in a file. Move it to a file of its own.';
    reader.found.push({ offset: secondDocumentStart(reader), finding: errorAt('', 'multiple_documents', message) });
  }
  if (root.kind === 'mapping' || (root.kind === 'sequence' && expected === 'mapping_or_list')) return root;
  if (root.kind === 'sequence' || root.value !== WRONG) {
    const wanted = expected === 'mapping' ? 'a mapping that begins like "policy_id: …"' : 'a list, or a mapping that begins like "name: …"';
    const message = `The file holds ${root.kind === 'sequence' ? 'a list' : 'a single value'}; expected ${wanted}.`;
    reader.found.push({ offset: root.start, finding: errorAt('', 'not_a_mapping', message) });
  }
  return null;
}

function secondDocumentStart({ text, end }: NodeReader): number {
  const marker = /^(---|\.\.\.)/gm;
  marker.lastIndex = end;
  return marker.exec(text)?.index ?? text.length;
}

function documentOf(root: YamlNode, starts: readonly number[]): YamlDocument {
  return {
    value: plainData(root),
    place(finding) {
      const { node, keyStart, path } = nodeAt(root, finding.path);
      return { ...finding, path, ...positionOf(finding.code === 'unknown_key' ? keyStart : node.start, starts) };
    },
    rawScalar(path) {
      const { node, path: found } = nodeAt(root, path);
      return found === path && node.kind === 'scalar' ? node.raw : null;
    },
    lineOf(path) {
      return positionOf(nodeAt(root, path).keyStart, starts).line;
    },
  };
}

/** The node that the pointer leads to, or the last one on the way that exists. */
function nodeAt(root: YamlNode, pointer: string): { readonly node: YamlNode; readonly keyStart: number; readonly path: string } {
  let node = root;
  let keyStart = root.start;
  let path = '';
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const entry = node.kind === 'mapping' ? node.entries.get(key) : undefined;
    const child = node.kind === 'sequence' ? node.items[Number(key)] : entry?.node;
    if (child === undefined) return { node, keyStart, path };
    node = child;
    keyStart = entry?.keyStart ?? child.start;
    path = `${path}/${step}`;
  }
  return { node, keyStart, path };
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
}

function positionOf(offset: number, starts: readonly number[]): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (startOf(starts, middle) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - startOf(starts, low) + 1 };
}

function startOf(starts: readonly number[], line: number): number {
  return starts[line] ?? 0;
}
