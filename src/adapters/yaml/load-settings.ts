import { checkNotify } from '../../core/check-people.ts';
import { checkAllowedActions } from '../../core/deny-pattern.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../core/policy-set.ts';
import { errorAt, type Problem } from '../../core/problem.ts';
import type { ActionCatalogue } from '../iam-actions/action-catalogue.ts';
import { valueIn } from './plain-data.ts';
import { openFile, type PolicyFile, problemIn, problemOfFile } from './policy-file.ts';
import { POLICY_SCHEMA } from './policy-schema.ts';
import type { FileSchema } from './schema-messages.ts';
import { readStructure } from './schema-problems.ts';
import { SETTINGS_SCHEMA } from './settings-schema.ts';
import { toNotify } from './to-policy.ts';
import { toSettings } from './to-settings.ts';

export interface LoadedSettings {
  /** With defaults for what is absent or wrong. */
  readonly settings: Settings;
  readonly problems: readonly Problem[];
}

const SETTINGS_FILE: FileSchema = { schema: SETTINGS_SCHEMA, name: 'settings.yaml', other: { schema: POLICY_SCHEMA, name: 'a policy' } };

/** Validates the settings of a directory. There need be none; of two files the second is refused. Never throws. */
export function loadSettings(files: readonly PolicyFile[], catalogue: ActionCatalogue): LoadedSettings {
  const [first, ...others] = files;
  if (first === undefined) return { settings: DEFAULT_SETTINGS, problems: [] };
  const { settings, problems } = loadFile(first, catalogue);
  const message = `The settings are in ${first.path} already; expected one file of them. Merge them, and delete one.`;
  return { settings, problems: [...problems, ...others.map((file) => problemOfFile(file, errorAt('', 'duplicate_settings', message)))] };
}

function loadFile(file: PolicyFile, catalogue: ActionCatalogue): LoadedSettings {
  const { document, problems } = openFile(file);
  if (document === null) return { settings: DEFAULT_SETTINGS, problems };
  const { findings, value } = readStructure(SETTINGS_FILE, document);
  const settings = toSettings(value, document.rawScalar);
  const notify = toNotify(valueIn(value, 'notify'));
  const rules = [
    ...(notify === null ? [] : checkNotify('/notify', notify, settings.slack)),
    ...checkAllowedActions('/allow_unknown_actions', settings.allowUnknownActions, catalogue),
  ];
  return { settings, problems: [...problems, ...[...findings, ...rules].map((finding) => problemIn(file, document, finding))] };
}
