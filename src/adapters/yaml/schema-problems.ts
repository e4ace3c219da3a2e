import type * as z from 'zod';
import { childPath, errorAt, type Finding, type ProblemCode } from '../../core/problem.ts';
import {
  expectedBySchema,
  type FileSchema,
  missingKeyMessage,
  type Path,
  unknownKeyMessage,
  unquotedAccountMessage,
  wrongValueMessage,
} from './schema-messages.ts';
import type { YamlDocument } from './yaml-document.ts';
import { WRONG } from './yaml-node.ts';

/** What is wrong with a document's structure, and its value with `WRONG` for everything that is. */
export interface StructureReading {
  readonly findings: readonly Finding[];
  readonly value: unknown;
}

type Issue = z.core.$ZodIssue;

const ACCOUNT_ID_PATH = /^\/match\/account_ids\/\d+$|^\/exceptions\/accounts\/\d+$|^\/event\/(root_causes\/\d+\/)?account_id$/;

/** Compares a document with the schema of its kind of file. Each difference says what was found, what was expected and what to change. */
export function readStructure(file: FileSchema, document: YamlDocument): StructureReading {
  const result = file.schema.safeParse(document.value, { error: expectedBySchema });
  if (result.success) return { findings: [], value: document.value };
  const issues = onePerValue(result.error.issues.flatMap((issue) => meantIssues(issue, [])));
  const wrong = new Set(issues.filter((issue) => issue.code !== 'unrecognized_keys').map(({ path }) => pointerOf(path)));
  // What is WRONG already has been reported by whoever found it.
  const findings = issues.filter(({ path }) => valueAt(document.value, path) !== WRONG).flatMap((issue) => findingsOf(issue, file, document));
  return { findings, value: withoutWrong(document.value, '', wrong) };
}

/** Of a union that no member of meets, the issues of the member that was meant: the one that fails further in. */
function meantIssues(issue: Issue, parent: Path): readonly Issue[] {
  const path = [...parent, ...issue.path];
  const members = issue.code === 'invalid_union' ? issue.errors : [];
  const meant = members.find((member) => member.every((one) => one.path.length > 0));
  return meant === undefined ? [{ ...issue, path }] : meant.flatMap((one) => meantIssues(one, path));
}

/** Of several issues with one value the last, which is the narrowest: a number beyond all numbers is also beyond the key's own bound. */
function onePerValue(issues: readonly Issue[]): readonly Issue[] {
  const last = new Map(issues.map((issue) => [pointerOf(issue.path), issue]));
  return issues.filter((issue) => issue.code === 'unrecognized_keys' || last.get(pointerOf(issue.path)) === issue);
}

function findingsOf(issue: Issue, file: FileSchema, document: YamlDocument): readonly Finding[] {
  const path = pointerOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => errorAt(childPath(path, key), 'unknown_key', unknownKeyMessage(issue.path, key, file)));
  }
  const value = valueAt(document.value, issue.path);
  const isItem = typeof issue.path.at(-1) === 'number';
  if (value === undefined || (value === null && !isItem)) {
    const holder = value === undefined ? pointerOf(issue.path.slice(0, -1)) : path;
    return [errorAt(holder, 'missing_key', missingKeyMessage(issue, file))];
  }
  const found = { path: issue.path, value, raw: document.rawScalar(path) ?? '' };
  if (issue.code === 'invalid_type' && typeof value === 'number' && ACCOUNT_ID_PATH.test(path)) {
    return [errorAt(path, 'unquoted_account_id', unquotedAccountMessage(found))];
  }
  return [errorAt(path, codeOf(issue, value), wrongValueMessage(issue, found))];
}

function codeOf(issue: Issue, value: unknown): ProblemCode {
  if (issue.code === 'invalid_format') return 'invalid_format';
  if (issue.code === 'too_small' || issue.code === 'too_big') return rangeCode(issue.origin, issue.code);
  const isChoice = issue.code === 'invalid_value' || (issue.code === 'invalid_union' && issue.errors.length === 0);
  return isChoice && typeof value === 'string' ? 'invalid_value' : 'wrong_type';
}

function rangeCode(origin: string, code: 'too_small' | 'too_big'): ProblemCode {
  if (origin === 'string') return 'invalid_format';
  if (origin !== 'array') return 'out_of_range';
  return code === 'too_small' ? 'empty_list' : 'too_many';
}

function pointerOf(path: Path): string {
  return childPath('', ...path.map(String));
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, step) => (typeof found === 'object' && found !== null ? Reflect.get(found, step) : undefined), value);
}

function withoutWrong(value: unknown, path: string, wrong: ReadonlySet<string>): unknown {
  if (wrong.has(path)) return WRONG;
  if (Array.isArray(value)) return value.map((item: unknown, index) => withoutWrong(item, childPath(path, index), wrong));
  if (typeof value !== 'object' || value === null) return value;
  const mapping: Record<string, unknown> = Object.create(null);
  for (const [key, item] of Object.entries(value)) mapping[key] = withoutWrong(item, childPath(path, key), wrong);
  return mapping;
}
