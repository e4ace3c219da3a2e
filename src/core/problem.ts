const MAX_SHOWN = 80;

export type Severity = 'error' | 'warning' | 'note';

/** Everything that can be wrong, or worth a warning, in a directory of policies. A code never changes its meaning: scripts rely on it. */
export const PROBLEM_CODES = [
  // the file
  'unreadable_file',
  'not_utf8',
  'file_too_large',
  'yaml_in_subfolder',
  'duplicate_settings',
  'duplicate_policy_id',
  'secret_in_file',
  // the YAML document
  'yaml_syntax',
  'alias',
  'multiple_documents',
  'empty_file',
  'duplicate_key',
  'not_a_mapping',
  'explicit_tag',
  // its structure
  'unknown_key',
  'missing_key',
  'wrong_type',
  'invalid_value',
  'invalid_format',
  'out_of_range',
  'empty_list',
  'too_many',
  'unquoted_account_id',
  // when a policy is met
  'max_not_above_min',
  'source_never_matches',
  'never_matches',
  'redundant_account',
  'auto_any_account',
  'excepted_account',
  'unknown_timezone',
  // whom it holds
  'no_principals',
  'invalid_principal_arn',
  'wildcard_principal',
  'root_principal',
  'principal_type_mismatch',
  'duplicate_principal',
  'untouchable_principal',
  'protected_principal',
  'excepted_principal',
  'several_accounts',
  'nobody_protected',
  'above_breaker',
  // what it denies, and for how long
  'nothing_denied',
  'redundant_notify_only',
  'malformed_action',
  'unknown_action',
  'matches_nothing',
  'denies_everything',
  'denies_looking',
  'denies_cleanup',
  'scales_both_ways',
  'redundant_action',
  'allowed_action_known',
  'document_too_large',
  'ttl_too_long',
  'ttl_unlimited',
  // whom it tells and asks
  'two_channels',
  'no_bot_token',
  'mention_shown_plain',
  'unapprovable',
  'too_few_approvers',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What is wrong with one node of a document, before it is known where in the file that node stands. */
export interface Finding {
  /** JSON Pointer (RFC 6901) of the smallest wrong node; for a missing key, of the mapping that lacks it. */
  readonly path: string;
  readonly severity: Severity;
  readonly code: ProblemCode;
  readonly message: string;
}

/** A finding with its place. Lines and columns count from 1. */
export interface Problem extends Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function errorAt(path: string, code: ProblemCode, message: string): Finding {
  return { path, severity: 'error', code, message };
}

export function warningAt(path: string, code: ProblemCode, message: string): Finding {
  return { path, severity: 'warning', code, message };
}

export function noteAt(path: string, code: ProblemCode, message: string): Finding {
  return { path, severity: 'note', code, message };
}

/** The pointer of a node below another: `childPath('/match', 'source', 0)` is `/match/source/0`. */
export function childPath(parent: string, ...keys: readonly (string | number)[]): string {
  return [parent, ...keys.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}

/** A text as messages show it: in quotes, on one line, and not at any length. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

/** Orders problems as a person reads them: by file, line and column, then by code. */
export function compareProblems(a: Problem, b: Problem): number {
  return compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column || compareTexts(a.code, b.code);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
