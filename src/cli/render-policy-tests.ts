import { nearest } from '../adapters/iam-actions/nearest.ts';
import { type PolicyTestRun, type TestFailure, type TestResult, targetsOf } from '../app/run-policy-tests.ts';
import { explainReason } from '../core/explain-reason.ts';
import type { PolicySet } from '../core/policy-set.ts';
import { quoted } from '../core/problem.ts';
import { count, type Paint, printable } from './terminal-text.ts';

/** What `test` prints for people: a line for each test, by file, and for a failed one what was expected, what came, why, and where it stands. */
export function renderPolicyTests(run: PolicyTestRun, policySet: PolicySet, paint: Paint): string {
  const failed = run.results.filter(({ failures }) => failures.length > 0).length;
  const passed = run.results.length - failed;
  const counts = [...(passed > 0 ? [paint('green', `${passed} passed`)] : []), ...(failed > 0 ? [paint('red', `${failed} failed`)] : [])];
  return [
    ...run.results.map((result, index) => {
      const isFirst = result.test.file !== run.results[index - 1]?.test.file;
      return `${isFirst ? `${paint('dim', printable(result.test.file))}\n` : ''}${renderResult(result, policySet, paint)}`;
    }),
    `${count(run.results.length, 'test', 'tests')}: ${counts.join(', ') || 'none could be read'}\n`,
    ...run.results.map((result) => renderTimeDependence(result, paint)),
    run.untestedPolicies.length === 0 ? '' : note(`no test expects anything of ${run.untestedPolicies.join(', ')}.`, paint),
  ].join('');
}

function renderResult({ test, failures }: TestResult, policySet: PolicySet, paint: Paint): string {
  if (failures.length === 0) return `${paint('green', 'ok')}   ${printable(test.name)}\n`;
  return `${paint('red', 'FAIL')} ${paint('bold', printable(test.name))}\n${failures.map((failure) => renderFailure(failure, test.file, policySet, paint)).join('')}`;
}

function renderFailure(failure: TestFailure, file: string, policySet: PolicySet, paint: Paint): string {
  const policy = failure.code === 'unusable_alert' ? '' : `${paint('bold', printable(failure.policyId))} `;
  const where = paint('dim', printable(`${file}:${failure.line}`));
  return `     ${policy}${where}\n${failure.code === 'other_decision' ? differenceLines(failure, paint) : `       ${printable(messageOf(failure, policySet))}\n`}`;
}

function messageOf(failure: Exclude<TestFailure, { code: 'other_decision' }>, { policies }: PolicySet): string {
  if (failure.code === 'unusable_alert') return failure.message;
  if (failure.code === 'disabled_policy') {
    return 'This policy is disabled, so it says nothing of any alert. Take the expectation out, or enabled: false out of the policy.';
  }
  const ids = policies.map(({ policyId }) => policyId);
  const [similar] = nearest(failure.policyId, ids);
  return `There is no policy ${quoted(failure.policyId)}. ${similar === undefined ? `The policies are: ${ids.join(', ') || 'none'}.` : `Did you mean ${similar}?`}`;
}

function differenceLines({ expectation, decision, difference }: Extract<TestFailure, { code: 'other_decision' }>, paint: Paint): string {
  const { missingTargets, unexpectedTargets, missingReasons } = difference;
  const facts: readonly (readonly [string, string])[] = [
    ...(decision.outcome === expectation.outcome ? [] : [['expected', expectation.outcome] as const, ['actual', decision.outcome] as const]),
    ...missingTargets.map((target) => ['missing', `target ${target}`] as const),
    ...unexpectedTargets.map((target) => ['too many', `target ${target}`] as const),
    ...(missingTargets.length > 0 ? [['targets', targetsOf(decision).join(', ') || 'none'] as const] : []),
    ...missingReasons.map((code) => ['missing', `reason ${code}`] as const),
    ...(missingReasons.length > 0 ? [['reasons', decision.reasons.map(({ code }) => code).join(', ')] as const] : []),
    ['because', decision.reasons.map(explainReason).join('; ')],
  ];
  return facts.map(([name, text]) => `       ${paint('dim', name.padEnd(8))} ${printable(text)}\n`).join('');
}

function renderTimeDependence({ test, timeDependent }: TestResult, paint: Paint): string {
  if (timeDependent.length === 0) return '';
  const why = `${timeDependent.join(', ')} has time windows, and neither the test nor its alert names a time, so it was decided by the clock`;
  return note(`${quoted(test.name)}: ${why}. Add at (${test.file}:${test.line}).`, paint);
}

function note(text: string, paint: Paint): string {
  return `${paint('cyan', 'note')} ${printable(text)}\n`;
}
