/** Values worth imitating, by path as in `match.source`. Editors offer them, and the documentation shows the first. */
export type SchemaExamples = ReadonlyMap<string, readonly unknown[]>;

const ROLE = 'arn:aws:iam::123456789012:role/ci-deployer';

const NOTIFY: readonly (readonly [string, readonly unknown[]])[] = [
  ['notify.slack_webhook_ssm_param', ['/guardrails/slack_webhook']],
  ['notify.slack_channel', ['C0123456789']],
  ['notify.channel_hint', ['#cost-alerts']],
  ['notify.mention_users', [['U0123456789', 'S0123456789']]],
];

const APPROVAL: readonly (readonly [string, readonly unknown[]])[] = [
  ['approval.approvers', [['U0123456789', 'S0123456789', 'arn:aws:iam::123456789012:role/oncall']]],
  ['approval.min_approvals', [2]],
  ['approval.expires_minutes', [30]],
];

export const POLICY_EXAMPLES: SchemaExamples = new Map<string, readonly unknown[]>([
  ['policy_id', ['ci-new-compute']],
  ['description', ['A CI role that starts too much is kept from starting more']],
  ['enabled', [false]],
  ['mode', ['manual']],
  ['ttl_minutes', [60]],
  ['match.source', [['budgets', 'anomaly']]],
  ['match.account_ids', [['123456789012'], '*']],
  ['match.min_amount_usd', [200]],
  ['match.max_amount_usd', [5000]],
  ['match.services', [['Amazon Elastic Compute Cloud', 'Amazon SageMaker*']]],
  ['match.regions', [['us-east-1', 'eu-*']]],
  ['match.budget_names', [['ci-*']]],
  ['match.alert_types', [['actual', 'forecasted']]],
  ['match.min_impact_percent', [200]],
  ['scope.principals', [[{ type: 'iam_role', arn: ROLE }], []]],
  ['scope.principals[].type', ['iam_role']],
  ['scope.principals[].arn', [ROLE]],
  ['scope.regions', [['us-east-1', 'eu-central-1']]],
  ['actions', [[{ type: 'attach_deny_policy', deny_sets: ['new_compute'] }], [{ type: 'notify_only' }]]],
  ['actions[attach_deny_policy].type', ['attach_deny_policy']],
  ['actions[attach_deny_policy].deny', [['ec2:RunInstances', 'rds:CreateDB*']]],
  ['actions[attach_deny_policy].deny_sets', [['new_compute', 'genai']]],
  ['actions[attach_deny_policy].seal', [true]],
  ['actions[notify_only].type', ['notify_only']],
  ['actions[notify_only].deny', [null]],
  ...NOTIFY,
  ...APPROVAL,
  ['exceptions.accounts', [['210987654321']]],
  ['exceptions.principals', [['arn:aws:iam::*:role/admin*']]],
  ['exceptions.time_windows', [[{ start: '09:00', end: '18:00', timezone: 'Europe/Berlin', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }]]],
  ['exceptions.time_windows[].start', ['09:00']],
  ['exceptions.time_windows[].end', ['18:00', '24:00']],
  ['exceptions.time_windows[].timezone', ['Europe/Berlin', 'Asia/Tokyo', 'UTC']],
  [
    'exceptions.time_windows[].days',
    [
      ['mon', 'tue', 'wed', 'thu', 'fri'],
      ['sat', 'sun'],
    ],
  ],
  ['metadata', [{ owner: 'platform team', runbook_url: 'https://wiki.example.com/runbooks/ci-spend' }]],
]);

export const SETTINGS_EXAMPLES: SchemaExamples = new Map<string, readonly unknown[]>([
  ...NOTIFY,
  ['tell_unmatched', [false]],
  ['slack.team_id', ['T0123456789']],
  ['slack.app_id', ['A0123456789']],
  ['slack.signing_secret_ssm_param', ['/guardrails/slack_signing_secret']],
  ['slack.bot_token_ssm_param', ['/guardrails/slack_bot_token']],
  ...APPROVAL,
  ['plausibility_ceiling_usd', [50_000]],
  ['plausibility_ratio', [20]],
  ['breaker.max_quarantines', [3]],
  ['breaker.per_minutes', [120]],
  ['protected_principals', [['arn:aws:iam::*:role/admin*']]],
  ['max_ttl_minutes', [1440]],
  ['allow_unknown_actions', [['ec2:RunQuantumInstances']]],
]);
