import fc from 'fast-check';
import {
  addDecimals,
  ceilToCents,
  floorToCents,
  formatAmount,
  formatUsd,
  formatUsdForPeople,
  parseDecimal,
  parseUsd,
  roundToCents,
  type Usd,
} from '../../../src/core/money.ts';
import { amount, decimal, usd } from '../../support/builders.ts';

describe('parseDecimal', () => {
  it.each([
    ['1046.29', 104629n, 2],
    ['-0.5', -5n, 1],
    ['+7', 7n, 0],
    ['1e3', 1000n, 0],
    ['1.5E-3', 15n, 4],
    ['0.1000', 1000n, 4],
    ['87967679887258.36', 8796767988725836n, 2],
  ])('reads %s exactly', (text, unscaled, scale) => {
    expect(parseDecimal(text)).toEqual({ unscaled, scale });
  });

  it.each(['', '.', '1.', '.5', '1,000', '$1', 'NaN', 'Infinity', '0x10', '1e', '1e9999', '1e99', '9'.repeat(61), '9'.repeat(500), ' 1'])(
    'refuses %j',
    (text) => {
      expect(parseDecimal(text)).toBeNull();
    },
  );
});

describe('cents', () => {
  it.each([
    ['1.005', 101n, 101n, 100n],
    ['1.0049', 100n, 101n, 100n],
    ['-1.005', -101n, -100n, -101n],
    ['-1.0049', -100n, -100n, -101n],
    ['1.00', 100n, 100n, 100n],
    ['1.000', 100n, 100n, 100n],
    ['7', 700n, 700n, 700n],
    ['0.001', 0n, 1n, 0n],
  ])('of %s: to the nearest %d, up %d, down %d', (text, nearest, up, down) => {
    expect([roundToCents(decimal(text)), ceilToCents(decimal(text)), floorToCents(decimal(text))]).toEqual([nearest, up, down]);
  });

  it('adds without losing what the cents could not show', () => {
    const third = decimal('33.333333');
    expect(roundToCents([third, third].reduce(addDecimals, third))).toBe(10000n);
    expect(roundToCents(addDecimals(decimal('0.1'), decimal('0.02')))).toBe(12n);
  });
});

describe('writing amounts', () => {
  it.each([
    ['0', '0.00', '$0.00'],
    ['0.05', '0.05', '$0.05'],
    ['-0.05', '-0.05', '-$0.05'],
    ['999', '999.00', '$999.00'],
    ['1046.29', '1046.29', '$1,046.29'],
    ['-1234567.8', '-1234567.80', '-$1,234,567.80'],
    ['87967679887258.36', '87967679887258.36', '$87,967,679,887,258.36'],
  ])('%s is %s for machines and %s for people', (text, machine, people) => {
    expect(formatUsd(usd(text))).toBe(machine);
    expect(formatUsdForPeople(usd(text))).toBe(people);
  });

  it('leaves other currencies and units as they were written', () => {
    expect(formatAmount(amount('12.5 GB'))).toBe('12.5 GB');
    expect(formatAmount(amount('12.5'))).toBe('$12.50');
  });

  it('reads back every amount that it wrote', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (cents) => {
        expect(parseUsd(formatUsd(cents as Usd))).toBe(cents);
      }),
    );
  });

  it.each(['12', '12.5', '1,000.00', 'x'])('refuses to read back %j, which it never wrote', (text) => {
    expect(() => parseUsd(text)).toThrow('two decimal places');
  });
});
