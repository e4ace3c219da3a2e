import { checkPolicy } from '../../../src/core/policy-checks.ts';
import { type ActionDraft, completePolicy, type PolicyDraft } from '../../../src/core/policy-draft.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/core/policy-set.ts';
import { actionCatalogue } from '../../support/action-catalogue.ts';
import { usd } from '../../support/builders.ts';

const ROLE = { type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci' } as const;
const DENY: ActionDraft = { kind: 'deny', patterns: ['ec2:RunInstances'], sets: [], seal: false };
const NOTIFY: NonNullable<PolicyDraft['notify']> = {
  destinations: [{ kind: 'webhook', ssmParameter: '/guardrails/slack_webhook' }],
  channelHint: null,
  mentionUsers: [],
};
const SETTINGS: Settings = { ...DEFAULT_SETTINGS, protectedPrincipals: ['arn:aws:iam::*:role/admin'] };

function aDraft(changes: Partial<PolicyDraft> = {}, match: Partial<PolicyDraft['match']> = {}): PolicyDraft {
  return {
    policyId: 'ci',
    description: null,
    enabled: true,
    mode: 'manual',
    ttlMinutes: 180,
    match: {
      sources: ['budgets'],
      accountIds: ['111122223333'],
      minAmount: null,
      maxAmount: null,
      services: null,
      regions: null,
      budgetNames: null,
      alertTypes: null,
      minImpactPercent: null,
      ...match,
    },
    principals: [ROLE],
    scopeRegions: null,
    actions: [DENY],
    notify: NOTIFY,
    approval: { approvers: ['U0ALICE'], minApprovals: null, expiresMinutes: null },
    exceptions: { accountIds: [], principals: [], timeWindows: [] },
    metadata: {},
    ...changes,
  };
}

function codes(draft: PolicyDraft, settings = SETTINGS): readonly string[] {
  return checkPolicy(draft, settings, actionCatalogue()).map(({ severity, code, path }) => `${severity} ${code} ${path}`);
}

it('finds nothing wrong with a good policy', () => {
  expect(codes(aDraft())).toEqual([]);
});

it('finds nothing more where everything is wrong and reported already', () => {
  const wrong = aDraft(
    {
      policyId: null,
      ttlMinutes: null,
      principals: [null, { type: null, arn: null }],
      scopeRegions: [null],
      actions: [null, { kind: 'deny', patterns: [null], sets: [null], seal: false }],
      notify: { destinations: [null], channelHint: null, mentionUsers: [null] },
      approval: { approvers: [null], minApprovals: null, expiresMinutes: null },
      exceptions: { accountIds: [null], principals: [null], timeWindows: [null, { start: null, end: null, timezone: null, days: [] }] },
    },
    { sources: [null], accountIds: [null] },
  );
  expect(codes(wrong)).toEqual([]);
});

describe('a policy that only tells', () => {
  const telling = { actions: [{ kind: 'notify_only' }] } as const;

  it('needs no principals, no approvers, no protection and no end', () => {
    const approval = { approvers: null, minApprovals: null, expiresMinutes: null };
    expect(codes(aDraft({ ...telling, principals: [], approval, ttlMinutes: 0 }))).toEqual([]);
    expect(codes(aDraft({ ...telling, mode: 'auto', match: { ...aDraft().match, accountIds: ['*'] } }), DEFAULT_SETTINGS)).toEqual([]);
  });

  it('is refused in auto without an end all the same', () => {
    expect(codes(aDraft({ ...telling, mode: 'auto', ttlMinutes: 0 }))).toEqual(['error ttl_unlimited /ttl_minutes']);
  });
});

describe('dry_run', () => {
  it('is warned of a hold without an end as it would be in manual, and not of who may approve', () => {
    const approval = { approvers: [], minApprovals: null, expiresMinutes: null };
    expect(codes(aDraft({ mode: 'dry_run', ttlMinutes: 0, approval }), DEFAULT_SETTINGS)).toEqual(['warning ttl_unlimited /ttl_minutes']);
  });
});

describe('who may approve', () => {
  const approvers = (names: readonly string[] | null, minApprovals: number | null = null): PolicyDraft => {
    return aDraft({ approval: { approvers: names, minApprovals, expiresMinutes: null } });
  };
  const withDefaults = (names: readonly string[], minApprovals: number): Settings => ({
    ...SETTINGS,
    approval: { approvers: names, minApprovals, expiresMinutes: 60 },
  });

  it('is as the settings say where the policy doesn’t', () => {
    expect(codes(approvers(null), withDefaults(['U0ALICE'], 1))).toEqual([]);
    expect(codes(approvers(null), withDefaults(['U0ALICE'], 2))).toEqual(['warning too_few_approvers /mode']);
    expect(codes(approvers([]), withDefaults(['U0ALICE'], 1))).toEqual(['warning unapprovable /approval/approvers']);
  });

  it('counts each once, and a group as enough', () => {
    expect(codes(approvers(['U0ALICE', 'U0ALICE'], 2))).toEqual(['warning too_few_approvers /approval/min_approvals']);
    expect(codes(approvers(['U0ALICE', 'U0BOB'], 3))).toEqual(['warning too_few_approvers /approval/min_approvals']);
    expect(codes(approvers(['U0ALICE', 'arn:aws:iam::111122223333:role/oncall'], 2))).toEqual([]);
    expect(codes(approvers(['S0FINOPS'], 5))).toEqual([]);
  });
});

describe('auto', () => {
  const auto = { mode: 'auto' } as const;

  it('is warned where nobody is protected, whichever way', () => {
    const exceptions = aDraft().exceptions;
    expect(codes(aDraft(auto), DEFAULT_SETTINGS)).toEqual(['warning nobody_protected /mode']);
    expect(codes(aDraft({ ...auto, exceptions: { ...exceptions, accountIds: ['999988887777'] } }), DEFAULT_SETTINGS)).toEqual([]);
    expect(codes(aDraft({ ...auto, exceptions: { ...exceptions, principals: ['*:role/admin'] } }), DEFAULT_SETTINGS)).toEqual([]);
    expect(codes(aDraft(auto))).toEqual([]);
  });

  it('is warned of more principals than the breaker lets through', () => {
    const principals = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ ...ROLE, arn: `${ROLE.arn}-${name}` }));
    expect(codes(aDraft({ ...auto, principals }))).toEqual(['warning above_breaker /scope/principals']);
    expect(codes(aDraft({ ...auto, principals: principals.slice(1) }))).toEqual([]);
    expect(codes(aDraft({ mode: 'manual', principals }))).toEqual([]);
  });
});

