import type { BillingAlarmEvent } from '../../../src/core/cost-event.ts';
import { readSignals } from '../../../src/sources/read-signal.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

type Tree = { [key: string]: unknown };

const alarm: Tree & { Trigger: Tree } = JSON.parse(signalFixture('alarm-sns.json'));
const alarmEvent: Tree & { detail: Tree & { state: Tree } } = JSON.parse(signalFixture('alarm-eventbridge.json'));

function eventIn(text: string): BillingAlarmEvent {
  const [reading] = readSignals(text);
  if (reading?.kind !== 'event' || reading.event.source !== 'billing_alarm') throw new Error(`not read: ${JSON.stringify(reading)}`);
  return reading.event;
}

function errorIn(text: string): { reason: string; message: string } {
  const [reading] = readSignals(text);
  if (reading?.kind !== 'unreadable') throw new Error('it was read');
  return reading.error;
}

const withFields = (fields: Tree): string => JSON.stringify({ ...alarm, ...fields });
const withTrigger = (fields: Tree): string => withFields({ Trigger: { ...alarm.Trigger, ...fields } });
const withReason = (NewStateReason: string): string => withFields({ NewStateReason });
const withDimensions = (dimensions: { [name: string]: string }): string =>
  withTrigger({ Dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value })) });
const withDetail = (fields: Tree): string => JSON.stringify({ ...alarmEvent, detail: { ...alarmEvent.detail, ...fields } });
const withEventMetrics = (...metrics: unknown[]): string => withDetail({ configuration: { metrics } });

const BILLING = { Namespace: 'AWS/Billing', MetricName: 'EstimatedCharges', Dimensions: [{ name: 'Currency', value: 'USD' }] };

describe('a billing alarm', () => {
  it('is read whole', () => {
    expect(eventIn(signalFixture('alarm-sns.json'))).toEqual({
      source: 'billing_alarm',
      eventId: expect.stringMatching(/^evt-[0-9a-f]{32}$/),
      incidentId: expect.stringMatching(/^inc-[0-9a-f]{32}$/),
      amount: { kind: 'usd', usd: 2_117_46n },
      sentAt: '2026-05-22T13:31:08.412Z',
      accountId: '204715839206',
      alarmName: 'charges over 2,000',
      alarmRegion: 'us-east-1',
      service: null,
      operator: '>',
      threshold: { kind: 'usd', usd: 2_000_00n },
      stateChangedAt: '2026-05-22T13:31:08.412Z',
      period: '2026-05',
    });
  });

  it('is the same event from EventBridge, but for the time', () => {
    expect(eventIn(signalFixture('alarm-eventbridge.json'))).toEqual({ ...eventIn(signalFixture('alarm-sns.json')), sentAt: '2026-05-22T13:31:08.000Z' });
  });

  it('that returned to OK is no alert', () => {
    expect(errorIn(signalFixture('alarm-sns-ok.json'))).toEqual({
      reason: 'not_an_alert',
      message: 'The alarm "charges over 2,000" went to OK: only ALARM is an alert. Nothing needs to be done.',
    });
    expect(errorIn(withFields({ NewStateValue: 'INSUFFICIENT_DATA' })).reason).toBe('not_an_alert');
    expect(errorIn(withDetail({ state: { ...alarmEvent.detail.state, value: 'OK' } })).reason).toBe('not_an_alert');
  });

  it('may be on one service of one account', () => {
    const event = { accountId: '518820047763', service: 'AmazonEC2' };
    expect(eventIn(withDimensions({ Currency: 'USD', ServiceName: 'AmazonEC2', LinkedAccount: '518820047763' }))).toMatchObject(event);
    const metric = {
      namespace: 'AWS/Billing',
      name: 'EstimatedCharges',
      dimensions: { Currency: 'USD', ServiceName: 'AmazonEC2', LinkedAccount: '518820047763' },
    };
    expect(eventIn(withEventMetrics({ metricStat: { metric } }))).toMatchObject(event);
  });

  it('may name its metric in a list of one', () => {
    expect(eventIn(withFields({ Trigger: { Metrics: [{ Id: 'm1', MetricStat: { Metric: BILLING, Period: 21600, Stat: 'Maximum' } }] } }))).toEqual(
      eventIn(signalFixture('alarm-sns.json')),
    );
  });

  it('in another currency keeps its amounts as they are written', () => {
    expect(eventIn(withDimensions({ Currency: 'CNY' }))).toMatchObject({
      amount: { kind: 'other', raw: '2117.46 CNY' },
      threshold: { kind: 'other', raw: '2000.0 CNY' },
    });
  });

  it.each([
    ['its ARN', {}, 'us-east-1'],
    ['an ARN of China', { AlarmArn: 'arn:aws-cn:cloudwatch:cn-northwest-1:204715839206:alarm:a:b' }, 'cn-northwest-1'],
    ['a long name', { AlarmArn: undefined }, 'us-east-1'],
    ['a long name beside a broken ARN', { AlarmArn: 'arn:aws:sns:eu-west-1:1:x' }, 'us-east-1'],
    ['the long name of Beijing', { AlarmArn: null, Region: 'China (Beijing)' }, 'cn-north-1'],
    ['the long name of Ningxia', { AlarmArn: null, Region: 'China (Ningxia)' }, 'cn-northwest-1'],
    ['a name that is not known', { AlarmArn: null, Region: 'Moon (South Pole)' }, 'Moon (South Pole)'],
  ])('finds its region by %s', (_, fields, region) => {
    expect(eventIn(withFields(fields)).alarmRegion).toBe(region);
  });

  it('finds its region without an ARN in the EventBridge event too', () => {
    expect(eventIn(JSON.stringify({ ...alarmEvent, resources: [] })).alarmRegion).toBe('us-east-1');
    expect(eventIn(JSON.stringify({ ...alarmEvent, resources: undefined })).alarmRegion).toBe('us-east-1');
  });
});

