import type { CostEvent } from '../core/cost-event.ts';
import type { Instant } from '../core/instant.ts';
import { readBudgetsMessage } from './aws-budgets.ts';
import { readAlarmEvent, readAlarmMessage } from './billing-alarm.ts';
import { readAnomaly } from './cost-anomaly.ts';
import { describeValue } from './message-shape.ts';
import { type Delivery, openSignal } from './signal-envelope.ts';
import type { JsonObject } from './signal-json.ts';
import { type NotRead, unreadable } from './unreadable.ts';

/** What one message says: a fact about spend, or why it can't be read. */
export type SignalReading = { readonly kind: 'event'; readonly event: CostEvent } | NotRead;

/**
 * Reads any text that arrives: a message of AWS Budgets, Cost Anomaly Detection or a billing alarm, bare or in the envelopes of
 * SNS, SQS, EventBridge and Lambda. One reading for each record, in the records' order, and at least one; a record that can't be
 * read spoils no other. Never throws, whatever the text; the time is linear in its length. Copies of an alert have one event id.
 */
export function readSignals(text: string): readonly SignalReading[] {
  return openSignal(text).map(readDelivery);
}

function readDelivery(delivery: Delivery): SignalReading {
  const reading = readMessage(delivery);
  // AWS doesn't document the text that it sends when a topic is linked to a budget; its subject is all there is to know it by.
  if (reading.kind === 'unreadable' && delivery.subject === 'SNS Topic Verified!') {
    return unreadable('not_an_alert', 'AWS tested that it can publish to the topic.');
  }
  return reading;
}

function readMessage({ content, sentAt }: Delivery): SignalReading {
  switch (content.kind) {
    case 'unreadable':
      return content;
    case 'text':
      return readBudgetsMessage(content.text, sentAt);
    case 'json':
      return readJsonMessage(content.value, sentAt);
    case 'eventbridge':
      return readEventBridgeEvent(content.value, sentAt);
  }
}

function readJsonMessage(message: JsonObject, sentAt: Instant | null): SignalReading {
  if (Object.hasOwn(message, 'anomalyId')) return readAnomaly(message, sentAt);
  if (Object.hasOwn(message, 'AlarmName')) return readAlarmMessage(message, sentAt);
  if (Object.hasOwn(message, 'previousBudgetLimit') || Object.hasOwn(message, 'currentBudgetLimit')) {
    return unreadable('not_an_alert', 'AWS Budgets tells that it adjusted the limit of a budget by itself.');
  }
  return unreadable('unknown_format', `The message is ${describeValue(message)}: expected an anomaly or a CloudWatch alarm.`);
}

function readEventBridgeEvent(event: JsonObject, sentAt: Instant | null): SignalReading {
  const source = event['source'];
  const type = event['detail-type'];
  if (source === 'aws.ce' && type === 'Anomaly Detected') return readAnomaly(event['detail'], sentAt);
  if (source === 'aws.cloudwatch' && type === 'CloudWatch Alarm State Change') return readAlarmEvent(event, sentAt);
  const expected = '"Anomaly Detected" of "aws.ce" or "CloudWatch Alarm State Change" of "aws.cloudwatch"';
  return unreadable('unknown_format', `The EventBridge event is ${describeValue(type)} of ${describeValue(source)}: expected ${expected}.`);
}