describe('sources and what they carry', () => {
  it.each([
    [['anomaly', 'billing_alarm'], { services: ['AmazonS3'] }, []],
    [['anomaly'], { regions: ['us-*'], minImpactPercent: 10 }, []],
    [['budgets'], { budgetNames: ['prod-*'], alertTypes: ['actual'] }, []],
    [['billing_alarm'], { regions: ['us-*'] }, ['warning never_matches /match/regions']],
    [['budgets', 'anomaly'], { minImpactPercent: 10 }, ['warning source_never_matches /match/min_impact_percent']],
    [['budgets', 'anomaly'], { budgetNames: ['x'], regions: ['x'] }, ['warning never_matches /match']],
    [['anomaly'], { services: [] }, ['warning never_matches /match/services']],
  ] as const)('%j with %j', (sources, match, expected) => {
    expect(codes(aDraft({}, { sources, ...match }))).toEqual(expected);
  });
});

it('compares amounts as they are decided on, in cents', () => {
  expect(codes(aDraft({}, { minAmount: usd('1.00'), maxAmount: usd('1.01') }))).toEqual([]);
  expect(codes(aDraft({}, { minAmount: usd('1.00'), maxAmount: usd('1.00') }))).toEqual(['error max_not_above_min /match/max_amount_usd']);
  expect(codes(aDraft({}, { maxAmount: usd('0.00') }))).toEqual([]);
});