describe('the value of a billing alarm', () => {
  it.each([
    ['Threshold Crossed: 1 datapoint [3.22 (29/10/17 13:20:00)] was greater than the threshold (1.0).', 3_22n],
    ['Threshold Crossed: 1 out of the last 1 datapoints [1046.29 (01/12/26 10:00:00)] was greater than the threshold (1000.0).', 1_046_29n],
    ['Threshold Crossed: 1 datapoint [1.234567891E7 (29/10/17 13:20:00)] was greater than the threshold (1.0E7).', 12_345_678_91n],
    [
      'Threshold Crossed: 3 datapoints [7.0 (02/01/26 00:00:00), 9.0 (01/01/26 06:00:00), 8.0 (31/12/25 18:00:00)] were greater than the threshold (1.0).',
      7_00n,
    ],
    [
      'Threshold Crossed: 3 datapoints [9.0 (31/12/25 18:00:00), 8.0 (02/01/26 00:00:00), 7.0 (01/01/26 06:00:00)] were greater than the threshold (1.0).',
      8_00n,
    ],
    ['Crossed: 2 datapoints were above. The most recent: [5.0 (01/02/26 06:00:00), 6.5 (01/02/26 12:00:00)]. 1 missing was treated as [Breaching].', 6_50n],
    ['Threshold Crossed: 1 datapoint [-3.5 (29/10/17 13:20:00)] was less than the threshold (1.0).', -3_50n],
  ])('%s', (reason, cents) => {
    expect(eventIn(withReason(reason)).amount).toEqual({ kind: 'usd', usd: cents });
  });

  it.each([
    ['was greater than the threshold (1.0).', '>', { kind: 'usd', usd: 1_00n }],
    ['were greater than or equal to the threshold (1.5E3).', '>=', { kind: 'usd', usd: 1_500_00n }],
    ['was less than the threshold (0.0).', '<', { kind: 'usd', usd: 0n }],
    ['was less than or equal to the threshold (-2.25).', '<=', { kind: 'usd', usd: -2_25n }],
    ['was greater than the threshold (1.2.3).', '>', null],
    ['was remarkable.', null, null],
  ])('%s', (words, operator, threshold) => {
    expect(eventIn(withReason(`Threshold Crossed: 1 datapoint [3.22 (29/10/17 13:20:00)] ${words}`))).toMatchObject({ operator, threshold });
  });

  it.each([
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].',
    'Threshold Crossed: 1 datapoint (1.23) was greater than the threshold (0.0).',
    'Threshold Crossed: 1 datapoint [3.22 (31/02/26 13:20:00)] was greater than the threshold (1.0).',
    'Threshold Crossed: 1 datapoint [3.22 (2026-01-01 13:20:00)] was greater than the threshold (1.0).',
    'Threshold Crossed: 1 datapoint [3.2.2 (29/10/17 13:20:00)] was greater than the threshold (1.0).',
    'Threshold Crossed: 2 datapoints [3.22 (29/10/17 13:20:00), NaN (29/10/17 19:20:00)] were greater than the threshold (1.0).',
    'Threshold Crossed: 1 datapoint [3.22 (29/10/17 13:20:00) was greater than the threshold (1.0).',
    '',
  ])('is not guessed from: %s', (reason) => {
    expect(errorIn(withReason(reason)).reason).toBe('no_datapoint');
  });
});

