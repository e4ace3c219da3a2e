import { compilePolicies } from '../../../../src/adapters/yaml/compile-policies.ts';
import { loadPolicySet } from '../../../../src/adapters/yaml/load-policy-set.ts';
import { decodePolicySet } from '../../../../src/core/compiled-policy-set.ts';
import { actionCatalogue } from '../../../support/action-catalogue.ts';
import { folderWith } from '../../../support/run-guardrails.ts';

const POLICY = `policy_id: b-spend
match: {source: [budgets], account_ids: ['111122223333'], min_amount_usd: 99.5}
scope: {principals: [{type: iam_role, arn: 'arn:aws:iam::111122223333:role/ci-deployer'}]}
actions: [{type: attach_deny_policy, deny_sets: [new_compute]}]
notify: {slack_webhook_ssm_param: /guardrails/slack_webhook}
`;

describe('compilePolicies', () => {
  it('gives the functions exactly what was validated, with its revision', () => {
    const folder = folderWith({ '1.yaml': POLICY, '2.yaml': POLICY.replace('b-spend', 'a-spend'), 'settings.yaml': 'plausibility_ceiling_usd: 5000.01\n' });
    const compilation = compilePolicies(folder, actionCatalogue());
    const text = compilation.kind === 'compiled' ? compilation.text : '';
    expect(decodePolicySet(text)).toEqual(loadPolicySet(folder, actionCatalogue()).policySet);
    expect(compilation).toEqual(expect.objectContaining({ policies: 2, revision: decodePolicySet(text).revision }));
    expect(decodePolicySet(text).policies.map(({ policyId }) => policyId)).toEqual(['a-spend', 'b-spend']);
  });

  it.each([
    ['a policy', { 'bad.yaml': POLICY.replace("'111122223333'", '111122223333') }],
    ['the settings', { 'settings.yaml': 'breaker: {max_quarantines: many}\n' }],
  ])('refuses the whole where %s is invalid', (_what, files) => {
    const compilation = compilePolicies(folderWith({ 'good.yaml': POLICY.replace('b-spend', 'good'), ...files }), actionCatalogue());
    expect(compilation.kind).toBe('refused');
    expect(compilation.problems.some(({ severity }) => severity === 'error')).toBe(true);
  });
});
