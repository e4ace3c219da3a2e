import { join } from 'node:path';
import type { SchemaKind } from '../adapters/yaml/json-schema.ts';
import { schemaFileName, schemaFileText } from '../adapters/yaml/schema-file.ts';
import type { Settings } from '../core/policy-set.ts';
import type { PrincipalArn } from '../core/principal.ts';

/** A file to begin with, and what people are told of it. */
export interface FirstFile {
  readonly path: string;
  readonly text: string;
  readonly purpose: string;
}

export interface FirstPolicy {
  readonly policyId: string;
  readonly policy: FirstFile;
  readonly tests: FirstFile;
}

const MIN_AMOUNT = 100;
const TTL_MINUTES = 180;

/** A policy in `dry_run` for one principal, with tests that pass, and comments that say what each line is for. */
export function firstPolicy(arn: string, principal: PrincipalArn, directory: string, settings: Settings): FirstPolicy {
  const policyId = `${principal.name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 58)}-spend`;
  return {
    policyId,
    policy: {
      path: join(directory, `${policyId}.yaml`),
      text: policyText(arn, principal, policyId, settings),
      purpose: 'the policy, in dry_run: it only tells people',
    },
    tests: { path: join(directory, 'tests', `${policyId}.yaml`), text: testsText(principal, policyId), purpose: 'its tests' },
  };
}

/** Settings for a directory that has none. */
export function firstSettings(directory: string): FirstFile {
  return { path: join(directory, 'settings.yaml'), text: settingsText(), purpose: 'what holds for every policy' };
}

/** The schema that the first line of such a file names. */
export function firstSchema(kind: SchemaKind, directory: string): FirstFile {
  return { path: join(directory, 'schema', schemaFileName(kind)), text: schemaFileText(kind), purpose: 'lets your editor check while you write' };
}

function policyText(arn: string, { name, type, accountId }: PrincipalArn, policyId: string, settings: Settings): string {
  return `${modeline('policy', 'schema')}
# A first policy for ${name}, written by \`guardrails init\`. In dry_run it tells people, and changes nothing.
# Make it what you need, and its tests with it (tests/${policyId}.yaml): \`guardrails test\` says whether they agree.

# Names the policy for ever: in messages, in records and in IAM.
policy_id: ${policyId}
description: ${inQuotes(`New spend by ${name}`)}

# dry_run tells people what would be done. When that has been right for a week or two: manual asks people, auto acts and tells.
mode: dry_run

# For how long it would be held, in minutes. After that it is free again, whatever happened meanwhile.
ttl_minutes: ${Math.min(TTL_MINUTES, settings.maxTtlMinutes)}

# Which alerts it answers. Every condition must be met.
match:
  source: [budgets, anomaly] # also: billing_alarm
  account_ids: ['${accountId}'] # in quotes: YAML would take the digits for a number
  min_amount_usd: ${MIN_AMOUNT} # of a budget, what is spent in its period so far; of an anomaly, what is above the usual

# Whom it would hold: exact ARNs. Everything that works as this ${type === 'iam_role' ? 'role' : 'user'} is held with it.
scope:
  principals:
    - type: ${type}
      arn: ${inQuotes(arn)}

# What it could then not do. Looking and cleaning up always stay possible.
actions:
  - type: attach_deny_policy
    deny_sets: [new_compute] # also: commitments, genai; or single actions, such as deny: ['s3:CreateBucket']
${settings.notify === null ? NOTIFY : ''}
# In these times people are told, and nobody is held: they see it themselves.
# exceptions:
#   time_windows:
#     - {start: '09:00', end: '18:00', timezone: Europe/Berlin, days: [mon, tue, wed, thu, fri]}
`;
}

function testsText({ name, accountId }: PrincipalArn, policyId: string): string {
  const account = `account_id: '${accountId}'`;
  return `${modeline('test', '../schema')}
# What ${policyId} must say of an alert. \`guardrails test\` runs these; run it wherever policies are reviewed.

- name: ${inQuotes(`it answers spend by ${name}`)}
  event: { source: budgets, ${account}, amount_usd: 250 } # or { file: alerts/one.txt }: an alert as it arrived
  at: '2026-03-10T02:10:00Z' # decided as if it were this time
  expect:
    ${policyId}: { outcome: dry_run, targets: [${inQuotes(name)}] }

- name: it answers an anomaly
  event:
    source: anomaly
    ${account}
    amount_usd: 180.40
    root_causes: [{ service: Amazon Elastic Compute Cloud - Compute, region: us-east-1 }]
  at: '2026-03-10T02:10:00Z'
  expect:
    ${policyId}: { outcome: dry_run, targets: [${inQuotes(name)}] }

- name: it leaves small amounts alone
  event: { source: budgets, ${account}, amount_usd: ${MIN_AMOUNT - 0.01} }
  expect:
    ${policyId}: { outcome: no_match, reasons: [amount_below_min] }

- name: it leaves other accounts alone
  event: { source: budgets, account_id: '${accountId === OTHER_ACCOUNT ? '444455556666' : OTHER_ACCOUNT}', amount_usd: 250 }
  expect:
    ${policyId}: { outcome: no_match, reasons: [account_differs] }
`;
}

const OTHER_ACCOUNT = '111122223333';

const NOTIFY = `
# Where people are told. The webhook's address is a secret: it lives in SSM, and only its name stands here.
notify:
  slack_webhook_ssm_param: /guardrails/slack_webhook
`;

function settingsText(): string {
  return `${modeline('settings', 'schema')}
# What holds for every policy in this directory. Everything here has a default; written by \`guardrails init\`.

# Where people are told, unless a policy says otherwise. The webhook's address is a secret: it lives in SSM, and only its name stands here.
notify:
  slack_webhook_ssm_param: /guardrails/slack_webhook

# Whom no policy may ever hold, whatever it names; * stands for anything:
# protected_principals:
#   - 'arn:aws:iam::*:role/break-glass-*'

# The longest time that a policy may hold somebody, in minutes: a week.
max_ttl_minutes: 10080
`;
}

/** Editors take the schema from here; the path counts from the file. */
function modeline(kind: SchemaKind, folder: string): string {
  return `# yaml-language-server: $schema=${folder}/${schemaFileName(kind)}`;
}

function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
