import { explainReason } from '../../../src/core/explain-reason.ts';
import { EXEMPTION_CODES, LOWERING_CODES, MATCH_CODES, MISMATCH_CODES } from '../../../src/core/reason.ts';

describe('explainReason', () => {
  it.each([...MATCH_CODES, ...MISMATCH_CODES, ...EXEMPTION_CODES, ...LOWERING_CODES])('has words of its own for %s', (code) => {
    const sentence = explainReason({ code, expected: 'EXPECTED', actual: 'ACTUAL' });
    expect(sentence).toMatch(/^[A-Za-z].{10,}/);
    expect(sentence.includes('_') && !sentence.includes('alert_types')).toBe(false);
    expect(sentence).not.toContain('undefined');
  });

  it('reads as a clause', () => {
    expect(explainReason({ code: 'amount_met', expected: 'at least $200.00', actual: '$1,046.29' })).toBe('$1,046.29 is at least $200.00');
    expect(explainReason({ code: 'time_window', expected: 'not 09:00 to 17:00 UTC', actual: '2026-03-10T10:00:00.000Z' })).toBe(
      'it only tells in its time window: 09:00 to 17:00 UTC (it is 2026-03-10T10:00:00.000Z)',
    );
  });
});
