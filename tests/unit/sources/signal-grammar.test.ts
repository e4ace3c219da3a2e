import fc from 'fast-check';
import { readSignals } from '../../../src/sources/read-signal.ts';
import { budgetAlertArbitrary, budgetText } from '../../support/arbitrary-signals.ts';
import { ENVELOPES } from '../../support/signal-envelopes.ts';
import { signalFixture } from '../../support/signal-fixture.ts';

const envelope = fc.constantFrom(...Object.entries(ENVELOPES));

describe('whatever AWS Budgets may write', () => {
  it('is read exactly, in every envelope', () => {
    fc.assert(
      fc.property(budgetAlertArbitrary, envelope, (alert, [, wrap]) => {
        const [reading, ...others] = readSignals(wrap({ message: budgetText(alert) }));
        expect(others).toEqual([]);
        expect(reading).toMatchObject({
          kind: 'event',
          event: {
            source: 'budgets',
            accountId: alert.accountId,
            budgetName: alert.name,
            budgetType: 'Cost',
            budgetedAmount: { kind: 'usd', usd: alert.budgetedCents },
            alertType: alert.alertType.toLowerCase(),
            operator: alert.operator,
            threshold: { kind: 'usd', usd: alert.thresholdCents },
            amount: { kind: 'usd', usd: alert.amountCents },
            notifiedOn: alert.day,
            period: alert.cadence.periodOf(alert.day),
          },
        });
      }),
      { numRuns: 600 },
    );
  });

  it('is one event however it is laid out and wrapped', () => {
    fc.assert(
      fc.property(budgetAlertArbitrary, envelope, envelope, (alert, [, wrap], [, wrapCopy]) => {
        const plain = { ...alert, mark: '$' as const, lineEnd: '\n' as const, byteOrderMark: '' as const, upperCaseKeys: false };
        const ids = [wrap({ message: budgetText(alert) }), wrapCopy({ message: budgetText(plain) })].map((text) => {
          const [reading] = readSignals(text);
          return reading?.kind === 'event' ? [reading.event.eventId, reading.event.incidentId] : 'unreadable';
        });
        expect(ids[0]).toEqual(ids[1]);
        expect(ids[0]).not.toBe('unreadable');
      }),
    );
  });
});

describe('whatever Cost Anomaly Detection may write', () => {
  const eventBridge = JSON.parse(signalFixture('anomaly-eventbridge.json'));
  const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> => fc.option(fc.option(value, { nil: null }), { nil: undefined });
  const text = fc.string({ maxLength: 40, unit: 'grapheme' });
  const anomaly = fc.record({
    anomalyId: fc.uuid(),
    accountId: fc.constant('660912384475'),
    anomalyEndDate: optional(fc.constantFrom('2026-04-13T00:00:00Z', '2026-04-14T00:00:00Z')),
    monitorName: optional(text),
    impact: fc.record({
      totalImpact: fc.integer({ min: -(10 ** 15), max: 10 ** 15 }).map((cents) => cents / 100),
      totalExpectedSpend: optional(fc.integer({ min: 0, max: 10 ** 12 })),
      totalImpactPercentage: optional(fc.integer({ min: 0, max: 10 ** 6 })),
    }),
    rootCauses: optional(
      fc.array(
        fc.record({ linkedAccount: optional(fc.constantFrom('204715839206', '')), service: optional(text), region: optional(text), usageType: optional(text) }),
      ),
    ),
  });

  it('is read, and is one event from SNS and from EventBridge', () => {
    fc.assert(
      fc.property(anomaly, envelope, envelope, (detail, [, wrap], [, wrapCopy]) => {
        const [first] = readSignals(wrap({ message: JSON.stringify(detail) }));
        const [second] = readSignals(wrapCopy({ message: JSON.stringify({ ...eventBridge, detail }) }));
        if (first?.kind !== 'event' || second?.kind !== 'event') throw new Error('not read');
        expect(second.event).toEqual({ ...first.event, sentAt: second.event.sentAt });
        expect(first.event.amount).toEqual({ kind: 'usd', usd: BigInt(Math.round(detail.impact.totalImpact * 100)) });
        expect('rootCauses' in first.event && first.event.rootCauses.map((cause) => cause.service)).toEqual(
          (detail.rootCauses ?? []).map((cause) => cause.service || null),
        );
      }),
    );
  });
});

describe('whatever CloudWatch may write', () => {
  const sns = JSON.parse(signalFixture('alarm-sns.json'));
  const eventBridge = JSON.parse(signalFixture('alarm-eventbridge.json'));
  const alarm = fc.record({
    name: fc.string({ minLength: 1, maxLength: 255, unit: 'grapheme' }),
    cents: fc.integer({ min: 0, max: 10 ** 15 }),
    at: fc.date({ min: new Date('2019-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString().replace('Z', '+0000')),
  });

  it('is read, and is one event from SNS and from EventBridge', () => {
    fc.assert(
      fc.property(alarm, envelope, envelope, ({ name, cents, at }, [, wrap], [, wrapCopy]) => {
        const value = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        const reason = `Threshold Crossed: 1 out of the last 1 datapoints [${value} (22/05/26 07:30:00)] was greater than the threshold (1.0).`;
        const [first] = readSignals(wrap({ message: JSON.stringify({ ...sns, AlarmName: name, NewStateReason: reason, StateChangeTime: at }) }));
        const detail = { ...eventBridge.detail, alarmName: name, state: { value: 'ALARM', reason, timestamp: at } };
        const [second] = readSignals(wrapCopy({ message: JSON.stringify({ ...eventBridge, detail }) }));
        if (first?.kind !== 'event' || second?.kind !== 'event') throw new Error('not read');
        expect(second.event).toEqual({ ...first.event, sentAt: second.event.sentAt });
        expect(first.event).toMatchObject({ alarmName: name, period: at.slice(0, 7), amount: { kind: 'usd', usd: BigInt(cents) } });
      }),
    );
  });
});
