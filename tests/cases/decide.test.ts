import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { loadPolicies } from '../../src/adapters/yaml/load-policies.ts';
import { decide } from '../../src/core/decide.ts';
import { indexPolicies } from '../../src/core/policy-index.ts';
import { actionCatalogue } from '../support/action-catalogue.ts';
import { at } from '../support/builders.ts';
import { type CaseEvent, eventOf } from './case-event.ts';

/** One row of a table: a policy and settings as people write them, an event, and what must come out. */
interface Case {
  readonly name: string;
  readonly policy?: Tree;
  /** Further policies, merged like the first; expected under `expect.more` by their outcome alone. */
  readonly more?: readonly Tree[];
  readonly settings?: Tree;
  readonly event?: CaseEvent;
  readonly now?: string;
  readonly paused?: boolean;
  readonly breaker_taken?: number;
  readonly expect: {
    readonly outcome: string;
    readonly reasons: readonly string[];
    readonly targets?: readonly string[];
    readonly excluded?: readonly string[];
    readonly more?: readonly string[];
  };
}

type Tree = { readonly [key: string]: unknown };

const NOW = '2026-03-10T02:10:00Z'; // a Tuesday
const BASE_POLICY: Tree = {
  policy_id: 'a-first',
  mode: 'auto',
  match: { source: ['budgets', 'anomaly', 'billing_alarm'], account_ids: ['111122223333'] },
  scope: { principals: [{ type: 'iam_role', arn: 'arn:aws:iam::111122223333:role/ci-deployer' }] },
  actions: [{ type: 'attach_deny_policy', deny: ['ec2:RunInstances'] }],
  notify: { slack_channel: 'C0PLATFORM' },
};

const files = readdirSync(__dirname).filter((name) => name.endsWith('.yaml'));

describe.each(files)('%s', (file) => {
  const cases = load(readFileSync(join(__dirname, file), 'utf8')) as readonly Case[];

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const [first, ...others] = decideCase(one);
    expect(first?.outcome).toBe(one.expect.outcome);
    expect(first?.reasons.map(({ code }) => code)).toEqual(one.expect.reasons);
    const plan = first !== undefined && 'plan' in first ? first.plan : null;
    if (one.expect.targets !== undefined) expect(plan?.principals.map(({ arn }) => arn.split('/').pop()) ?? []).toEqual(one.expect.targets);
    const excluded = first !== undefined && 'excluded' in first ? first.excluded : [];
    expect(excluded.map(({ arn, reason }) => `${arn.split('/').pop()} ${reason}`)).toEqual(one.expect.excluded ?? []);
    expect(others.map(({ outcome }) => outcome)).toEqual(one.expect.more ?? []);
  });
});

function decideCase(one: Case): ReturnType<typeof decide> {
  const policies = [one.policy ?? {}, ...(one.more ?? [])].map((changes) => merge(BASE_POLICY, changes));
  const loaded = loadPolicies(
    [
      ...policies.map((policy, index) => ({ path: `${index}.yaml`, text: JSON.stringify(policy), role: 'policy' as const })),
      { path: 'settings.yaml', text: JSON.stringify(one.settings ?? { tell_unmatched: true }), role: 'settings' as const },
    ],
    actionCatalogue(),
  );
  expect(loaded.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const now = at(one.now ?? NOW);
  const policySet = { revision: 'cases', settings: loaded.settings, policies: loaded.policies.map(({ policy }) => policy) };
  const breaker = { startedAt: Array(one.breaker_taken ?? 0).fill(now) };
  return decide(eventOf(one.event ?? {}), indexPolicies(policySet), { now, killSwitch: one.paused ? 'paused' : 'normal', breaker });
}

function merge(base: Tree, changes: Tree): Tree {
  const entries = Object.entries(changes).map(([key, value]) => [key, isTree(base[key]) && isTree(value) ? merge(base[key], value) : value]);
  return { ...base, ...Object.fromEntries(entries) };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
