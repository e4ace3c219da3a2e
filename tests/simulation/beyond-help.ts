import type { Execution } from '../../src/core/execution.ts';
import type { DeployedEngine } from './deployed-engine.ts';
import { quarantineKeyOf } from './quarantine-key.ts';

/** Whether the run made it impossible to let go here: the row can't be read, or IAM never obliges. All others must not suffer from it. */
export function isBeyondHelp({ poisoned, hopeless }: DeployedEngine, arn: string, denyPolicyName: string): boolean {
  if (poisoned.size === 0 && hopeless.size === 0) return false;
  return poisoned.has(quarantineKeyOf(arn, denyPolicyName)) || hopeless.has(denyPolicyName) || hopeless.has(`detach ${arn}`);
}

/** Whether an execution can't end, because its own row or that of one of its quarantines is beyond help. */
export function isStuck(engine: DeployedEngine, key: string, execution: Execution): boolean {
  if (engine.poisoned.has(key)) return true;
  const { plan } = execution;
  return plan?.principals.some(({ arn }) => isBeyondHelp(engine, arn, plan.denyPolicyName)) ?? false;
}
