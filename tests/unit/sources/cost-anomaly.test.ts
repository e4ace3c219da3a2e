import type { AnomalyEvent } from '../../../src/core/cost-event.ts';
import { readSignals } from '../../../src/sources/read-signal.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

type Tree = { [key: string]: unknown };

const growing: Tree = JSON.parse(signalFixture('anomaly-sns.json'));
const newService: Tree = JSON.parse(signalFixture('anomaly-new-service.json'));

function eventIn(text: string): AnomalyEvent {
  const [reading] = readSignals(text);
  if (reading?.kind !== 'event' || reading.event.source !== 'anomaly') throw new Error(`not read: ${JSON.stringify(reading)}`);
  return reading.event;
}

function errorIn(text: string): { reason: string; message: string } {
  const [reading] = readSignals(text);
  if (reading?.kind !== 'unreadable') throw new Error('it was read');
  return reading.error;
}

const withFields = (fields: Tree): string => JSON.stringify({ ...growing, ...fields });
const withImpact = (impact: Tree): string => withFields({ impact: { totalImpact: 10, ...impact } });
const withCause = (cause: unknown): string => withFields({ rootCauses: [cause] });

const NO_CAUSE = { accountId: null, accountName: null, region: null, service: null, usageType: null, contribution: null };

describe('an anomaly', () => {
  it('is read whole, its numbers exactly', () => {
    expect(eventIn(signalFixture('anomaly-sns.json'))).toEqual({
      source: 'anomaly',
      eventId: expect.stringMatching(/^evt-[0-9a-f]{32}$/),
      incidentId: expect.stringMatching(/^inc-[0-9a-f]{32}$/),
      amount: { kind: 'usd', usd: 1_793_33n },
      sentAt: null,
      anomalyId: 'c7d1f0aa-3c1f-4c8e-9e0d-6b4f27a1d052',
      ownerAccountId: '660912384475',
      monitorName: 'all-services',
      startDate: '2026-04-11T00:00:00Z',
      endDate: '2026-04-13T00:00:00Z',
      expectedSpend: 420_13n,
      actualSpend: 2_213_45n,
      impactPercent: 426.86,
      rootCauses: [
        {
          accountId: '204715839206',
          accountName: 'platform',
          region: 'eu-central-1',
          service: 'Amazon Elastic Compute Cloud - Compute',
          usageType: 'EUC1-BoxUsage:p4d.24xlarge',
          contribution: { unscaled: 15_011n, scale: 1 },
        },
        {
          accountId: '518820047763',
          accountName: null,
          region: 'us-west-2',
          service: 'Amazon Elastic Compute Cloud - Compute',
          usageType: null,
          contribution: { unscaled: 292_225n, scale: 3 },
        },
      ],
      detailsUrl: expect.stringMatching(/^https:\/\/console\.aws\.amazon\.com\/cost-management\/home#\/anomaly-detection\/.*d052$/),
    });
  });

  it('is the same event from EventBridge, but for the time', () => {
    expect(eventIn(signalFixture('anomaly-eventbridge.json'))).toEqual({ ...eventIn(signalFixture('anomaly-sns.json')), sentAt: '2026-04-13T15:04:29.000Z' });
  });

  it('may name no more than a service as its cause', () => {
    expect(eventIn(signalFixture('anomaly-partial-cause.json'))).toMatchObject({
      amount: { kind: 'usd', usd: 44_02n },
      impactPercent: 220.1,
      monitorName: null,
      rootCauses: [{ ...NO_CAUSE, service: 'Amazon DynamoDB' }],
    });
  });

  it('may name no cause', () => {
    expect(eventIn(signalFixture('anomaly-no-causes.json'))).toMatchObject({ rootCauses: [], impactPercent: 95, detailsUrl: null });
    expect(eventIn(withFields({ rootCauses: undefined })).rootCauses).toEqual([]);
    expect(eventIn(withFields({ rootCauses: null })).rootCauses).toEqual([]);
  });

  it('of a service that is new is infinitely above what was expected', () => {
    expect(eventIn(signalFixture('anomaly-new-service.json'))).toMatchObject({ expectedSpend: 0n, actualSpend: 318_40n, impactPercent: 'infinite' });
  });

  it.each([{}, { linkedAccount: '' }, { linkedAccount: null, region: null, impact: null }, { impact: {} }, { impact: { contribution: null }, extra: [1] }])(
    'takes %j for a cause that says nothing',
    (cause) => {
      expect(eventIn(withCause(cause)).rootCauses).toEqual([NO_CAUSE]);
    },
  );

  it('may have no dates', () => {
    expect(eventIn(withFields({ anomalyStartDate: null, anomalyEndDate: undefined }))).toMatchObject({ startDate: null, endDate: null });
  });

  it.each([
    'javascript:alert(1)',
    'http://console.aws.amazon.com/',
    'https://console.aws.amazon.com/|here>',
    'https://a b',
    'https://a\n',
    'https://',
    `https://${'a'.repeat(3000)}`,
    '',
  ])('carries no link to %p', (anomalyDetailsLink) => {
    expect(eventIn(withFields({ anomalyDetailsLink })).detailsUrl).toBeNull();
  });
});

describe('how far an anomaly is above the expected spend', () => {
  it.each([
    [{ totalImpactPercentage: 333.67, totalExpectedSpend: 300 }, 333.67],
    [{ totalImpactPercentage: 0 }, 0],
    [{ totalImpactPercentage: 12.5, totalExpectedSpend: 0 }, 'infinite'],
    [{ totalImpactPercentage: 12.5, totalExpectedSpend: 10 }, 12.5],
    [{ totalExpectedSpend: 3 }, 333.33],
    [{ totalExpectedSpend: 0 }, 'infinite'],
    [{ totalExpectedSpend: 0.0000001 }, 10_000_000_000],
    [{ totalExpectedSpend: -3 }, null],
    [{ totalExpectedSpend: null }, null],
    [{}, null],
  ])('%j: %p', (impact, percent) => {
    expect(eventIn(withImpact(impact)).impactPercent).toBe(percent);
  });

  it('is not known in dollars either where AWS did not say', () => {
    expect(eventIn(withImpact({}))).toMatchObject({ expectedSpend: null, actualSpend: null });
  });
});

describe('the ids of an anomaly', () => {
  const original = eventIn(JSON.stringify(growing));

  it('another event when it grew or went on, of the same incident', () => {
    for (const later of [withFields({ anomalyEndDate: '2026-04-14T00:00:00Z' }), withFields({ impact: { totalImpact: 1793.34 } })]) {
      expect(eventIn(later).eventId).not.toBe(original.eventId);
      expect(eventIn(later).incidentId).toBe(original.incidentId);
    }
  });

  it('another event and incident for another anomaly', () => {
    expect(eventIn(JSON.stringify(newService)).incidentId).not.toBe(original.incidentId);
    const renamed = eventIn(withFields({ anomalyId: 'another' }));
    expect([renamed.eventId, renamed.incidentId]).not.toEqual([original.eventId, original.incidentId]);
  });

  it.each(['2026-04-13', '2026-04-13T00:00:00.000Z', '2026-04-13T02:00:00+02:00'])('the same event with the date written %s', (anomalyEndDate) => {
    expect(eventIn(withFields({ anomalyEndDate })).eventId).toBe(original.eventId);
  });

  it('an event with a date in words, or none', () => {
    const ids = ['soon', 'later', null].map((anomalyEndDate) => eventIn(withFields({ anomalyEndDate })).eventId);
    expect(new Set([...ids, original.eventId]).size).toBe(4);
  });
});

describe('an anomaly that is refused', () => {
  it.each(['<account ID>', '66091238447', '6609123844750', ''])('belongs to the account %p', (accountId) => {
    expect(errorIn(withFields({ accountId })).reason).toBe('invalid_account');
  });

  it('blames something that is no account', () => {
    const text = withFields({ rootCauses: [{ linkedAccount: '204715839206' }, { service: 'AWS Lambda' }, { linkedAccount: 'platform' }] });
    expect(errorIn(text)).toEqual({
      reason: 'invalid_account',
      message: 'A linkedAccount of rootCauses is "platform": expected an account id of 12 digits. Publish the alert as AWS wrote it, with real account ids.',
    });
  });

  it.each([
    ['accountId', withFields({ accountId: undefined })],
    ['impact', withFields({ impact: undefined })],
    ['impact.totalImpact', withFields({ impact: {} })],
  ])('has no %s', (path, text) => {
    expect(errorIn(text)).toMatchObject({
      reason: 'missing_field',
      message: expect.stringContaining(`The anomaly cannot be read: ${path} is missing, expected `),
    });
  });

  it.each([
    ['anomalyId is a number, expected a text', withFields({ anomalyId: 7 })],
    ['anomalyId is "", expected a text that is not empty', withFields({ anomalyId: '' })],
    ['accountId is null, expected a text', withFields({ accountId: null })],
    ['monitorName is true, expected a text', withFields({ monitorName: true })],
    ['impact is a list of 0, expected an object', withFields({ impact: [] })],
    ['impact.totalImpact is "10", expected a number', withImpact({ totalImpact: '10' })],
    ['impact.totalImpact is null, expected a number', withImpact({ totalImpact: null })],
    ['impact.totalImpact is an object with the keys "unscaled, scale", expected a number', withImpact({ totalImpact: { unscaled: '10', scale: '2' } })],
    ['impact.totalExpectedSpend is "3", expected a number', withImpact({ totalExpectedSpend: '3' })],
    ['rootCauses is an object with the keys "0", expected a list of at most 1000 entries', withFields({ rootCauses: { 0: {} } })],
    ['rootCauses is a list of 1001, expected a list of at most 1000 entries', withFields({ rootCauses: Array.from({ length: 1001 }, () => ({})) })],
    ['rootCauses.0 is null, expected an object', withCause(null)],
    ['rootCauses.0.region is a list of 0, expected a text', withCause({ region: [] })],
    ['rootCauses.0.impact.contribution is "1", expected a number', withCause({ impact: { contribution: '1' } })],
  ])('%s', (message, text) => {
    expect(errorIn(text)).toMatchObject({ reason: 'invalid_field', message: expect.stringContaining(`: ${message}.`) });
  });

  it.each(['1e999999999', '-1e999999999', '9'.repeat(61), `0.${'1'.repeat(1000)}`, '1e-100'])('has the impact %s', (number) => {
    const text = withImpact({ totalImpact: 'HERE' }).replace('"HERE"', number);
    expect(errorIn(text)).toMatchObject({ reason: 'invalid_field', message: expect.stringContaining('a number of more than 60 digits, expected a number') });
  });

  it('names no more than three fields', () => {
    const { message } = errorIn(withFields({ rootCauses: [1, 2, 3, 4, 5] }));
    expect(message).toContain('rootCauses.2 is a number');
    expect(message).not.toContain('rootCauses.3');
  });

  it('has no detail in its EventBridge event', () => {
    const event = { ...JSON.parse(signalFixture('anomaly-eventbridge.json')), detail: undefined };
    expect(errorIn(JSON.stringify(event))).toMatchObject({ reason: 'missing_field', message: expect.stringContaining('it is missing, expected an object') });
  });

  it('keeps huge numbers that nobody needs out of the way', () => {
    expect(eventIn(withFields({ anomalyScore: 'HERE' }).replace('"HERE"', '1e999999999'))).toEqual(eventIn(JSON.stringify(growing)));
  });
});
