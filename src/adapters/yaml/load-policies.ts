import { expandActions } from '../../core/deny-pattern.ts';
import type { Policy } from '../../core/policy.ts';
import { checkPolicy } from '../../core/policy-checks.ts';
import { completePolicy } from '../../core/policy-draft.ts';
import type { Settings } from '../../core/policy-set.ts';
import { compareProblems, errorAt, type Problem, warningAt } from '../../core/problem.ts';
import type { ActionCatalogue } from '../iam-actions/action-catalogue.ts';
import { loadSettings } from './load-settings.ts';
import { openFile, type PolicyFile, problemIn, problemOfFile } from './policy-file.ts';
import { POLICY_SCHEMA } from './policy-schema.ts';
import type { FileSchema } from './schema-messages.ts';
import { readStructure } from './schema-problems.ts';
import { SETTINGS_SCHEMA } from './settings-schema.ts';
import { toPolicyDraft } from './to-policy.ts';
import type { YamlDocument } from './yaml-document.ts';

/** A policy without any error. */
interface LoadedPolicy {
  readonly file: string;
  readonly policy: Policy;
  /** Every IAM action that the policy denies, its patterns and sets spelt out; sorted. */
  readonly deniedActions: readonly string[];
}

export interface LoadedPolicies {
  /** Of all files, ordered by file, line and column. Where one is an error, nothing may be put to use. */
  readonly problems: readonly Problem[];
  /** Those without any error, ordered by id. */
  readonly policies: readonly LoadedPolicy[];
  /** With defaults for what is absent or wrong. */
  readonly settings: Settings;
  /** Policy files seen, the wrong ones included; settings don't count. */
  readonly fileCount: number;
}

interface CheckedFile {
  readonly file: PolicyFile;
  readonly problems: readonly Problem[];
  readonly policyId: string | null;
  readonly document: YamlDocument | null;
  /** Null where it has an error. */
  readonly policy: Policy | null;
}

const POLICY_FILE: FileSchema = { schema: POLICY_SCHEMA, name: 'the policy', other: { schema: SETTINGS_SCHEMA, name: 'settings.yaml' } };

const IGNORED = 'This file is in a subfolder, where nobody looks for policies. Move it up, or into disabled/ if it is not to count.';

/** Validates policies and settings from their texts: every problem of every file at once, and what of it can be used. Never throws. */
export function loadPolicies(files: readonly PolicyFile[], catalogue: ActionCatalogue): LoadedPolicies {
  const ofRole = (role: PolicyFile['role']): readonly PolicyFile[] => files.filter((file) => file.role === role);
  const ignored = ofRole('ignored').map((file) => problemOfFile(file, warningAt('', 'yaml_in_subfolder', IGNORED)));
  const { settings, problems } = loadSettings(ofRole('settings'), catalogue);
  const checked = refuseDuplicateIds(ofRole('policy').map((file) => checkFile(file, settings, catalogue)));
  return {
    problems: [...ignored, ...problems, ...checked.flatMap((one) => one.problems)].sort(compareProblems),
    policies: checked
      .flatMap(({ file, policy }) => (policy === null ? [] : [loadedPolicy(file, policy, catalogue)]))
      .sort((a, b) => (a.policy.policyId < b.policy.policyId ? -1 : 1)),
    settings,
    fileCount: checked.length,
  };
}

function checkFile(file: PolicyFile, settings: Settings, catalogue: ActionCatalogue): CheckedFile {
  const { document, problems: ofFile } = openFile(file);
  if (document === null) return { file, problems: ofFile, policyId: null, document, policy: null };
  const { findings, value } = readStructure(POLICY_FILE, document);
  const draft = toPolicyDraft(value, document.rawScalar);
  const ofPolicy = [...findings, ...checkPolicy(draft, settings, catalogue)].map((finding) => problemIn(file, document, finding));
  const problems = [...ofFile, ...ofPolicy];
  const policy = problems.some(({ severity }) => severity === 'error') ? null : completePolicy(draft, settings);
  return { file, problems, policyId: draft.policyId, document, policy };
}

/** Names in IAM ignore case, and a policy's id becomes part of one. */
function refuseDuplicateIds(checked: readonly CheckedFile[]): readonly CheckedFile[] {
  const firstFiles = new Map<string, PolicyFile>();
  return checked.map((one) => {
    if (one.policyId === null || one.document === null) return one;
    const first = firstFiles.get(one.policyId.toLowerCase());
    if (first === undefined) {
      firstFiles.set(one.policyId.toLowerCase(), one.file);
      return one;
    }
    const message = `policy_id is "${one.policyId}", as in ${first.path} already (case doesn't count); expected an id of its own. Rename one of them.`;
    const duplicate = problemIn(one.file, one.document, errorAt('/policy_id', 'duplicate_policy_id', message));
    return { ...one, policy: null, problems: [...one.problems, duplicate] };
  });
}

function loadedPolicy(file: PolicyFile, policy: Policy, catalogue: ActionCatalogue): LoadedPolicy {
  const deniedActions = policy.response.kind === 'deny' ? expandActions(policy.response.actions, catalogue) : [];
  return { file: file.path, policy, deniedActions };
}
