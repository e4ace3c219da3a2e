/** What travels in an envelope. Without a subject SNS sends null; a time of null leaves the envelope's time out. */
export interface Posting {
  readonly message: string;
  readonly subject?: string | null;
  readonly sentAt?: string | null;
}

/** When the envelopes of these tests were sent, unless a test says otherwise. */
export const SENT_AT = '2026-07-01T10:20:30.456Z';

const TOPIC = 'arn:aws:sns:us-east-1:204715839206:cost-alerts';
const QUEUE = 'arn:aws:sqs:us-east-1:204715839206:cost-signals';

/** The JSON that SNS posts over HTTP, and puts into a queue without raw delivery. */
export function snsHttpBody(posting: Posting): string {
  return JSON.stringify({ ...snsFields(posting), SigningCertURL: 'https://sns.us-east-1.amazonaws.com/cert.pem' }, null, 2);
}

/** One record of the event with which SNS calls a Lambda function. */
export function snsRecord(posting: Posting): object {
  return {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: `${TOPIC}:0c1f6e9a-9f0f-4b0e-a9b0-b36c8fcf5b1e`,
    Sns: { ...snsFields(posting), SigningCertUrl: 'https://sns.us-east-1.amazonaws.com/cert.pem', MessageAttributes: {} },
  };
}

/** One record of the event with which SQS calls a Lambda function. Its time is given in milliseconds, as SQS does. */
export function sqsRecord(body: string, sentAt: string | null = SENT_AT): object {
  const times = sentAt === null ? {} : { SentTimestamp: String(Date.parse(sentAt)), ApproximateFirstReceiveTimestamp: String(Date.parse(sentAt) + 9) };
  return {
    messageId: '5f0a2c54-7c55-4a60-8a4c-0d9f3d1f9a10',
    receiptHandle: 'AQEBzWwaftRI0KuVm4tP',
    body,
    attributes: { ApproximateReceiveCount: '1', SenderId: 'AIDAEXAMPLE', ...times },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: QUEUE,
    awsRegion: 'us-east-1',
  };
}

/** A Lambda event of these records. */
export function lambdaEvent(...records: readonly unknown[]): string {
  return JSON.stringify({ Records: records });
}

/** Every way in which one message arrives, by name. The time is that of the named envelope; inner and outer times are the same. */
export const ENVELOPES: Readonly<Record<string, (posting: Posting) => string>> = {
  bare: (posting) => posting.message,
  'SNS to Lambda': (posting) => lambdaEvent(snsRecord(posting)),
  'SNS to SQS': (posting) => lambdaEvent(sqsRecord(snsHttpBody(posting), posting.sentAt)),
  'SNS to SQS with raw delivery': (posting) => lambdaEvent(sqsRecord(posting.message, posting.sentAt)),
  'SNS to HTTP': snsHttpBody,
};

function snsFields({ message, subject = null, sentAt = SENT_AT }: Posting): object {
  return {
    Type: 'Notification',
    MessageId: '2c0a1be9-7a63-5d6b-9d0f-47b3f1f2c0de',
    TopicArn: TOPIC,
    Subject: subject,
    Message: message,
    ...(sentAt === null ? {} : { Timestamp: sentAt }),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    UnsubscribeUrl: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${TOPIC}`,
  };
}
