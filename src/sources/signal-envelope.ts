import { type Instant, instantFromMs, parseInstant } from '../core/instant.ts';
import { describeValue } from './message-shape.ts';
import { type Content, isJsonObject, type JsonObject, parseContent } from './signal-json.ts';
import { unreadable } from './unreadable.ts';

/** One message, out of all its envelopes. */
export interface Delivery {
  readonly content: Content | { readonly kind: 'eventbridge'; readonly value: JsonObject };
  /** The subject that SNS carried; null without SNS. */
  readonly subject: string | null;
  /** When an envelope says that it was sent: SNS before EventBridge before SQS; null without any. */
  readonly sentAt: Instant | null;
}

/** Times that outer envelopes carried. */
interface OuterTimes {
  readonly sns: Instant | null;
  readonly sqs: Instant | null;
}

/** Opens a raw signal: a Lambda event with records gives one delivery for each, in their order; anything else gives one. */
export function openSignal(text: string): readonly Delivery[] {
  const content = parseContent(text);
  const records = content.kind === 'json' ? content.value['Records'] : undefined;
  if (!Array.isArray(records)) return [openBody(content, null)];
  if (records.length === 0) return [failed(unreadable('empty', 'The list of Records is empty: expected at least one record.'))];
  return records.map(openRecord);
}

/** Opens one record of a Lambda event: `Sns` from a topic, `body` from a queue. */
function openRecord(record: unknown): Delivery {
  const fields = isJsonObject(record) ? record : {};
  const sns = fields['Sns'];
  if (isJsonObject(sns)) return openNotification(sns, null);
  const body = fields['body'];
  if (typeof body === 'string') return openBody(parseContent(body), queueTime(fields));
  return failed(unreadable('unknown_format', `The record is ${describeValue(record)}: expected "Sns" of a topic or "body" of a queue.`));
}

/** What a queue or a bare text holds: a notification of SNS, or the message itself. */
function openBody(content: Content, sqs: Instant | null): Delivery {
  if (content.kind === 'json' && isNotification(content.value)) return openNotification(content.value, sqs);
  return openMessage(content, null, { sns: null, sqs });
}

const CONFIRMATIONS: readonly unknown[] = ['SubscriptionConfirmation', 'UnsubscribeConfirmation'];

function isNotification(value: JsonObject): boolean {
  const type = value['Type'];
  return type === 'Notification' || CONFIRMATIONS.includes(type);
}

/** The envelope of SNS (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html), the same in Lambda, SQS and HTTP but for keys that are not needed. */
function openNotification(sns: JsonObject, sqs: Instant | null): Delivery {
  const type = sns['Type'];
  if (CONFIRMATIONS.includes(type)) {
    return failed(unreadable('not_an_alert', `The topic sent a ${String(type)}: it tells of the subscription, not of cost.`));
  }
  const message = sns['Message'];
  if (typeof message !== 'string') {
    return failed(unreadable('missing_field', `The notification of SNS has as its Message: ${describeValue(message)}. Expected a text.`));
  }
  const subject = sns['Subject'];
  return openMessage(parseContent(message), typeof subject === 'string' ? subject : null, { sns: timeOf(sns, 'Timestamp'), sqs });
}

function openMessage(content: Content, subject: string | null, outer: OuterTimes): Delivery {
  if (content.kind !== 'json' || !Object.hasOwn(content.value, 'detail-type')) return { content, subject, sentAt: outer.sns ?? outer.sqs };
  const sentAt = outer.sns ?? timeOf(content.value, 'time') ?? outer.sqs;
  return { content: { kind: 'eventbridge', value: content.value }, subject, sentAt };
}

function failed(content: Delivery['content']): Delivery {
  return { content, subject: null, sentAt: null };
}

function timeOf(object: JsonObject, key: string): Instant | null {
  const written = object[key];
  return typeof written === 'string' ? parseInstant(written) : null;
}

/** `SentTimestamp`: milliseconds since 1970, as a text. */
function queueTime(record: JsonObject): Instant | null {
  const attributes = record['attributes'];
  const sent = isJsonObject(attributes) ? attributes['SentTimestamp'] : undefined;
  return typeof sent === 'string' && /^[0-9]{1,15}$/.test(sent) ? instantFromMs(Number(sent)) : null;
}