it('counts accounts of the principals that it can read', () => {
  const principals = [ROLE, { type: 'iam_role', arn: 'nonsense' }, { ...ROLE, arn: 'arn:aws:iam::444455556666:role/ci' }] as const;
  expect(codes(aDraft({ principals }))).toEqual(['error invalid_principal_arn /scope/principals/1/arn', 'note several_accounts /scope/principals']);
});

describe('where people are told', () => {
  const channel = { ...NOTIFY, destinations: [{ kind: 'channel', channelId: 'C0ALERTS' }] } as const;
  const slack = { teamId: null, appId: null, signingSecretSsmParameter: null, botTokenSsmParameter: '/guardrails/slack_bot_token' };

  it('may come from the settings', () => {
    const settings: Settings = { ...SETTINGS, notify: { kind: 'channel', channelId: 'C0ENGINE', channelHint: null, mentionUsers: [] } };
    expect(codes(aDraft({ notify: null }), settings)).toEqual([]);
    expect(codes(aDraft({ notify: null }))).toEqual(['error missing_key ']);
  });

  it('may be a channel where there is a bot token', () => {
    expect(codes(aDraft({ notify: channel }), { ...SETTINGS, slack })).toEqual([]);
    expect(codes(aDraft({ notify: channel }), { ...SETTINGS, slack: { ...slack, botTokenSsmParameter: null } })).toEqual([
      'warning no_bot_token /notify/slack_channel',
    ]);
  });
});

describe('completePolicy', () => {
  it('refuses what has no default', () => {
    expect(completePolicy(aDraft({ policyId: null }), SETTINGS)).toBeNull();
    expect(completePolicy(aDraft({ notify: null }), SETTINGS)).toBeNull();
    expect(completePolicy(aDraft({ notify: { ...NOTIFY, destinations: [null] } }), SETTINGS)).toBeNull();
    expect(completePolicy(aDraft({ notify: { ...NOTIFY, destinations: [...NOTIFY.destinations, null] } }), SETTINGS)).toBeNull();
  });

  it('leaves out what could not be read', () => {
    const policy = completePolicy(
      aDraft({
        principals: [ROLE, null, { type: null, arn: 'x' }, { type: 'iam_user', arn: null }],
        exceptions: {
          accountIds: [],
          principals: [],
          timeWindows: [
            { start: 0, end: 1, timezone: null, days: [] },
            { start: null, end: 1, timezone: 'UTC', days: [] },
            { start: 1, end: null, timezone: 'UTC', days: [] },
          ],
        },
      }),
      SETTINGS,
    );
    expect(policy?.principals).toEqual([ROLE]);
    expect(policy?.exceptions.timeWindows).toEqual([]);
  });

  it('keeps an empty condition, which nothing meets, apart from none', () => {
    const match = completePolicy(aDraft({}, { services: [], regions: null, budgetNames: ['a', null], alertTypes: ['actual'] }), SETTINGS)?.match;
    expect(match).toMatchObject({ services: [], regions: null, budgetNames: ['a'], alertTypes: ['actual'] });
  });

  it('joins denials without regard to case, in an order of their own', () => {
    const policy = completePolicy(
      aDraft({
        actions: [
          { kind: 'deny', patterns: ['s3:PutObject', 'ec2:runinstances'], sets: [], seal: false },
          { kind: 'notify_only' },
          { kind: 'deny', patterns: ['ec2:RunInstances'], sets: [], seal: true },
        ],
        scopeRegions: [],
      }),
      SETTINGS,
    );
    expect(policy?.response).toEqual({ kind: 'deny', actions: ['ec2:RunInstances', 's3:PutObject'], regions: null, seal: true });
  });
});
