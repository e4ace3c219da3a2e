import { costEventOf } from '../../app/described-event.ts';
import type { Expectation, PolicyTest, TestedAlert } from '../../app/run-policy-tests.ts';
import { SOURCES } from '../../core/cost-event.ts';
import { type Instant, parseInstant } from '../../core/instant.ts';
import { childPath, errorAt, type Finding, quoted } from '../../core/problem.ts';
import { documentPart } from './document-part.ts';
import { choiceAmong, textOf, valueIn } from './plain-data.ts';
import { EVENTS, type EventKind, EXPECTATION, expectationSchema, policyTestSchema } from './policy-test-schema.ts';
import { readStructure } from './schema-problems.ts';
import { toDescribedEvent } from './to-described-event.ts';
import type { YamlDocument } from './yaml-document.ts';
import { WRONG } from './yaml-node.ts';

/** What a test needs of its surroundings. */
export interface TestSurroundings {
  /** The test's own file, as people know it. */
  readonly file: string;
  /** What counts where neither the test nor its alert names a time. */
  readonly now: Instant;
  /** Reads the alert of a file that the test names. */
  readonly readAlert: (file: string) => TestedAlert;
}

/** The test, or everything that is wrong with it: paths count from the test. */
export type PolicyTestReading = { readonly kind: 'test'; readonly test: PolicyTest } | { readonly kind: 'wrong'; readonly findings: readonly Finding[] };

/** Reads one policy test from its part of a file. */
export function toPolicyTest(document: YamlDocument, surroundings: TestSurroundings): PolicyTestReading {
  const event = valueIn(document.value, 'event');
  const kind = kindOf(event);
  const structure = readStructure(policyTestSchema(kind), document).findings;
  const findings = [...structure, ...checkEvent(kind, event), ...checkTimes(document.value), ...checkExpectations(document)];
  if (findings.length > 0 || kind === 'any' || holdsWrong(document.value)) return { kind: 'wrong', findings };
  const at = parseInstant(textOf(document.value, 'at') ?? '');
  return {
    kind: 'test',
    test: {
      name: textOf(document.value, 'name') ?? '',
      file: surroundings.file,
      line: document.lineOf(''),
      alert: toAlert(kind, documentPart(document, '/event', event), at, surroundings),
      at,
      expectations: expectationParts(document).map(([policyId, part]) => toExpectation(policyId, part)),
    },
  };
}

function kindOf(event: unknown): EventKind {
  if (valueIn(event, 'file') !== null) return 'file';
  return choiceAmong(valueIn(event, 'source'), SOURCES) ?? 'any';
}

function toAlert(kind: Exclude<EventKind, 'any'>, document: YamlDocument, at: Instant | null, { now, readAlert }: TestSurroundings): TestedAlert {
  if (kind === 'file') return readAlert(EVENTS.file.parse(document.value).file);
  return { kind: 'event', event: costEventOf(toDescribedEvent(kind, document), at ?? now) };
}

function toExpectation(policyId: string, document: YamlDocument): Expectation {
  const { outcome, targets, reasons } = EXPECTATION.parse(document.value);
  return { policyId, line: document.lineOf(''), outcome, targets: targets ?? null, reasons: reasons ?? [] };
}

/** A schema can't say "one of these two". */
function checkEvent(kind: EventKind, event: unknown): readonly Finding[] {
  if (kind !== 'budgets' && kind !== 'billing_alarm') return [];
  const [usd, raw] = [valueIn(event, 'amount_usd'), valueIn(event, 'amount_raw')];
  if (usd !== null && raw !== null) {
    const message = 'The amount is there twice, as amount_usd and as amount_raw; expected one of them. Keep the one that AWS would send.';
    return [errorAt('/event/amount_raw', 'duplicate_key', message)];
  }
  if (usd !== null || raw !== null) return [];
  const message = 'amount_usd is missing in event (the amount that AWS tells, in US dollars). Add it, or amount_raw for another currency or a unit of usage.';
  return [errorAt('/event', 'missing_key', message)];
}

function checkTimes(test: unknown): readonly Finding[] {
  const times = [
    ['at', '/at', textOf(test, 'at')],
    ['event.sent_at', '/event/sent_at', textOf(valueIn(test, 'event'), 'sent_at')],
  ] as const;
  return times.flatMap(([subject, path, written]) => {
    if (written === null || parseInstant(written) !== null) return [];
    const message = `${subject} is ${quoted(written)}; expected a time with its zone, such as "2026-03-10T02:10:00Z". Correct it.`;
    return [errorAt(path, 'invalid_format', message)];
  });
}

function checkExpectations(document: YamlDocument): readonly Finding[] {
  const parts = expectationParts(document);
  const expect = valueIn(document.value, 'expect');
  if (parts.length === 0 && isMapping(expect)) {
    const message = 'expect names no policy, so the test shows nothing. Add one, such as "ci-spend: {outcome: manual}".';
    return [errorAt('/expect', 'missing_key', message)];
  }
  return parts.flatMap(([policyId, part]) => checkExpectation(policyId, part));
}

function checkExpectation(policyId: string, part: YamlDocument): readonly Finding[] {
  const path = childPath('/expect', policyId);
  if (part.value === WRONG) return [];
  if (!isMapping(part.value)) {
    const found = part.rawScalar('') ?? '';
    const example = /^\w+$/.test(found) ? found : 'manual';
    const message = `expect.${policyId} is no mapping; expected one with an outcome. Write "${policyId}: {outcome: ${example}}".`;
    return [errorAt(path, 'wrong_type', message)];
  }
  return readStructure(expectationSchema(policyId), part).findings.map((finding) => ({ ...finding, path: `${path}${finding.path}` }));
}

function expectationParts(document: YamlDocument): readonly (readonly [string, YamlDocument])[] {
  const expect = valueIn(document.value, 'expect');
  if (!isMapping(expect)) return [];
  return Object.entries(expect).map(([policyId, value]: [string, unknown]) => [policyId, documentPart(document, childPath('/expect', policyId), value)]);
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether something in it was refused and reported when the YAML was read. */
function holdsWrong(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === WRONG;
  return Object.values(value).some(holdsWrong);
}
