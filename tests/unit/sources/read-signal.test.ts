import { readSignals, type SignalReading } from '../../../src/sources/read-signal.ts';
import { ENVELOPES, lambdaEvent, SENT_AT, snsHttpBody, snsRecord, sqsRecord } from '../../support/signal-envelopes.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const EVENTS = [
  'budgets-actual-monthly.txt',
  'budgets-forecasted-monthly.txt',
  'budgets-actual-daily.txt',
  'budgets-actual-yearly.txt',
  'budgets-actual-quarterly.txt',
  'budgets-trillions.txt',
  'budgets-usage.txt',
  'budgets-odd-name.txt',
  'budgets-misleading-name.txt',
  'anomaly-sns.json',
  'anomaly-eventbridge.json',
  'anomaly-partial-cause.json',
  'anomaly-no-causes.json',
  'anomaly-new-service.json',
  'alarm-sns.json',
  'alarm-eventbridge.json',
];
const NOT_ALERTS = ['budgets-auto-adjust.json', 'alarm-sns-ok.json'];

const monthly = signalFixture('budgets-actual-monthly.txt');
const anomaly = signalFixture('anomaly-sns.json');

function only(text: string): SignalReading {
  const [reading, ...others] = readSignals(text);
  if (reading === undefined || others.length > 0) throw new Error(`${others.length} further readings`);
  return reading;
}

function reasonOf(reading: SignalReading): string {
  return reading.kind === 'unreadable' ? reading.error.reason : 'an event';
}

function sentAtOf(text: string): string | null {
  const reading = only(text);
  if (reading.kind !== 'event') throw new Error(`not read: ${reading.error.message}`);
  return reading.event.sentAt;
}

describe.each(EVENTS)('%s', (file) => {
  const bare = only(signalFixture(file));

  it.each(Object.keys(ENVELOPES))('reads the same: %s', (name) => {
    const reading = only(ENVELOPES[name]?.({ message: signalFixture(file), subject: 'AWS Notification' }) ?? '');
    if (bare.kind !== 'event' || reading.kind !== 'event') throw new Error('not read');
    const sentAt = ENVELOPES[name]?.({ message: 'x' }) === 'x' ? bare.event.sentAt : reading.event.sentAt;
    expect(reading.event).toEqual({ ...bare.event, sentAt });
  });

  it('is one event however often and however wrapped it comes', () => {
    const copies = Object.values(ENVELOPES).flatMap((wrap) =>
      [1, 2].flatMap((delivery) => readSignals(wrap({ message: signalFixture(file), sentAt: `2026-07-0${delivery}T00:00:00Z` }))),
    );
    const ids = copies.map((reading) => (reading.kind === 'event' ? `${reading.event.eventId} ${reading.event.incidentId}` : 'unreadable'));
    expect(copies).toHaveLength(10);
    expect(new Set(ids).size).toBe(1);
  });
});

it('gives different alerts different ids', () => {
  const ids = EVENTS.map((file) => only(signalFixture(file))).map((reading) => (reading.kind === 'event' ? reading.event.eventId : 'unreadable'));
  expect(new Set(ids).size).toBe(EVENTS.length - 2); // the anomaly and the alarm stand there in two forms each
});

describe.each(NOT_ALERTS)('%s', (file) => {
  it.each(Object.keys(ENVELOPES))('is no alert: %s', (name) => {
    expect(reasonOf(only(ENVELOPES[name]?.({ message: signalFixture(file) }) ?? ''))).toBe('not_an_alert');
  });
});

