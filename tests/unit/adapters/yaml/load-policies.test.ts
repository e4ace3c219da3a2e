import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { loadPolicies } from '../../../../src/adapters/yaml/load-policies.ts';
import { readPolicyDirectory, readPolicyFile } from '../../../../src/adapters/yaml/read-policy-directory.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../src/core/policy-set.ts';
import { actionCatalogue } from '../../../support/action-catalogue.ts';
import { usd } from '../../../support/builders.ts';

const FIXTURES = join(__dirname, '../../../fixtures/policies');
const EVERY_KEY = join(FIXTURES, 'every-key');
const BASE = readFileSync(join(FIXTURES, 'base.yaml'), 'utf8');

const EVERY_KEY_POLICY: Policy = {
  policyId: 'Every_key-1',
  description: 'Holds what starts machines.\n',
  enabled: true,
  mode: 'auto',
  ttlMinutes: 90,
  match: {
    sources: ['anomaly', 'billing_alarm'],
    accountIds: ['012345678901', '111122223333'],
    minAmount: usd('100.01'),
    maxAmount: usd('9999.99'),
    services: ['Amazon Elastic Compute Cloud', 'AmazonS3*'],
    regions: null,
    budgetNames: null,
    alertTypes: null,
    minImpactPercent: null,
  },
  principals: [
    { type: 'iam_role', arn: 'arn:aws:iam::012345678901:role/team/ci-deployer' },
    { type: 'iam_user', arn: 'arn:aws-cn:iam::012345678901:user/ci+build@example.com' },
  ],
  response: { kind: 'deny', actions: expect.any(Array), regions: ['eusc-de-east-1', 'us-east-1'], seal: true },
  notify: {
    kind: 'webhook',
    ssmParameter: '/guardrails/slack_webhook_ci',
    channelHint: '#ci',
    mentionUsers: ['U0ALICE', 'W0BOB', 'S0FINOPS'],
  },
  // What the policy doesn't say is as the settings say it.
  approval: { approvers: ['U0ALICE', 'arn:aws:iam::012345678901:role/oncall'], minApprovals: 2, expiresMinutes: 15 },
  exceptions: {
    accountIds: ['999988887777'],
    principals: ['arn:aws:iam::*:role/admin*'],
    timeWindows: [
      { start: 1350, end: 360, timezone: 'Asia/Tokyo', days: ['mon', 'tue', 'wed'] },
      { start: 0, end: 0, timezone: 'UTC', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
    ],
  },
  metadata: { owner: 'platform', runbook_url: 'https://example.com/runbook', tier: 1, cost_centre: '0042', reviewed: true, successor: null },
};

const EVERY_KEY_SETTINGS: Settings = {
  notify: { kind: 'channel', channelId: 'C0ENGINE', channelHint: '#cost', mentionUsers: ['U0ONCALL'] },
  tellUnmatched: false,
  slack: {
    teamId: 'T0ACME',
    appId: 'A0GUARD',
    signingSecretSsmParameter: '/guardrails/slack_signing_secret',
    botTokenSsmParameter: '/guardrails/slack_bot_token',
  },
  approval: { approvers: ['U0ONCALL', 'S0FINOPS'], minApprovals: 2, expiresMinutes: 30 },
  plausibilityCeiling: usd('250000.01'),
  plausibilityRatio: 20.5,
  breaker: { maxQuarantines: 3, perMinutes: 120 },
  protectedPrincipals: ['arn:aws:iam::*:role/break-glass*'],
  maxTtlMinutes: 1440,
  allowUnknownActions: ['ec2:RunQuantumInstances'],
};

describe('a directory that uses every key', () => {
  const loaded = loadPolicies(readPolicyDirectory(EVERY_KEY), actionCatalogue());

  it('is valid, without a warning', () => {
    expect(loaded.problems).toEqual([]);
    expect(loaded.fileCount).toBe(1);
  });

  it('gives the policy with every value, amounts exact to the cent', () => {
    expect(loaded.policies.map(({ policy }) => policy)).toEqual([EVERY_KEY_POLICY]);
  });

  it('gives the settings with every value', () => {
    expect(loaded.settings).toEqual(EVERY_KEY_SETTINGS);
  });

  it('joins the deny lists and sets of all actions, sorted and without repetition', () => {
    const [policy] = loaded.policies;
    const actions = policy?.policy.response.kind === 'deny' ? policy.policy.response.actions : [];
    expect(actions).toEqual([...new Set(actions)].sort());
    expect(actions).toEqual(expect.arrayContaining(['ec2:Run?nstances', 'rds:CreateDB*', 'savingsplans:CreateSavingsPlan']));
  });

  it('spells out every action that is denied, and keeps an unknown one that is allowed', () => {
    expect(loaded.policies[0]?.deniedActions).toEqual(
      expect.arrayContaining(['ec2:PurchaseHostReservation', 'ec2:RunInstances', 'ec2:RunQuantumInstances', 'rds:CreateDBInstance']),
    );
    expect(loaded.policies[0]?.deniedActions.filter((action) => /[*?]/.test(action))).toEqual([]);
  });

  it('reads a file of it alone with the same settings', () => {
    const alone = loadPolicies(readPolicyFile(join(EVERY_KEY, 'policy.yaml')), actionCatalogue());
    expect(alone.settings).toEqual(EVERY_KEY_SETTINGS);
    expect(alone.policies).toEqual(loaded.policies);
  });

  it('reads the settings alone as settings, and not as a policy', () => {
    const alone = loadPolicies(readPolicyFile(join(EVERY_KEY, 'settings.yaml')), actionCatalogue());
    expect(alone).toEqual({ problems: [], policies: [], settings: EVERY_KEY_SETTINGS, fileCount: 0 });
  });
});

describe('policies of the Python AutoGuardRails', () => {
  const loaded = loadPolicies(readPolicyDirectory(join(FIXTURES, 'predecessor')), actionCatalogue());

  it('load unchanged, ordered by id', () => {
    expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(loaded.policies.map(({ policy }) => policy.policyId)).toEqual(['all-alerts', 'ci-manual', 'sandbox-auto', 'watch']);
  });

  it('keep what they said', () => {
    const policies = new Map(loaded.policies.map(({ policy }) => [policy.policyId, policy]));
    expect(policies.get('all-alerts')).toMatchObject({
      mode: 'dry_run',
      ttlMinutes: 0,
      principals: [],
      response: { kind: 'notify_only' },
      match: { minAmount: 0n },
    });
    expect(policies.get('ci-manual')).toMatchObject({
      match: { minAmount: 30_000n, maxAmount: null, regions: ['us-east-1', 'ap-northeast-1'] },
      response: { kind: 'deny', regions: ['ap-northeast-1'], seal: false },
      notify: { mentionUsers: ['@devops', '@platform'] },
      exceptions: { timeWindows: [{ start: 540, end: 1020, timezone: 'Asia/Tokyo', days: ['mon', 'tue'] }] },
    });
    expect(policies.get('sandbox-auto')).toMatchObject({ description: null, match: { services: null, regions: null }, exceptions: { principals: [] } });
    expect(policies.get('watch')?.principals).toHaveLength(1);
  });

  it('are warned of what works otherwise than they may think', () => {
    expect(loaded.problems.map(({ file, code }) => `${file.split('/').pop()} ${code}`)).toEqual([
      'ci-manual.yaml unapprovable',
      'ci-manual.yaml source_never_matches',
      'ci-manual.yaml source_never_matches',
      'ci-manual.yaml mention_shown_plain',
      'ci-manual.yaml mention_shown_plain',
      'sandbox-auto.yaml nobody_protected',
    ]);
  });
});

describe('a policy that says only what it must', () => {
  const text = 'policy_id: x\nmatch: {source: [budgets], account_ids: "*"}\nscope: {principals: []}\nactions: [{type: notify_only}]\n';

  it('gets every default', () => {
    const settings = { path: 'settings.yaml', role: 'settings' as const, text: 'notify: {slack_webhook_ssm_param: /guardrails/slack_webhook}' };
    const { policies, problems } = loadPolicies([{ path: 'x.yaml', role: 'policy', text }, settings], actionCatalogue());
    expect(problems).toEqual([]);
    expect(policies[0]).toEqual({
      file: 'x.yaml',
      deniedActions: [],
      policy: expect.objectContaining({
        description: null,
        enabled: true,
        mode: 'dry_run',
        ttlMinutes: 180,
        match: expect.objectContaining({ accountIds: '*', minAmount: null, maxAmount: null }),
        notify: { kind: 'webhook', ssmParameter: '/guardrails/slack_webhook', channelHint: null, mentionUsers: [] },
        approval: DEFAULT_SETTINGS.approval,
        exceptions: { accountIds: [], principals: [], timeWindows: [] },
        metadata: {},
      }),
    });
  });

  it('is held no longer than its directory allows', () => {
    const settings = {
      path: 'settings.yaml',
      role: 'settings' as const,
      text: 'notify: {slack_webhook_ssm_param: /guardrails/slack_webhook}\nmax_ttl_minutes: 45',
    };
    const { policies } = loadPolicies([{ path: 'x.yaml', role: 'policy', text }, settings], actionCatalogue());
    expect(policies[0]?.policy.ttlMinutes).toBe(45);
  });
});

it.each([
  ['0.1', 10n],
  ['1e6', 100_000_000n],
  ['200', 20_000n],
  ['.5', 50n],
  ['0x10', 1600n],
  ['9007199254740.993', 900_719_925_474_100n],
  ['0.001', 1n],
  ['1e-7', 1n],
])('reads a minimum of %s exactly', (written, cents) => {
  const { policies } = loadPolicies([{ path: 'x.yaml', role: 'policy', text: BASE.replace('200', written) }], actionCatalogue());
  expect(policies[0]?.policy.match.minAmount).toBe(cents);
});

it('keeps a policy with an error out, and validates the others nevertheless', () => {
  const wrong = BASE.replace('manual', 'automatic');
  const loaded = loadPolicies(
    [
      { path: 'b.yaml', role: 'policy', text: BASE },
      { path: 'a.yaml', role: 'policy', text: wrong.replace('ci-spend', 'other') },
      { path: 'c.yaml', role: 'policy', text: BASE },
      { path: 'd.yaml', role: 'policy', text: '{' },
    ],
    actionCatalogue(),
  );
  expect(loaded.policies.map(({ file }) => file)).toEqual(['b.yaml']);
  expect(loaded.problems.map(({ file, code }) => `${file} ${code}`)).toEqual(['a.yaml invalid_value', 'c.yaml duplicate_policy_id', 'd.yaml yaml_syntax']);
  expect(loaded.fileCount).toBe(4);
});

it('checks policies with the default of each setting that is wrong, and with the others as they are', () => {
  const settings =
    'max_ttl_minutes: never\nprotected_principals: ["arn:aws:iam::*:role/ci-*"]\nslack: acme\nbreaker: 5\nnotify: here\napproval: {min_approvals: no}';
  const loaded = loadPolicies(
    [
      { path: 'x.yaml', role: 'policy', text: BASE },
      { path: 'settings.yaml', role: 'settings', text: settings },
    ],
    actionCatalogue(),
  );
  expect(loaded.settings).toEqual({
    ...DEFAULT_SETTINGS,
    slack: { teamId: null, appId: null, signingSecretSsmParameter: null, botTokenSsmParameter: null },
    protectedPrincipals: ['arn:aws:iam::*:role/ci-*'],
  });
  expect(loaded.problems.filter(({ file }) => file === 'x.yaml').map(({ code }) => code)).toEqual(['protected_principal']);
});

it('refuses a text that is too long for a policy, however it came', () => {
  const { problems } = loadPolicies([{ path: 'x.yaml', role: 'policy', text: `# ${'é'.repeat(524_288)}` }], actionCatalogue());
  expect(problems.map(({ code }) => code)).toEqual(['file_too_large']);
});

it.each(['posted by xoxo-team', 'see hooks.slack.company', 'xapp-lication'])('takes %j for no secret', (description) => {
  expect(loadPolicies([{ path: 'x.yaml', role: 'policy', text: `${BASE}description: ${description}\n` }], actionCatalogue()).problems).toEqual([]);
});

it('writes a problem as the command line prints it', () => {
  const { problems } = loadPolicies([{ path: 'x.yaml', role: 'policy', text: BASE.replace('manual', 'automatic') }], actionCatalogue());
  expect(JSON.stringify(problems)).toBe(
    '[{"file":"x.yaml","line":2,"column":7,"path":"/mode","severity":"error","code":"invalid_value",' +
      '"message":"mode is \\"automatic\\"; expected one of dry_run, manual, auto."}]',
  );
});

it('finds nothing in nothing', () => {
  expect(loadPolicies([], actionCatalogue())).toEqual({ problems: [], policies: [], settings: DEFAULT_SETTINGS, fileCount: 0 });
});

describe('whatever the text', () => {
  const anyValue = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      1.5,
      1e300,
      Number.NaN,
      '',
      '*',
      'ec2:*',
      '0x1',
      '__proto__',
      [],
      {},
      [[]],
      [null],
      { a: null },
      'x'.repeat(300),
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const templates = ['every-key/policy.yaml', 'predecessor/ci-manual.yaml', 'base.yaml'].map((name) => load(readFileSync(join(FIXTURES, name), 'utf8')));

  function outcome(text: string, role: 'policy' | 'settings'): void {
    const loaded = loadPolicies([{ path: 'x.yaml', role, text }], actionCatalogue());
    const lines = text.split(/\r\n|\n|\r/).length;
    for (const { line, column, message } of loaded.problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(message.length).toBeLessThan(1000);
    }
    const refused = loaded.problems.some(({ severity }) => severity === 'error');
    if (role === 'policy') expect(loaded.policies).toHaveLength(refused ? 0 : 1);
  }

  it('a random text is refused and nothing is thrown', () => {
    const yamlLike = fc.array(
      fc.constantFrom(
        'a',
        ': ',
        '- ',
        '\n',
        '  ',
        '"',
        "'",
        '[',
        ']',
        '{',
        '}',
        '&x ',
        '*x',
        '!!str ',
        '---\n',
        '|\n',
        '>',
        '#',
        ',',
        '? ',
        '<<',
        '\t',
        '\r\n',
        '%',
        '\uFEFF',
        'é',
        '😀',
        '0',
        'policy_id',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          yamlLike.map((parts) => parts.join('')),
        ),
        fc.constantFrom('policy', 'settings'),
        outcome,
      ),
      { numRuns: 800 },
    );
  });

  it('a valid policy with any node replaced or taken out either loads or is refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...templates),
        fc.nat(),
        fc.option(anyValue, { nil: undefined }),
        fc.constantFrom('policy', 'settings'),
        (template, at, value, role) => {
          outcome(dump(replaceNode(template, at, value)), role);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** A copy in which the n-th node (counted round) is another value, or gone where that is undefined. */
function replaceNode(root: unknown, at: number, value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(root));
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const holder = node as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      visit(holder[key]);
    }
  };
  visit(copy);
  const place = places[at % places.length];
  if (place === undefined) return copy;
  if (value !== undefined) place.holder[place.key] = value;
  else if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
  else Reflect.deleteProperty(place.holder, place.key);
  return copy;
}
