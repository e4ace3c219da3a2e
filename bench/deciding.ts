import { EMPTY_BREAKER } from '../src/core/breaker.ts';
import type { BudgetEvent } from '../src/core/cost-event.ts';
import { decide, decideMatching } from '../src/core/decide.ts';
import { type CalendarDay, type Instant, parseInstant } from '../src/core/instant.ts';
import type { Usd } from '../src/core/money.ts';
import type { Policy } from '../src/core/policy.ts';
import { indexPolicies } from '../src/core/policy-index.ts';
import { DEFAULT_SETTINGS } from '../src/core/policy-set.ts';
import { measure, rateCells, table } from './measure.ts';

const NOW = parseInstant('2026-03-10T02:05:00Z') as Instant;

/** Events decided in a second, by asking every policy and by the index, where an event meets one policy of so many. */
export function benchDeciding(): string {
  const rows = [100, 1_000, 10_000].map((size) => {
    const policies = Array.from({ length: size }, (_, number) => policy(number));
    const index = indexPolicies({ revision: 'bench', settings: DEFAULT_SETTINGS, policies });
    const events = policies.map((_, number) => budgetEvent(number));
    const circumstances = { now: NOW, killSwitch: 'normal', breaker: EMPTY_BREAKER } as const;
    const rateOf = (decideBy: typeof decide): readonly string[] => {
      let next = 0;
      return rateCells(
        measure(() => {
          next = (next + 7919) % size;
          return decideBy(events[next] as BudgetEvent, index, circumstances).length > 0 ? 1 : 0;
        }),
      );
    };
    return [`${size.toLocaleString('en-US')} policies`, ...rateOf(decideMatching), ...rateOf(decide)];
  });
  return table('Deciding (events; with all reasons)', [['', 'indexed', 'spread', 'every policy', 'spread'], ...rows]);
}

function accountOf(index: number): string {
  return String(100_000_000_000 + index);
}

function policy(index: number): Policy {
  return {
    policyId: `policy-${String(index).padStart(5, '0')}`,
    description: null,
    enabled: true,
    mode: 'manual',
    ttlMinutes: 180,
    match: {
      sources: ['budgets'],
      accountIds: [accountOf(index)],
      minAmount: 20_000n as Usd,
      maxAmount: null,
      services: null,
      regions: null,
      budgetNames: null,
      alertTypes: null,
      minImpactPercent: null,
    },
    principals: [{ type: 'iam_role', arn: `arn:aws:iam::${accountOf(index)}:role/ci-deployer` }],
    response: { kind: 'deny', actions: ['ec2:RunInstances', 'ec2:CreateNatGateway'], regions: null, seal: false },
    notify: { kind: 'webhook', ssmParameter: '/guardrails/slack_webhook', channelHint: null, mentionUsers: [] },
    approval: DEFAULT_SETTINGS.approval,
    exceptions: { accountIds: [], principals: [], timeWindows: [] },
    metadata: {},
  };
}

function budgetEvent(index: number): BudgetEvent {
  return {
    source: 'budgets',
    eventId: 'evt-bench',
    incidentId: 'inc-bench',
    amount: { kind: 'usd', usd: 25_000n as Usd },
    sentAt: NOW,
    accountId: accountOf(index),
    budgetName: 'platform-monthly',
    budgetType: 'Cost',
    budgetedAmount: { kind: 'usd', usd: 20_000n as Usd },
    alertType: 'actual',
    operator: '>',
    threshold: { kind: 'usd', usd: 16_000n as Usd },
    notifiedOn: '2026-03-10' as CalendarDay,
    period: '2026-03',
  };
}
