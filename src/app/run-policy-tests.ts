import { EMPTY_BREAKER } from '../core/breaker.ts';
import type { CostEvent } from '../core/cost-event.ts';
import { type Decision, decide } from '../core/decide.ts';
import type { Instant } from '../core/instant.ts';
import type { Policy } from '../core/policy.ts';
import { indexPolicies, type PolicyIndex } from '../core/policy-index.ts';
import type { PolicySet } from '../core/policy-set.ts';
import { parsePrincipalArn } from '../core/principal.ts';
import type { ReasonCode } from '../core/reason.ts';

/** What one policy is expected to say. */
export interface Expectation {
  readonly policyId: string;
  /** In the test's file. */
  readonly line: number;
  readonly outcome: Decision['outcome'];
  /** Exactly whom the plan names, by ARN or by name; null where the test doesn't say. */
  readonly targets: readonly string[] | null;
  /** Codes that must be among the decision's reasons. */
  readonly reasons: readonly ReasonCode[];
}

/** The alert of a test, or why there is none. */
export type TestedAlert = { readonly kind: 'event'; readonly event: CostEvent } | { readonly kind: 'unusable'; readonly message: string };

/** One alert, and what policies are expected to say of it. */
export interface PolicyTest {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly alert: TestedAlert;
  /** When it is decided; null where the alert's own time counts, else the clock's. */
  readonly at: Instant | null;
  readonly expectations: readonly Expectation[];
}

/** Where a decision is not what was expected, besides its outcome; each list is empty where it is. */
interface Difference {
  readonly missingTargets: readonly string[];
  readonly unexpectedTargets: readonly string[];
  readonly missingReasons: readonly ReasonCode[];
}

export type TestFailure =
  | { readonly code: 'unusable_alert'; readonly line: number; readonly message: string }
  | { readonly code: 'unknown_policy' | 'disabled_policy'; readonly line: number; readonly policyId: string }
  | {
      readonly code: 'other_decision';
      readonly line: number;
      readonly policyId: string;
      readonly expectation: Expectation;
      readonly decision: Decision;
      readonly difference: Difference;
    };

export interface TestResult {
  readonly test: PolicyTest;
  /** Empty where the test passes. */
  readonly failures: readonly TestFailure[];
  /** Policies with time windows that were asked by the clock: tomorrow the same test may end otherwise. */
  readonly timeDependent: readonly string[];
}

export interface PolicyTestRun {
  readonly results: readonly TestResult[];
  /** Enabled policies of which no test expects anything. */
  readonly untestedPolicies: readonly string[];
}

/** Asks the policies what each test asks. The engine is not paused and its breaker is empty; `now` counts where nothing else gives a time. */
export function runPolicyTests(tests: readonly PolicyTest[], policySet: PolicySet, now: Instant): PolicyTestRun {
  const index = indexPolicies(policySet);
  const policies = new Map(policySet.policies.map((policy) => [policy.policyId, policy]));
  const tested = new Set(tests.flatMap(({ expectations }) => expectations.map(({ policyId }) => policyId)));
  return {
    results: tests.map((test) => runTest(test, index, policies, now)),
    untestedPolicies: policySet.policies.filter(({ enabled, policyId }) => enabled && !tested.has(policyId)).map(({ policyId }) => policyId),
  };
}

/** Whom a decision would hold, or asks to hold, by their ARNs. */
export function targetsOf(decision: Decision): readonly string[] {
  return 'plan' in decision && decision.plan !== null ? decision.plan.principals.map(({ arn }) => arn) : [];
}

function runTest(test: PolicyTest, index: PolicyIndex, policies: ReadonlyMap<string, Policy>, now: Instant): TestResult {
  const { alert } = test;
  if (alert.kind === 'unusable') {
    return { test, failures: [{ code: 'unusable_alert', line: test.line, message: alert.message }], timeDependent: [] };
  }
  const ownTime = test.at ?? alert.event.sentAt;
  const decisions = decide(alert.event, index, { now: ownTime ?? now, killSwitch: 'normal', breaker: EMPTY_BREAKER });
  return {
    test,
    failures: test.expectations.flatMap((expectation) => failureOf(expectation, decisions, policies) ?? []),
    timeDependent: ownTime === null ? test.expectations.map(({ policyId }) => policyId).filter((id) => dependsOnTime(id, decisions, policies)) : [],
  };
}

function failureOf(expectation: Expectation, decisions: readonly Decision[], policies: ReadonlyMap<string, Policy>): TestFailure | null {
  const { policyId, line } = expectation;
  const decision = decisions.find((one) => one.policyId === policyId);
  if (decision === undefined) return { code: policies.has(policyId) ? 'disabled_policy' : 'unknown_policy', line, policyId };
  const difference = compare(expectation, decision);
  return difference === null ? null : { code: 'other_decision', line, policyId, expectation, decision, difference };
}

/** Null where the decision is as expected. */
function compare({ outcome, targets, reasons }: Expectation, decision: Decision): Difference | null {
  const actual = targetsOf(decision);
  const codes: readonly ReasonCode[] = decision.reasons.map(({ code }) => code);
  const missingTargets = (targets ?? []).filter((target) => !actual.some((arn) => isNamed(arn, target)));
  const unexpectedTargets = targets === null ? [] : actual.filter((arn) => !targets.some((target) => isNamed(arn, target)));
  const missingReasons = reasons.filter((code) => !codes.includes(code));
  const differs = decision.outcome !== outcome || missingTargets.length + unexpectedTargets.length + missingReasons.length > 0;
  return differs ? { missingTargets, unexpectedTargets, missingReasons } : null;
}

function isNamed(arn: string, target: string): boolean {
  return arn === target || parsePrincipalArn(arn)?.name === target;
}

/** A policy that only tells, or is not met, says the same at any hour. */
function dependsOnTime(policyId: string, decisions: readonly Decision[], policies: ReadonlyMap<string, Policy>): boolean {
  const windows = policies.get(policyId)?.exceptions.timeWindows ?? [];
  const decision = decisions.find((one) => one.policyId === policyId);
  return windows.length > 0 && decision !== undefined && 'plan' in decision && decision.mode !== 'dry_run' && decision.plan !== null;
}