describe('what SNS itself sends', () => {
  it.each(['SubscriptionConfirmation', 'UnsubscribeConfirmation'])('%s is no alert', (Type) => {
    const body = JSON.stringify({
      Type,
      MessageId: '1',
      Token: 'x',
      TopicArn: 'arn:aws:sns:us-east-1:204715839206:t',
      Message: 'You have chosen …',
      SubscribeURL: 'https://x',
    });
    expect(reasonOf(only(body))).toBe('not_an_alert');
    expect(reasonOf(only(lambdaEvent(sqsRecord(body))))).toBe('not_an_alert');
  });

  it('a test of the wiring is no alert, known by its subject', () => {
    for (const message of ['AWS Budgets is now linked to this topic.', '', '{']) {
      expect(reasonOf(only(snsHttpBody({ message, subject: 'SNS Topic Verified!' })))).toBe('not_an_alert');
    }
    expect(reasonOf(only(snsHttpBody({ message: 'AWS Budgets is now linked to this topic.', subject: 'SNS topic verified' })))).toBe('unknown_format');
  });

  it('an alert is one whatever its subject', () => {
    for (const subject of ['SNS Topic Verified!', null, 'AWS Budgets: x has exceeded your alert threshold']) {
      expect(only(snsHttpBody({ message: monthly, subject })).kind).toBe('event');
    }
  });
});

describe('EventBridge', () => {
  it('is read inside SNS and inside SQS', () => {
    expect(sentAtOf(signalFixture('anomaly-eventbridge.json'))).toBe('2026-04-13T15:04:29.000Z');
    expect(only(lambdaEvent(sqsRecord(signalFixture('anomaly-eventbridge.json')))).kind).toBe('event');
    expect(only(lambdaEvent(snsRecord({ message: signalFixture('anomaly-eventbridge.json') }))).kind).toBe('event');
  });

  it.each([
    ['aws.ec2', 'EC2 Instance State-change Notification'],
    ['aws.ce', 'Something Else'],
    ['aws.cloudwatch', 'Anomaly Detected'],
    ['my.app', 'CloudWatch Alarm State Change'],
    [undefined, null],
  ])('is not known from %s: %s', (source, type) => {
    const event = { ...JSON.parse(signalFixture('anomaly-eventbridge.json')), source, 'detail-type': type };
    expect(reasonOf(only(JSON.stringify(event)))).toBe('unknown_format');
  });
});

describe('when an alert was sent', () => {
  const eventBridge = signalFixture('alarm-eventbridge.json');
  const untimed = JSON.stringify({ ...JSON.parse(eventBridge), time: undefined });
  const inQueue = (body: string, sentAt: string | null = '2026-07-02T00:00:00Z'): string => lambdaEvent(sqsRecord(body, sentAt));

  it.each([
    ['SNS before SQS', inQueue(snsHttpBody({ message: monthly })), SENT_AT],
    ['SNS before EventBridge', snsHttpBody({ message: eventBridge }), SENT_AT],
    ['SNS to Lambda', lambdaEvent(snsRecord({ message: monthly })), SENT_AT],
    ['EventBridge before SQS', inQueue(eventBridge), '2026-05-22T13:31:08.000Z'],
    ['SQS where SNS says nothing', inQueue(snsHttpBody({ message: monthly, sentAt: null })), '2026-07-02T00:00:00.000Z'],
    ['SQS where SNS says nonsense', inQueue(snsHttpBody({ message: monthly, sentAt: 'noon' })), '2026-07-02T00:00:00.000Z'],
    ['SQS where EventBridge says nothing', inQueue(untimed), '2026-07-02T00:00:00.000Z'],
    ['SQS with raw delivery', inQueue(anomaly), '2026-07-02T00:00:00.000Z'],
    ['the alarm itself', signalFixture('alarm-sns.json'), '2026-05-22T13:31:08.412Z'],
    ['the alarm itself where EventBridge says nothing', untimed, '2026-05-22T13:31:08.412Z'],
    ['the date line', monthly, '2026-03-09T23:59:59.999Z'],
    ['the date line where SQS says nothing', inQueue(monthly, null), '2026-03-09T23:59:59.999Z'],
    ['nothing', anomaly, null],
  ])('%s', (_, text, sentAt) => {
    expect(sentAtOf(text)).toBe(sentAt);
  });

  it.each([null, 'x', '', '-5', '1e3', '9'.repeat(16), '999999999999999', 1751450400000, {}])('is not known from the SentTimestamp %p', (SentTimestamp) => {
    expect(sentAtOf(lambdaEvent({ body: anomaly, attributes: { SentTimestamp } }))).toBeNull();
  });

  it.each([null, 1751450400000, true, [], { toString: 1, valueOf: 1 }])('is not known from the Timestamp or time %j', (time) => {
    expect(sentAtOf(JSON.stringify({ Type: 'Notification', Message: anomaly, Timestamp: time }))).toBeNull();
    expect(sentAtOf(JSON.stringify({ ...JSON.parse(signalFixture('anomaly-eventbridge.json')), time }))).toBeNull();
  });

  it('is not known from a record without attributes', () => {
    expect(sentAtOf(lambdaEvent({ body: anomaly }))).toBeNull();
    expect(sentAtOf(lambdaEvent({ body: anomaly, attributes: null }))).toBeNull();
  });
});

