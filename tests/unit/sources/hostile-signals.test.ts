import fc from 'fast-check';
import { periodOf } from '../../../src/core/cost-event.ts';
import { readSignals, type SignalReading } from '../../../src/sources/read-signal.ts';
import { UNREADABLE_REASONS } from '../../../src/sources/unreadable.ts';
import { ENVELOPES, lambdaEvent, snsHttpBody, snsRecord, sqsRecord } from '../../support/signal-envelopes.ts';
import { signalFixture, signalFixtureNames } from '../../support/signal-fixture.ts';

const SIZE = 256 * 1024;
const DEEP = 100_000;

/** Whatever the text: at least one reading, and each an event or a refusal in one bounded, printable line. */
function readSafely(text: string): readonly SignalReading[] {
  const readings = readSignals(text);
  expect(readings.length).toBeGreaterThan(0);
  for (const reading of readings) {
    if (reading.kind === 'event') continue;
    expect(UNREADABLE_REASONS).toContain(reading.error.reason);
    expect(reading.error.message.length).toBeLessThan(800);
    expect(reading.error.message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  }
  return readings;
}

/** The text bare and in every envelope: whatever it is, nothing can be read from it. */
function expectUnreadable(text: string): void {
  for (const wrap of Object.values(ENVELOPES)) {
    const kinds = readSafely(wrap({ message: text })).map((reading) => reading.kind);
    expect(kinds).not.toContain('event');
  }
}

describe.each(signalFixtureNames())('%s', (file) => {
  const text = signalFixture(file);
  const [whole] = readSignals(text);

  it('cut off anywhere is unreadable, or still says the same', () => {
    const wrong: number[] = [];
    for (let length = 0; length < text.length; length += 1) {
      const [reading] = readSignals(text.slice(0, length));
      const same =
        whole?.kind === 'event' &&
        reading?.kind === 'event' &&
        reading.event.eventId === whole.event.eventId &&
        periodOf(reading.event) === periodOf(whole.event);
      const refused = reading?.kind === 'unreadable' && reading.error.reason !== 'not_an_alert';
      if (!same && !refused && !(length === text.trimEnd().length && whole?.kind === 'unreadable')) wrong.push(length);
    }
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(ENVELOPES).filter((name) => name !== 'bare'))('cut off anywhere is unreadable: %s', (name) => {
    const wrapped = ENVELOPES[name]?.({ message: text }) ?? '';
    const step = 7; // the sizes of tokens are no multiples of it
    for (let length = 1; length < wrapped.length; length += step) {
      expect(readSignals(wrapped.slice(0, length))).toMatchObject([{ kind: 'unreadable', error: { reason: 'unknown_format' } }]);
    }
  });
});

describe('hostile text', () => {
  it.each([
    ['zeros', '\u0000'.repeat(SIZE)],
    ['blanks', ' '.repeat(SIZE)],
    ['line ends', '\n'.repeat(SIZE)],
    ['colons', ': '.repeat(SIZE / 2)],
    ['quotes', '"'.repeat(SIZE)],
    ['backslashes', `{"${'\\'.repeat(SIZE)}`],
    ['digits', '9'.repeat(SIZE)],
    ['a number', `{"anomalyId":"x","accountId":"660912384475","impact":{"totalImpact":${'9'.repeat(SIZE)}}}`],
    ['lone surrogates', '\ud800'.repeat(SIZE)],
    ['one key', `Budget Name: ${'a'.repeat(SIZE)}`],
    ['many keys', 'Budget Type: Cost\n'.repeat(SIZE / 18)],
    ['one amount', `AWS Budget Notification March 09, 2026\nAWS Account 204715839206\nAlert Type: ACTUAL\nACTUAL Amount: $${'1,'.repeat(SIZE / 2)}`],
    ['the same beginning', `AWS Budget Notification ${'March 09, 2026\nAWS Account '.repeat(SIZE / 28)}`],
    ['many causes', `{"anomalyId":"x","accountId":"660912384475","impact":{"totalImpact":1},"rootCauses":[${'1,'.repeat(SIZE / 2)}1]}`],
    ['wrong causes', `{"anomalyId":"x","accountId":"660912384475","impact":{"totalImpact":1},"rootCauses":[${'{"region":1},'.repeat(999)}1]}`],
    ['equal keys', `{${'"a":{},'.repeat(SIZE / 7)}"a":{}}`],
    ['different keys', `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":0`).join()}}`],
  ])('of %s', (_, text) => {
    expectUnreadable(text);
  });

  it.each([
    ['lists', '['.repeat(DEEP)],
    ['objects', '{"a":'.repeat(DEEP)],
    ['closed objects', `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`],
    ['lists in a key that is ignored', `{"x":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`],
    ['lists as root causes', `{"anomalyId":"x","rootCauses":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`],
    ['lists as records', `{"Records":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`],
    ['one record', `{"Records":[{"Sns":${'{"Sns":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}]}`],
  ])('nested too deep: %s', (_, text) => {
    expectUnreadable(text);
  });

  it('nested less deep than the stack reaches is still bounded', () => {
    for (const depth of [10, 100, 1000, 3000]) expectUnreadable(`{"anomalyId":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  });

  it('of envelopes in envelopes is opened no further than the real ones go', () => {
    const text = [1, 2, 3, 4, 5].reduce((message) => snsHttpBody({ message }), signalFixture('budgets-actual-monthly.txt'));
    expectUnreadable(text);
  });

  it.each([
    '{"__proto__":{"anomalyId":"x","accountId":"660912384475","impact":{"totalImpact":1}}}',
    '{"__proto__":{"Records":[]},"constructor":{"prototype":{"Type":"Notification"}}}',
    '{"anomalyId":"x","accountId":"660912384475","impact":{"__proto__":{"totalImpact":1}}}',
    '{"Records":[{"__proto__":{"body":"x"}}]}',
    '{"Type":"Notification","__proto__":{"Message":"x"}}',
    '{"detail-type":"Anomaly Detected","__proto__":{"source":"aws.ce"}}',
  ])('takes nothing from an inherited key: %s', (text) => {
    expectUnreadable(text);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('of dimensions named like inherited keys', () => {
    const alarm = JSON.parse(signalFixture('alarm-sns.json'));
    const Dimensions = ['__proto__', 'constructor', 'toString'].map((name) => ({ name, value: 'USD' }));
    expectUnreadable(JSON.stringify({ ...alarm, Trigger: { ...alarm.Trigger, Dimensions } }));
  });

  it('of a reason full of brackets', () => {
    const alarm = JSON.parse(signalFixture('alarm-sns.json'));
    for (const NewStateReason of [
      '['.repeat(SIZE),
      '[1 (',
      `[${'1 (01/01/26 00:00:0'.repeat(SIZE / 19)}`,
      '[('.repeat(SIZE / 2),
      'greater than '.repeat(SIZE / 13),
    ]) {
      expectUnreadable(JSON.stringify({ ...alarm, NewStateReason }));
    }
  });
});

// Keys that objects inherit, and that trip code which turns a value into text.
const object = fc.dictionary(
  fc.constantFrom('toString', 'valueOf', 'constructor', '__proto__', 'toJSON', 'length', 'unscaled'),
  fc.constantFrom(1, null, '2', []),
  { minKeys: 2 },
);
const anyValue = fc.oneof(fc.jsonValue(), object);

describe('any text', () => {
  it('is read without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        readSafely(text);
      }),
      { numRuns: 300 },
    );
  });

  it('of JSON is read without an exception, in every place of every envelope', () => {
    fc.assert(
      fc.property(fc.json(), anyValue, (text, value) => {
        for (const wrap of Object.values(ENVELOPES)) readSafely(wrap({ message: text }));
        readSafely(lambdaEvent(value, { body: value }, { Sns: value }, { Sns: { Message: value } }, sqsRecord(text), snsRecord({ message: text })));
        readSafely(JSON.stringify({ Records: value }));
        for (const key of ['Type', 'anomalyId', 'AlarmName', 'detail-type', 'previousBudgetLimit'])
          readSafely(JSON.stringify({ [key]: value, Message: value, detail: value }));
      }),
      { numRuns: 200 },
    );
  });

  it('of a real message with one part replaced is read without an exception', () => {
    const files = fc.constantFrom(...signalFixtureNames());
    fc.assert(
      fc.property(files, fc.nat(), fc.nat(40), fc.string({ unit: 'binary', maxLength: 20 }), (file, at, length, insertion) => {
        const text = signalFixture(file);
        const begin = at % text.length;
        readSafely(text.slice(0, begin) + insertion + text.slice(begin + length));
      }),
      { numRuns: 500 },
    );
  });

  it('with one value of its JSON replaced is read without an exception', () => {
    const files = fc.constantFrom(...signalFixtureNames().filter((name) => name.endsWith('.json')));
    fc.assert(
      fc.property(files, fc.nat(), anyValue, (file, at, value) => {
        const places: string[] = [];
        JSON.stringify(JSON.parse(signalFixture(file)), (key, child) => {
          places.push(key);
          return child;
        });
        let place = -1;
        const edited = JSON.stringify(JSON.parse(signalFixture(file)), (_, child) => {
          place += 1;
          return place === at % places.length ? value : child;
        });
        readSafely(edited);
      }),
      { numRuns: 500 },
    );
  });
});
