/** What the Python AutoGuardRails had planned, by place and key, and what there is instead. */
const PLANNED_KEYS: ReadonlyMap<string, string> = new Map([
  ['match.cost_rate_change', 'To answer a sudden rise, use match.min_impact_percent, which compares an anomaly with the expected spend.'],
  ['match.forecast_overage', 'To answer forecasts, use match.alert_types: [forecasted].'],
  ['match.tags', 'No alert carries tags. Use match.account_ids, services or budget_names; a budget can be filtered by tags in AWS.'],
  ['extends', 'One file is one whole policy, without inheritance. What all policies share goes into settings.yaml.'],
  ['overrides', 'One file is one whole policy, without inheritance. What all policies share goes into settings.yaml.'],
]);

const PLANNED_ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/boundary/i, 'A permissions boundary would replace the one that is there. Use attach_deny_policy, which adds to what is there and comes off again.'],
  [
    /^(send_|publish_)?sns|^(send|notify)_|webhook|email|slack/i,
    'People are told in any case; notify says where. To tell people and do nothing else, use notify_only.',
  ],
  [/scp|service_control/i, 'A service control policy reaches whole accounts. Use attach_deny_policy with the principals that spend.'],
  [/stop|terminate|delete|scale/i, 'The engine changes nothing that runs. Use attach_deny_policy, which stops new spend and can be taken off again.'],
];

/** What to do instead of a key that was only ever planned; null for any other key. `place` is the mapping's, such as `match`. */
export function hintForKey(place: string, key: string): string | null {
  return PLANNED_KEYS.get(place === '' ? key : `${place}.${key}`) ?? null;
}

/** What to do instead of an action type that doesn't exist; null where nothing is known of it. */
export function hintForActionType(type: string): string | null {
  return PLANNED_ACTIONS.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}