describe('the ids of a billing alarm', () => {
  const original = eventIn(JSON.stringify(alarm));

  it('the same event for one instant, however its zone is written', () => {
    expect(eventIn(withFields({ StateChangeTime: '2026-05-22T15:31:08.412+02:00' })).eventId).toBe(original.eventId);
  });

  it('another event of the same incident when it alarms again in the month', () => {
    const again = eventIn(withFields({ StateChangeTime: '2026-05-29T01:00:00.000+0000' }));
    expect(again.eventId).not.toBe(original.eventId);
    expect(again.incidentId).toBe(original.incidentId);
  });

  it.each([
    ['account', { AWSAccountId: '518820047763' }],
    ['region', { AlarmArn: 'arn:aws:cloudwatch:us-west-2:204715839206:alarm:x' }],
    ['name', { AlarmName: 'charges over 3,000' }],
    ['month', { StateChangeTime: '2026-06-01T00:00:00.000+0000' }],
  ])('another event and incident by the %s', (_, fields) => {
    const event = eventIn(withFields(fields));
    expect(event.eventId).not.toBe(original.eventId);
    expect(event.incidentId).not.toBe(original.incidentId);
  });
});

describe('an alarm that is refused', () => {
  it.each([
    ['another metric', withTrigger({ MetricName: 'CPUUtilization', Namespace: 'AWS/EC2' }), '"AWS/EC2 CPUUtilization"'],
    ['a metric of another namespace', withTrigger({ Namespace: 'Mine' }), '"Mine EstimatedCharges"'],
    ['another metric of billing', withTrigger({ MetricName: 'Other' }), '"AWS/Billing Other"'],
    ['a metric without a name', withTrigger({ MetricName: null }), '"AWS/Billing null"'],
    ['other alarms', withFields({ Trigger: undefined, AlarmRule: 'ALARM(a) OR ALARM(b)' }), 'not on one single metric'],
    ['a formula', withFields({ Trigger: { Metrics: [{ Expression: 'm1 * 2' }] } }), 'not on one single metric'],
    [
      'several metrics',
      withFields({ Trigger: { Metrics: [{ MetricStat: { Metric: BILLING } }, { MetricStat: { Metric: BILLING } }] } }),
      'not on one single metric',
    ],
    ['no metric', withFields({ Trigger: { Metrics: [] } }), 'not on one single metric'],
    ['other alarms in EventBridge', withDetail({ configuration: { alarmRule: 'ALARM(a)' } }), 'not on one single metric'],
    ['nothing in EventBridge', withDetail({ configuration: null }), 'not on one single metric'],
    ['a formula in EventBridge', withEventMetrics({ expression: 'm1 * 2' }), 'not on one single metric'],
    ['another metric in EventBridge', withEventMetrics({ metricStat: { metric: { namespace: 'AWS/SQS', name: 'Age' } } }), '"AWS/SQS Age"'],
  ])('is on %s', (_, text, found) => {
    expect(errorIn(text)).toMatchObject({ reason: 'other_alarm', message: expect.stringContaining(found) });
  });

  it('is on another metric, in whatever state', () => {
    expect(errorIn(withFields({ NewStateValue: 'OK', Trigger: { Namespace: 'AWS/EC2' } })).reason).toBe('other_alarm');
  });

  it.each([
    ['its account', withFields({ AWSAccountId: 'XXX' })],
    ['its LinkedAccount', withDimensions({ Currency: 'USD', LinkedAccount: 'platform' })],
    ['its account in EventBridge', JSON.stringify({ ...alarmEvent, account: '<account>' })],
  ])('has no account id in %s', (_, text) => {
    expect(errorIn(text).reason).toBe('invalid_account');
  });

  it.each([
    ['a state', 'missing_field', withFields({ NewStateValue: undefined })],
    ['a known state', 'invalid_field', withFields({ NewStateValue: 'PANIC' })],
    ['a time', 'missing_field', withFields({ StateChangeTime: undefined })],
    ['a time that is one', 'invalid_field', withFields({ StateChangeTime: 'yesterday' })],
    ['a region', 'missing_field', withFields({ Region: undefined, AlarmArn: '' })],
    ['a currency', 'missing_field', withDimensions({})],
    ['dimensions', 'missing_field', withTrigger({ Dimensions: null })],
    ['dimensions in EventBridge', 'missing_field', withEventMetrics({ metricStat: { metric: { namespace: 'AWS/Billing', name: 'EstimatedCharges' } } })],
    ['dimensions that are a list', 'invalid_field', withTrigger({ Dimensions: { Currency: 'USD' } })],
    ['a detail in EventBridge', 'missing_field', JSON.stringify({ ...alarmEvent, detail: undefined })],
  ])('lacks %s', (_, reason, text) => {
    expect(errorIn(text).reason).toBe(reason);
  });
});
