import * as z from 'zod/mini';
import { contentId } from '../core/content-hash.ts';
import type { AnomalyEvent, ImpactPercent, RootCause } from '../core/cost-event.ts';
import { type Instant, parseInstant } from '../core/instant.ts';
import { type Decimal, formatUsd, roundToCents, type Usd } from '../core/money.ts';
import { invalidAccount, isAccountId } from './account-id.ts';
import { checkShape, listShape, numberShape, objectShape, optionalTextShape, textShape } from './message-shape.ts';
import type { NotRead } from './unreadable.ts';

type AnomalyReading = { readonly kind: 'event'; readonly event: AnomalyEvent } | NotRead;

const optionalNumber = z.nullish(numberShape);

const causeShape = objectShape({
  linkedAccount: optionalTextShape,
  linkedAccountName: optionalTextShape,
  region: optionalTextShape,
  service: optionalTextShape,
  usageType: optionalTextShape,
  impact: z.nullish(objectShape({ contribution: optionalNumber })),
});

// What its two ways of arriving share: the message to SNS and the detail of the EventBridge event differ only in keys that are not needed.
const anomalyShape = objectShape({
  anomalyId: textShape.check(z.minLength(1, 'a text that is not empty')),
  accountId: textShape,
  anomalyStartDate: optionalTextShape,
  anomalyEndDate: optionalTextShape,
  anomalyDetailsLink: optionalTextShape,
  monitorName: optionalTextShape,
  impact: objectShape({
    totalImpact: numberShape,
    totalExpectedSpend: optionalNumber,
    totalActualSpend: optionalNumber,
    totalImpactPercentage: optionalNumber,
  }),
  rootCauses: z.nullish(listShape(causeShape)),
});
type Anomaly = z.infer<typeof anomalyShape>;

/**
 * Reads an anomaly of AWS Cost Anomaly Detection, from SNS or as the detail of an EventBridge event
 * (https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html and `cad-eventbridge.html` beside it). Root causes may
 * be absent or partial. The same state of an anomaly gives the same event id, whichever way it came.
 */
export function readAnomaly(message: unknown, sentAt: Instant | null): AnomalyReading {
  const checked = checkShape(anomalyShape, message, 'The anomaly');
  if (checked.kind === 'unreadable') return checked;
  const anomaly = checked.value;
  if (!isAccountId(anomaly.accountId)) return invalidAccount('accountId', anomaly.accountId);
  const rootCauses = (anomaly.rootCauses ?? []).map(rootCauseOf);
  const stranger = rootCauses.map((cause) => cause.accountId).find((id) => id !== null && !isAccountId(id));
  if (stranger) return invalidAccount('A linkedAccount of rootCauses', stranger);
  return { kind: 'event', event: eventOf(anomaly, rootCauses, sentAt) };
}

function eventOf(anomaly: Anomaly, rootCauses: readonly RootCause[], sentAt: Instant | null): AnomalyEvent {
  const { anomalyId, anomalyEndDate: endDate, impact } = anomaly;
  const amount = roundToCents(impact.totalImpact);
  return {
    source: 'anomaly',
    eventId: contentId('evt', ['anomaly', anomalyId, endDate === null ? null : comparableDate(endDate), formatUsd(amount)]),
    incidentId: contentId('inc', ['anomaly', anomalyId]),
    amount: { kind: 'usd', usd: amount },
    sentAt,
    anomalyId,
    ownerAccountId: anomaly.accountId,
    monitorName: anomaly.monitorName,
    startDate: anomaly.anomalyStartDate,
    endDate,
    expectedSpend: centsOrNull(impact.totalExpectedSpend),
    actualSpend: centsOrNull(impact.totalActualSpend),
    impactPercent: impactPercentOf(impact),
    rootCauses,
    detailsUrl: webAddressOrNull(anomaly.anomalyDetailsLink),
  };
}

function rootCauseOf(cause: z.infer<typeof causeShape>): RootCause {
  return {
    accountId: cause.linkedAccount,
    accountName: cause.linkedAccountName,
    region: cause.region,
    service: cause.service,
    usageType: cause.usageType,
    contribution: cause.impact?.contribution ?? null,
  };
}

// AWS leaves the percentage out where nothing was expected: the case of a service that is new. Any spend is infinitely more then.
function impactPercentOf(impact: Anomaly['impact']): ImpactPercent {
  const { totalImpact, totalExpectedSpend: expected, totalImpactPercentage: given } = impact;
  if (expected?.unscaled === 0n) return 'infinite';
  if (given) return toNumber(given);
  if (!expected || expected.unscaled < 0n) return null;
  return Math.round((toNumber(totalImpact) / toNumber(expected)) * 10_000) / 100;
}

function toNumber(value: Decimal): number {
  return Number(`${value.unscaled}e-${value.scale}`);
}

/** One form for one date, however its zone is written; what is no date stands for itself. */
function comparableDate(text: string): string {
  return parseInstant(text) ?? parseInstant(`${text}T00:00:00Z`) ?? text;
}

function centsOrNull(value: Decimal | null | undefined): Usd | null {
  return value ? roundToCents(value) : null;
}

/** The link where it is a plain https address: people will click it. */
function webAddressOrNull(text: string | null): string | null {
  return text !== null && /^https:\/\/[^\s"<>|\\\p{C}]{1,2000}$/u.test(text) ? text : null;
}
