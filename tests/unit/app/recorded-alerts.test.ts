import { type RecordedFile, readRecordedAlerts } from '../../../src/app/recorded-alerts.ts';
import { lambdaEvent, snsHttpBody, snsRecord } from '../../support/signal-envelopes.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const file = (name: string, text: string): RecordedFile => ({ kind: 'read', name, text });

const monthly = signalFixture('budgets-actual-monthly.txt');
const yearly = signalFixture('budgets-actual-yearly.txt');

describe('readRecordedAlerts', () => {
  it('reads each signal of each file, in whatever envelope', () => {
    const recorded = readRecordedAlerts([
      file('a.txt', monthly),
      file('b.json', snsHttpBody({ message: yearly })),
      file('c.json', signalFixture('anomaly-eventbridge.json')),
    ]);
    expect(recorded).toEqual(expect.objectContaining({ files: 3, copies: 0, unreadable: [] }));
    expect(recorded.alerts.map(({ event, files }) => [event.source, files])).toEqual([
      ['budgets', ['a.txt']],
      ['budgets', ['b.json']],
      ['anomaly', ['c.json']],
    ]);
  });

  it('takes copies for one alert, as the one tells it that was sent first', () => {
    const late = snsHttpBody({ message: monthly, sentAt: '2026-07-03T00:00:00.000Z' });
    const early = lambdaEvent(
      snsRecord({ message: monthly, sentAt: '2026-07-02T00:00:00.000Z' }),
      snsRecord({ message: monthly, sentAt: '2026-07-04T00:00:00.000Z' }),
    );
    const recorded = readRecordedAlerts([file('late.json', late), file('early.json', early)]);
    expect(recorded.copies).toBe(2);
    expect(recorded.alerts.map(({ event, files }) => [event.sentAt, files])).toEqual([['2026-07-02T00:00:00.000Z', ['late.json', 'early.json']]]);
  });

  it.each([
    ['last', ['without.json', 'with.json']],
    ['first', ['with.json', 'without.json']],
  ])('prefers a copy with a time to one without, when it is read %s', (_when, order) => {
    const texts: Readonly<Record<string, string>> = {
      'with.json': snsHttpBody({ message: signalFixture('anomaly-sns.json'), sentAt: '2026-07-02T00:00:00.000Z' }),
      'without.json': signalFixture('anomaly-sns.json'),
    };
    const recorded = readRecordedAlerts(order.map((name) => file(name, texts[name] ?? '')));
    expect(recorded.alerts.map(({ event, files }) => [event.sentAt, files])).toEqual([['2026-07-02T00:00:00.000Z', order]]);
  });

  it('lists every signal that gave no alert, with its place, and loses no other by it', () => {
    const mixed = lambdaEvent(
      snsRecord({ message: 'Hello' }),
      snsRecord({ message: monthly }),
      snsRecord({ message: signalFixture('budgets-auto-adjust.json') }),
    );
    const recorded = readRecordedAlerts([
      file('mixed.json', mixed),
      file('empty.txt', ''),
      { kind: 'failed', name: 'link', message: 'It is no regular file.' },
    ]);
    expect(recorded.alerts).toHaveLength(1);
    expect(recorded.unreadable).toEqual([
      { file: 'mixed.json', record: 1, reason: 'unknown_format', message: expect.any(String) },
      { file: 'mixed.json', record: 3, reason: 'not_an_alert', message: expect.any(String) },
      { file: 'empty.txt', record: 1, reason: 'empty', message: expect.any(String) },
      { file: 'link', record: null, reason: 'unreadable_file', message: 'It is no regular file.' },
    ]);
  });

  it('finds nothing in nothing', () => {
    expect(readRecordedAlerts([])).toEqual({ files: 0, alerts: [], copies: 0, unreadable: [] });
  });
});
