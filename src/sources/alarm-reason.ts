import type { ComparisonOperator } from '../core/cost-event.ts';
import { type Instant, parseInstant } from '../core/instant.ts';
import { type Decimal, parseDecimal } from '../core/money.ts';

/** What CloudWatch says in words about why an alarm changed its state. */
export interface AlarmReason {
  /** The latest datapoint as it is written (`1046.29`, `1.2E7`), and exactly. */
  readonly value: { readonly raw: string; readonly exact: Decimal };
  readonly operator: ComparisonOperator | null;
  /** As it is written; null where the words name none. */
  readonly threshold: string | null;
}

const DATAPOINT = /^(-?[0-9.]{1,40}(?:E-?[0-9]{1,3})?) \(([0-9]{2})\/([0-9]{2})\/([0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2})\)$/;
const COMPARISON = /(greater|less) than (or equal to )?the threshold \((-?[0-9.]{1,40}(?:E-?[0-9]{1,3})?)\)/;

/**
 * Reads "Threshold Crossed: 1 out of the last 1 datapoints [1046.29 (23/11/26 10:00:00)] was greater than the threshold (1000.0)…"
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html). Dates are day/month/year, UTC. Null
 * where no datapoint stands there: missing data was counted as a breach; or where one can't be read, since it might be the latest.
 */
export function readAlarmReason(reason: string): AlarmReason | null {
  const written = [...reason.matchAll(/\[([^[\]]*)\]/g)].flatMap(([, list]) => String(list).split(', ')).filter((item) => item.includes('('));
  const datapoints = written.map(readDatapoint).filter((datapoint) => datapoint !== null);
  const [latest] = datapoints.sort((a, b) => (a.at > b.at ? -1 : 1));
  if (latest === undefined || datapoints.length < written.length) return null;
  const [, than, orEqual, threshold = null] = COMPARISON.exec(reason) ?? [];
  return { value: latest, operator: operatorOf(than, orEqual), threshold };
}

function readDatapoint(text: string): { raw: string; exact: Decimal; at: Instant } | null {
  const [, raw, day, month, year, time] = DATAPOINT.exec(text) ?? [];
  const exact = parseDecimal(String(raw));
  const at = parseInstant(`20${year}-${month}-${day}T${time}Z`);
  return exact === null || at === null ? null : { raw: String(raw), exact, at };
}

function operatorOf(than: string | undefined, orEqual: string | undefined): ComparisonOperator | null {
  if (than === undefined) return null;
  if (than === 'greater') return orEqual === undefined ? '>' : '>=';
  return orEqual === undefined ? '<' : '<=';
}
