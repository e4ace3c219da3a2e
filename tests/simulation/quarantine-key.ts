import { quarantineIdOf } from '../../src/core/quarantine.ts';

const keys = new Map<string, string>();

/** The key of a quarantine's row. Asked so often in a run that it is remembered. */
export function quarantineKeyOf(arn: string, denyPolicyName: string): string {
  const what = `${arn} ${denyPolicyName}`;
  const known = keys.get(what);
  if (known !== undefined) return known;
  const key = `quarantine#${quarantineIdOf(arn, denyPolicyName)}`;
  keys.set(what, key);
  return key;
}
