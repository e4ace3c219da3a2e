import { contentId } from '../core/content-hash.ts';
import type { BillingAlarmEvent } from '../core/cost-event.ts';
import { type Instant, parseInstant } from '../core/instant.ts';
import { type Amount, type Decimal, parseDecimal, roundToCents } from '../core/money.ts';
import { invalidAccount, isAccountId } from './account-id.ts';
import { type AlarmMessage, readEventBridgeAlarm, readSnsAlarm } from './alarm-message.ts';
import { readAlarmReason } from './alarm-reason.ts';
import { type NotRead, quote, unreadable } from './unreadable.ts';

type AlarmReading = { readonly kind: 'event'; readonly event: BillingAlarmEvent } | NotRead;

/** Reads the message of a CloudWatch alarm to SNS. Without an envelope's time it was sent when the state changed. */
export function readAlarmMessage(message: unknown, sentAt: Instant | null): AlarmReading {
  const alarm = readSnsAlarm(message);
  return alarm.kind === 'unreadable' ? alarm : readBillingAlarm(alarm.value, sentAt);
}

/** Reads the EventBridge event of the same alarm, to the same event id. */
export function readAlarmEvent(event: unknown, sentAt: Instant | null): AlarmReading {
  const alarm = readEventBridgeAlarm(event);
  return alarm.kind === 'unreadable' ? alarm : readBillingAlarm(alarm.value, sentAt);
}

function readBillingAlarm(alarm: AlarmMessage, sentAt: Instant | null): AlarmReading {
  const { metric } = alarm;
  const name = quote(alarm.alarmName);
  if (metric === null) return unreadable('other_alarm', `The alarm ${name} is not on one single metric: expected AWS/Billing EstimatedCharges.`);
  if (metric.namespace !== 'AWS/Billing' || metric.name !== 'EstimatedCharges') {
    const found = quote(`${metric.namespace} ${metric.name}`);
    return unreadable('other_alarm', `The alarm ${name} is on ${found}: expected AWS/Billing EstimatedCharges.`);
  }
  if (alarm.state === 'OK' || alarm.state === 'INSUFFICIENT_DATA') {
    return unreadable('not_an_alert', `The alarm ${name} went to ${alarm.state}: only ALARM is an alert.`);
  }
  if (alarm.state !== 'ALARM') return unreadable('invalid_field', `The state of the alarm ${name} is ${quote(alarm.state)}: expected ALARM or OK.`);
  if (!isAccountId(alarm.accountId)) return invalidAccount(`The account of the alarm ${name}`, alarm.accountId);
  const accountId = metric.linkedAccount ?? alarm.accountId;
  if (!isAccountId(accountId)) return invalidAccount(`The dimension LinkedAccount of the alarm ${name}`, accountId);
  return readCharges(alarm, { accountId, currency: metric.currency, service: metric.serviceName }, sentAt);
}

interface Charges {
  readonly accountId: string;
  readonly currency: string | null;
  readonly service: string | null;
}

function readCharges(alarm: AlarmMessage, charges: Charges, sentAt: Instant | null): AlarmReading {
  const name = quote(alarm.alarmName);
  const stateChangedAt = parseInstant(alarm.changedAt);
  if (stateChangedAt === null) {
    return unreadable(
      'invalid_field',
      `The alarm ${name} changed its state at ${quote(alarm.changedAt)}: expected a time such as 2026-01-28T11:52:33.584+0000.`,
    );
  }
  const alarmRegion = regionOf(alarm);
  if (alarmRegion === null) return unreadable('missing_field', `The alarm ${name} names no region: expected AlarmArn or Region.`);
  if (charges.currency === null) return unreadable('missing_field', `The alarm ${name} has no dimension Currency: expected USD or another.`);
  const reason = readAlarmReason(alarm.reason);
  if (reason === null) {
    return unreadable('no_datapoint', `The alarm ${name} names no value that can be read in ${quote(alarm.reason)}: expected [1046.29 (28/01/26 11:00:00)].`);
  }
  const { exact, raw } = reason.value;
  const threshold = reason.threshold === null ? null : parseDecimal(reason.threshold);
  const period = stateChangedAt.slice(0, 7);
  return {
    kind: 'event',
    event: {
      source: 'billing_alarm',
      eventId: contentId('evt', ['billing_alarm', alarm.accountId, alarmRegion, alarm.alarmName, stateChangedAt]),
      incidentId: contentId('inc', ['billing_alarm', alarm.accountId, alarmRegion, alarm.alarmName, period]),
      amount: amountIn(charges.currency, exact, raw),
      sentAt: sentAt ?? stateChangedAt,
      accountId: charges.accountId,
      alarmName: alarm.alarmName,
      alarmRegion,
      service: charges.service,
      operator: reason.operator,
      threshold: threshold === null ? null : amountIn(charges.currency, threshold, String(reason.threshold)),
      stateChangedAt,
      period,
    },
  };
}

function amountIn(currency: string, exact: Decimal, raw: string): Amount {
  return currency === 'USD' ? { kind: 'usd', usd: roundToCents(exact) } : { kind: 'other', raw: `${raw} ${currency}` };
}

// The regions in which AWS keeps metrics of charges (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html).
const REGION_BY_LONG_NAME: ReadonlyMap<string, string> = new Map([
  ['US East (N. Virginia)', 'us-east-1'],
  ['China (Beijing)', 'cn-north-1'],
  ['China (Ningxia)', 'cn-northwest-1'],
]);

/** From the alarm's ARN, which both ways of arriving carry today; else a code or long name, as far as it is known. */
function regionOf({ alarmArn, region }: AlarmMessage): string | null {
  const [, ofArn] = /^arn:[a-z-]{1,20}:cloudwatch:([a-z0-9-]{1,40}):/.exec(alarmArn ?? '') ?? [];
  if (ofArn !== undefined) return ofArn;
  return region === null ? null : (REGION_BY_LONG_NAME.get(region) ?? region);
}
