import type { LoadedPolicySet } from '../adapters/yaml/load-policy-set.ts';
import type { CostEvent, RootCause } from '../core/cost-event.ts';
import type { Exempt, Met } from '../core/decide.ts';
import { explainReason } from '../core/explain-reason.ts';
import type { Instant } from '../core/instant.ts';
import { formatAmount, formatUsdForPeople, roundToCents } from '../core/money.ts';
import { parsePrincipalArn } from '../core/principal.ts';
import type { Reason } from '../core/reason.ts';
import type { Unreadable } from '../sources/unreadable.ts';
import type { SimulatedSignal } from './simulated-signal.ts';
import { count, describeMinutes, type Paint, printable, type Tone } from './terminal-text.ts';

const SHOWN_PATTERNS = 8;
const TONES: Readonly<Record<(Exempt | Met)['outcome'], Tone>> = { auto: 'red', manual: 'yellow', dry_run: 'green', exempt: 'cyan' };

/** What `simulate` prints for people: what came in, and what each policy says of it. */
export function renderSimulation(signals: readonly SimulatedSignal[], loaded: LoadedPolicySet, paint: Paint): string {
  return signals
    .map((signal, index) => {
      const title = signals.length > 1 ? `Signal ${index + 1} of ${signals.length}: ` : '';
      if (signal.kind === 'unreadable') return renderUnreadable(title, signal.error, paint);
      return renderDecided(title, signal, loaded, paint);
    })
    .join('\n');
}

function renderUnreadable(title: string, error: Unreadable, paint: Paint): string {
  return `${title}${paint('red', 'unreadable')}: ${printable(error.message)} ${paint('dim', `[${error.reason}]`)}\n`;
}

function renderDecided(title: string, signal: Extract<SimulatedSignal, { kind: 'decided' }>, loaded: LoadedPolicySet, paint: Paint): string {
  const { event, decisions, decidedAt } = signal;
  const { policySet } = loaded;
  const facts = [...eventFacts(event), decidedFact(event, decidedAt, policySet.revision)];
  const met = decisions.filter((decision) => decision.outcome !== 'no_match');
  const others = decisions.filter((decision) => decision.outcome === 'no_match');
  const disabled = policySet.policies.filter(({ enabled }) => !enabled);
  return [
    `${title}${paint('bold', eventHeadline(event))}\n`,
    ...facts.map(([name, text]) => fact(name, text, paint)),
    `\n${met.length} of ${count(decisions.length, 'policy', 'policies')} met\n`,
    ...met.map((decision) => `\n${renderMet(decision, loaded, paint)}`),
    others.length + disabled.length > 0 ? '\n' : '',
    ...others.map(({ policyId, reasons }) => dimLine(policyId, `no match: ${reasons.slice(0, 1).map(explainReason).join('')}`, paint)),
    ...disabled.map(({ policyId }) => dimLine(policyId, 'disabled', paint)),
  ].join('');
}

/** An alert in one line that is safe to print: its source, its amount, and what it is about. */
export function eventHeadline(event: CostEvent): string {
  const amount = formatAmount(event.amount);
  if (event.source === 'budgets') return printable(`AWS Budgets: ${amount} ${event.alertType} on budget ${event.budgetName}`);
  if (event.source === 'anomaly') return printable(`Cost anomaly: ${amount} above what was expected`);
  return printable(`Billing alarm: ${amount} this month on alarm ${event.alarmName}`);
}

function eventFacts(event: CostEvent): readonly (readonly [string, string])[] {
  if (event.source === 'budgets') {
    return [
      ['account', event.accountId],
      ['budget', `${formatAmount(event.budgetedAmount)}, period ${event.period ?? 'unknown'}`],
      ['threshold', `${event.operator} ${formatAmount(event.threshold)}`],
    ];
  }
  if (event.source === 'billing_alarm') {
    const threshold = event.threshold === null ? 'unknown' : formatAmount(event.threshold);
    return [
      ['account', event.accountId],
      ['threshold', threshold],
      ['month', event.period],
    ];
  }
  const spend = [event.expectedSpend, event.actualSpend].map((usd) => (usd === null ? 'unknown' : formatUsdForPeople(usd)));
  const percent = typeof event.impactPercent === 'number' ? ` (${event.impactPercent} % more)` : '';
  return [
    ['owner', event.ownerAccountId],
    ['spend', `${spend[0]} expected, ${spend[1]} seen${percent}`],
    ...event.rootCauses.map((cause) => ['cause', causeText(cause)] as const),
  ];
}

