import type { ProblemCode, Severity } from '../../src/core/problem.ts';

/** What a code means, in one sentence, and how bad it is: of several severities the worst comes first. */
export interface ProblemSentence {
  readonly severities: readonly Severity[];
  readonly sentence: string;
}

/** The first code of each group, in the order of `PROBLEM_CODES`. */
export const PROBLEM_GROUPS: ReadonlyMap<ProblemCode, string> = new Map([
  ['unreadable_file', 'The file'],
  ['yaml_syntax', 'The YAML'],
  ['unknown_key', 'Its structure'],
  ['max_not_above_min', 'When a policy is met'],
  ['no_principals', 'Whom it holds'],
  ['nothing_denied', 'What it denies, and for how long'],
  ['two_channels', 'Whom it tells and asks'],
]);

/** One sentence for each code, for the documentation. */
export const PROBLEM_SENTENCES: Readonly<Record<ProblemCode, ProblemSentence>> = {
  unreadable_file: error('The file is there, and cannot be read: a broken link, or missing rights.'),
  not_utf8: error('The file is no UTF-8 text.'),
  file_too_large: error('The file has more than 1 MB, so it is something else than a policy.'),
  yaml_in_subfolder: warning("YAML in a subfolder is nobody's policy; only `disabled` and `tests` are meant for other files."),
  duplicate_settings: error('There are two files of settings.'),
  duplicate_policy_id: error('Two files have the same `policy_id`, case ignored.'),
  secret_in_file: error('The file holds a token or the address of a webhook; git would keep it for ever.'),
  yaml_syntax: error('The text is no YAML.'),
  alias: error('An alias or a merge key repeats another part of the file, where a reader may overlook it.'),
  multiple_documents: error('The file holds a second document; each policy has a file of its own.'),
  empty_file: error('The file holds nothing but comments.'),
  duplicate_key: error('A key is there twice.'),
  not_a_mapping: error('The file is a list or a single value.'),
  explicit_tag: error('A tag such as `!!str` changes what a value means.'),
  unknown_key: error('There is no such key; the message names the nearest one, and where it belongs.'),
  missing_key: error('A key that must be there is absent or empty.'),
  wrong_type: error('The value is of another type, such as a text in the place of a list.'),
  invalid_value: error('The value is none of the choices.'),
  invalid_format: error('The text does not have the form that it must have.'),
  out_of_range: error('The number is too small or too large.'),
  empty_list: { severities: ['error', 'warning'], sentence: 'The list needs an entry, or says the same as leaving the key out (`scope.regions`).' },
  too_many: error('The list has more entries than it may have.'),
  unquoted_account_id: error('An account id has no quotes, so YAML reads a number and may lose its leading zero.'),
  max_not_above_min: error('`max_amount_usd` is not above `min_amount_usd`.'),
  source_never_matches: warning('One of the sources never carries what the policy asks for, so it never meets it.'),
  never_matches: warning('No alert can meet the condition, or no ARN the exception.'),
  redundant_account: warning('An account is named beside `"*"`.'),
  auto_any_account: warning('In `auto`, `"*"` lets an alert of any account hold these principals.'),
  excepted_account: warning('An account is both matched and excepted.'),
  unknown_timezone: error('There is no such time zone.'),
  no_principals: error('The policy denies something, and names nobody.'),
  invalid_principal_arn: error('The text is not the ARN of a role or user; for a session, name its role.'),
  wildcard_principal: error("A principal has a wildcard: a policy must not come to hold somebody that its author didn't name."),
  root_principal: error('The root of an account cannot be held.'),
  principal_type_mismatch: error('`type` says role where the ARN names a user, or the other way round.'),
  duplicate_principal: error('A principal is there twice, case ignored.'),
  untouchable_principal: error('AWS lets nobody change this role, or to hold it would leave nobody to put things right.'),
  protected_principal: error('`protected_principals` in settings.yaml protects this one.'),
  excepted_principal: warning('The policy excepts a principal that it names.'),
  several_accounts: note('The principals belong to several accounts.'),
  nobody_protected: warning('The policy is `auto`, and neither it nor settings.yaml protects anybody.'),
  above_breaker: warning('The policy names more principals than the breaker lets `auto` hold.'),
  nothing_denied: error('`attach_deny_policy` has neither `deny` nor `deny_sets`.'),
  redundant_notify_only: warning('`notify_only` adds nothing beside `attach_deny_policy`: people are told in any case.'),
  malformed_action: error('The text is no IAM action, or has a wildcard before the colon.'),
  unknown_action: error('IAM has no such action; the message names the nearest ones.'),
  matches_nothing: error('The pattern matches no action, so it would deny nothing.'),
  denies_everything: error('`"*"` would stop everything, looking and cleaning up included.'),
  denies_looking: error('The deny would stop people from seeing what runs and what it costs.'),
  denies_cleanup: error('The deny would stop people from stopping, terminating or deleting what costs.'),
  scales_both_ways: warning('The action also scales down, so to deny it stops the shortest way to less spend.'),
  redundant_action: warning('Another entry or a deny set denies the action already.'),
  allowed_action_known: warning('An entry of `allow_unknown_actions` is known by now.'),
  document_too_large: error('The deny policy would have more characters than IAM takes (6,144).'),
  ttl_too_long: error('`ttl_minutes` is above `max_ttl_minutes` of settings.yaml.'),
  ttl_unlimited: { severities: ['error', 'warning'], sentence: '`ttl_minutes: 0` has no end: refused in `auto`, warned of in `manual`.' },
  two_channels: error('`notify` names a webhook and a channel; one of them is right.'),
  no_bot_token: warning('`slack_channel` needs `slack.bot_token_ssm_param` in settings.yaml.'),
  mention_shown_plain: warning('The mention is no Slack id, so it alerts nobody.'),
  unapprovable: warning('The policy is `manual`, and nobody may approve.'),
  too_few_approvers: warning('More people must agree than are named.'),
};

function error(sentence: string): ProblemSentence {
  return { severities: ['error'], sentence };
}

function warning(sentence: string): ProblemSentence {
  return { severities: ['warning'], sentence };
}

function note(sentence: string): ProblemSentence {
  return { severities: ['note'], sentence };
}
