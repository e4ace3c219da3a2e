import { type PolicyTestRun, type TestFailure, type TestResult, targetsOf } from '../app/run-policy-tests.ts';
import type { Problem } from '../core/problem.ts';

/** What `test --json` prints: each test, what failed in it, and what the policy really said. `run` is null where a policy is invalid. */
export function policyTestsJson(run: PolicyTestRun | null, problems: readonly Problem[], passed: boolean): object {
  return { passed, tests: run?.results.map(testJson) ?? [], untested_policies: run?.untestedPolicies ?? [], problems };
}

function testJson({ test, failures, timeDependent }: TestResult): object {
  const { name, file, line } = test;
  return { name, file, line, passed: failures.length === 0, failures: failures.map(failureJson), time_dependent: timeDependent };
}

function failureJson(failure: TestFailure): object {
  if (failure.code === 'unusable_alert') return failure;
  const { code, line, policyId } = failure;
  if (failure.code !== 'other_decision') return { code, line, policy_id: policyId };
  const { expectation, decision, difference } = failure;
  return {
    code,
    line,
    policy_id: policyId,
    expected: { outcome: expectation.outcome, targets: expectation.targets, reasons: expectation.reasons },
    actual: { outcome: decision.outcome, targets: targetsOf(decision), reasons: decision.reasons },
    missing_targets: difference.missingTargets,
    unexpected_targets: difference.unexpectedTargets,
    missing_reasons: difference.missingReasons,
  };
}