function causeText(cause: RootCause): string {
  const known = [cause.accountId, cause.service, cause.region, cause.usageType].filter((part) => part !== null).join(', ');
  return `${known || 'unknown'}${cause.contribution === null ? '' : `: ${formatUsdForPeople(roundToCents(cause.contribution))}`}`;
}

function decidedFact(event: CostEvent, decidedAt: Instant, revision: string): readonly [string, string] {
  const which = decidedAt === event.sentAt ? " (the alert's own time)" : '';
  return ['decided', `as of ${decidedAt}${which}, policies at ${revision}`];
}

function renderMet(decision: Exempt | Met, loaded: LoadedPolicySet, paint: Paint): string {
  const excluded = decision.excluded.map(({ arn, reason }) => fact('left alone', `${arn} (${reason})`, paint));
  const title = `${paint(TONES[decision.outcome], decision.outcome)} ${paint('bold', decision.policyId)}\n`;
  if (decision.outcome === 'exempt') return [title, '  Nothing would be done.\n', ...excluded, because(decision.reasons, paint)].join('');
  const lowered = decision.lowered.map((reason) => fact('lowered', explainReason(reason), paint));
  const matched = decision.reasons.slice(0, decision.reasons.length - decision.lowered.length);
  return [title, `  ${printable(headlineOf(decision))}\n`, ...planFacts(decision, loaded, paint), ...excluded, because(matched, paint), ...lowered].join('');
}

function planFacts({ plan, policyId }: Met, loaded: LoadedPolicySet, paint: Paint): readonly string[] {
  const found = loaded.policies.find(({ policy }) => policy.policyId === policyId);
  if (plan === null || found === undefined) return [];
  return [
    ...plan.principals.map(({ arn }) => fact('would hold', arn, paint)),
    fact('for', describeMinutes(plan.ttlMinutes), paint),
    fact('stops', deniedText(found), paint),
    fact('by', `attaching ${plan.denyPolicyName}`, paint),
  ];
}

function because(reasons: readonly Reason[], paint: Paint): string {
  return fact('because', reasons.map(explainReason).join('; '), paint);
}

function fact(name: string, text: string, paint: Paint): string {
  return `  ${paint('dim', name.padEnd(10))} ${printable(text)}\n`;
}

function dimLine(policyId: string, text: string, paint: Paint): string {
  return `${paint('dim', printable(`${policyId}: ${text}`))}\n`;
}

function headlineOf({ plan, outcome, mode }: Met): string {
  if (plan === null) return 'People would be told.';
  const names = plan.principals.map(({ arn }) => parsePrincipalArn(arn)?.name ?? arn).join(', ');
  const question = `Stop new spend by ${names} ${plan.ttlMinutes === 0 ? 'until released by hand' : `for ${describeMinutes(plan.ttlMinutes)}`}?`;
  if (outcome === 'auto') return `${question.replace('?', '')}, and tell people.`;
  if (outcome === 'manual') return `People would be asked: ${question}`;
  return `People would be told, and nothing would be changed.${mode === 'dry_run' ? ` In manual mode they would be asked: ${question}` : ''}`;
}

function deniedText({ policy, deniedActions }: LoadedPolicySet['policies'][number]): string {
  const { response } = policy;
  const patterns = response.kind === 'deny' ? response.actions : [];
  const more = patterns.length > SHOWN_PATTERNS ? ` and ${patterns.length - SHOWN_PATTERNS} more` : '';
  const where = response.kind === 'deny' && response.regions !== null ? `, in ${response.regions.join(', ')}` : '';
  return `${patterns.slice(0, SHOWN_PATTERNS).join(', ')}${more} (${count(deniedActions.length, 'action', 'actions')}${where})`;
}
