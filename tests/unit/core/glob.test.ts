import fc from 'fast-check';
import { globMatches, globMatchesIgnoringCase } from '../../../src/core/glob.ts';

describe('globMatches', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'a/b:c', true],
    ['arn:aws:iam::*:role/admin', 'arn:aws:iam::111122223333:role/admin', true],
    ['arn:aws:iam::*:role/prod-*', 'arn:aws:iam::111122223333:role/team/prod-db', false],
    ['*:role/*/prod-*', 'arn:aws:iam::111122223333:role/team/prod-db', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b', 'a-b-c', false],
    ['a**', 'a', true],
    ['a', 'A', false],
    ['a?c', 'abc', false],
    ['a.c', 'abc', false],
    ['abc', 'ab', false],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(globMatches(pattern, text)).toBe(expected);
  });

  it('ignores case only where asked', () => {
    expect(globMatchesIgnoringCase('amazon*CLOUD', 'Amazon Elastic Compute Cloud')).toBe(true);
  });

  it('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 }), (pattern, text) => {
        expect(globMatches(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });
});