describe('records', () => {
  it('are read each for itself, in their order', () => {
    const readings = readSignals(
      lambdaEvent(
        snsRecord({ message: monthly }),
        null,
        sqsRecord('Test message.'),
        7,
        sqsRecord(snsHttpBody({ message: anomaly })),
        { s3: { bucket: { name: 'b' } } },
        sqsRecord(''),
        { Sns: { Subject: 'x' } },
        { Sns: 'text' },
        { body: null },
        sqsRecord(monthly.slice(0, 300)),
        snsRecord({ message: signalFixture('alarm-sns.json') }),
      ),
    );
    expect(readings.map((reading) => (reading.kind === 'event' ? reading.event.source : reading.error.reason))).toEqual([
      'budgets',
      'unknown_format',
      'unknown_format',
      'unknown_format',
      'anomaly',
      'unknown_format',
      'empty',
      'missing_field',
      'unknown_format',
      'unknown_format',
      'missing_field',
      'billing_alarm',
    ]);
  });

  it('may be missing', () => {
    expect(reasonOf(only('{"Records":[]}'))).toBe('empty');
    expect(reasonOf(only('{"Records":null}'))).toBe('unknown_format');
    expect(reasonOf(only('{"Records":{}}'))).toBe('unknown_format');
  });
});

describe('other text', () => {
  it.each(['', ' ', '\n\r\n\t', '\uFEFF', '\uFEFF \n'])('%j is one empty signal', (text) => {
    expect(reasonOf(only(text))).toBe('empty');
  });

  it.each([
    'null',
    '[]',
    '"x"',
    '7',
    '{',
    '{}',
    '{]',
    '{"a":1}',
    '{"a":1,"a":2}',
    '{"body":"AWS Budget Notification"}',
    'Hello',
    '[{"anomalyId":"x"}]',
    '{"Type":"Notification2"}',
  ])('%s is not known', (text) => {
    expect(reasonOf(only(text))).toBe('unknown_format');
  });

  it('says what is wrong with JSON that is none', () => {
    expect(only(`{"a":"${'x'.repeat(500)}`)).toEqual({
      kind: 'unreadable',
      error: {
        reason: 'unknown_format',
        message: expect.stringMatching(
          /^The message begins like JSON but is none \("SyntaxError: .{1,80}"\): expected a whole JSON object\. Send only what AWS /,
        ),
      },
    });
  });

  it('names the keys of JSON that is not known', () => {
    const [reading] = readSignals(`{"first":1,"sec\\nond":2}`);
    expect(reading).toMatchObject({ error: { message: expect.stringContaining('an object with the keys "first, sec ond"') } });
  });

  it('a notification without a message lacks it', () => {
    expect(reasonOf(only('{"Type":"Notification","Message":{"a":1}}'))).toBe('missing_field');
  });
});
