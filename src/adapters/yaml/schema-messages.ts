import type * as z from 'zod';
import { quoted } from '../../core/problem.ts';
import { nearest } from '../iam-actions/nearest.ts';
import { hintForActionType, hintForKey } from './planned-keys.ts';
import { descriptionAt, keysAt, placesOf } from './schema-shape.ts';

/** The schema of one kind of file, and of the kind where a misplaced key may belong. */
export interface FileSchema {
  readonly schema: z.ZodObject;
  /** As messages call the file: `the policy`, `settings.yaml`. */
  readonly name: string;
  readonly other: Omit<FileSchema, 'other'>;
}

/** Where an issue is, what stands there, and how it was written. */
export interface FoundValue {
  readonly path: Path;
  readonly value: unknown;
  readonly raw: string;
}

export type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a mapping'],
  ['record', 'a mapping'],
]);

/** What is expected where a schema has no words of its own for it. */
export function expectedBySchema(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type') return TYPE_NAMES.get(String(issue['expected'])) ?? 'another value';
  if (issue.code === 'invalid_value') return oneOf(choicesOf(issue));
  if (issue.code === 'too_small') return `${issue['inclusive'] === false ? 'a number above' : 'at least'} ${issue['minimum']}`;
  if (issue.code === 'too_big') return `at most ${issue['maximum']}`;
  return 'another value';
}

/** For a key that the schema doesn't have. */
export function unknownKeyMessage(parent: Path, key: string, file: FileSchema): string {
  const place = subjectOf(parent);
  const known = keysAt(file.schema, parent);
  const [similar] = nearest(key, known);
  const guesses = [similar === undefined ? null : `Did you mean ${similar}?`, belonging(key, file)].filter((guess) => guess !== null);
  const help = hintForKey(place, key) ?? (guesses.length > 0 ? guesses.join(' ') : `The keys are ${known.join(', ')}.`);
  return `There is no key ${quoted(key)} ${place === '' ? `at the top of ${file.name}` : `in ${place}`}. ${help}`;
}

/** For a key that must be there, and is absent or empty. */
export function missingKeyMessage(issue: Issue, file: FileSchema): string {
  const { path } = issue;
  const parent = subjectOf(path.slice(0, -1));
  const choices = choicesOf(issue);
  const about = choices.length > 0 ? oneOf(choices) : descriptionAt(file.schema, path);
  const where = parent === '' ? `at the top of ${file.name}` : `in ${parent}`;
  return `${String(path.at(-1))} is missing ${where}${about === null ? '' : ` (${about.replace(/\.$/, '')})`}. Add it.`;
}

/** For a value that is not what the schema expects. */
export function wrongValueMessage(issue: Issue, found: FoundValue): string {
  const isChoice = issue.code === 'invalid_union' && issue.errors.length === 0;
  const expected = isChoice ? oneOf(choicesOf(issue)) : issue.message;
  return `${subjectOf(found.path)} is ${shown(found)}; expected ${expected}.${advice(issue, found)}`;
}

/** For an account id without quotes. */
export function unquotedAccountMessage({ path, raw }: FoundValue): string {
  const reason = raw.startsWith('0') ? 'YAML reads a number there, and loses its leading zero' : 'YAML reads a number there';
  const change = /^\d{12}$/.test(raw) ? `Write "${raw}".` : 'Write it in quotes, with all its twelve digits.';
  return `${subjectOf(path)} is ${raw}, without quotes: ${reason}. ${change}`;
}

function belonging(key: string, file: FileSchema): string | null {
  const places = placesOf(file.schema, key);
  if (places.length > 0)
    return `${quoted(key)} belongs ${places.map((place) => (place === '' ? `at the top of ${file.name}` : `under ${place}`)).join(' or ')}.`;
  return placesOf(file.other.schema, key).length > 0 ? `${quoted(key)} belongs in ${file.other.name}.` : null;
}

function advice(issue: Issue, found: FoundValue): string {
  const choices = choicesOf(issue);
  if (typeof found.value === 'string' && choices.length > 0) return choiceAdvice(found.path, found.value, choices);
  return issue.code === 'invalid_type' && typeof found.value !== 'object' ? typeAdvice(issue.expected, found) : '';
}

function typeAdvice(expected: string, { value, raw }: FoundValue): string {
  if (expected === 'array') return ' Put it in brackets, or on a line of its own after "- ".';
  if (expected === 'string') return ` Put it in quotes: ${quoted(raw)}.`;
  if (expected === 'boolean' && /^(yes|no|on|off)$/i.test(raw)) return ` Write ${/^(yes|on)$/i.test(raw) ? 'true' : 'false'}.`;
  const isNumber = expected === 'number' || expected === 'int';
  return isNumber && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? ' Take the quotes off.' : '';
}

function choiceAdvice(path: Path, value: string, choices: readonly string[]): string {
  const hint = path[0] === 'actions' && path.at(-1) === 'type' ? hintForActionType(value) : null;
  const [similar] = nearest(value, choices);
  return hint === null ? similarAdvice(similar) : ` ${hint}`;
}

function similarAdvice(similar: string | undefined): string {
  return similar === undefined ? '' : ` Did you mean ${similar}?`;
}

function choicesOf(issue: Issue | z.core.$ZodRawIssue): readonly string[] {
  const choices: unknown = issue.code === 'invalid_value' ? issue['values'] : 'options' in issue && issue['options'];
  return Array.isArray(choices) ? choices.map(String) : [];
}

/** The value as messages show it: compounds by their kind, and nothing that could be a secret put in the place of its parameter's name. */
function shown({ path, value, raw }: FoundValue): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === null) return 'empty';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return raw;
  const hidden = String(path.at(-1)).endsWith('_ssm_param') && !value.startsWith('/');
  return hidden ? 'a value that is not shown here, since it may be a secret' : quoted(value);
}

function subjectOf(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join('');
}

function oneOf(choices: readonly string[]): string {
  return choices.length === 1 ? `${choices[0]}` : `one of ${choices.join(', ')}`;
}
