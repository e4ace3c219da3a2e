import { count, describeMinutes, paintFor, printable, wantsColour } from '../../../src/cli/terminal-text.ts';

describe('text for a terminal', () => {
  it.each([
    [0, 'until released by hand'],
    [1, '1 min'],
    [60, '1 h'],
    [90, '1 h 30 min'],
    [1440, '1 d'],
    [10_080 + 61, '7 d 1 h 1 min'],
  ])('%d minutes are %s', (minutes, expected) => {
    expect(describeMinutes(minutes)).toBe(expected);
  });

  it('stays on one line and says nothing to the terminal', () => {
    expect(printable('a\r\n\tb\u0007c\u009bd\u202ee')).toBe('a b\ufffdc\ufffdd\ufffde');
    expect(printable('Größe 日本 🙂')).toBe('Größe 日本 🙂');
  });

  it('counts and colours', () => {
    expect([count(1, 'policy', 'policies'), count(0, 'policy', 'policies')]).toEqual(['1 policy', '0 policies']);
    expect([paintFor(true)('red', 'x'), paintFor(false)('red', 'x')]).toEqual(['\u001b[31mx\u001b[39m', 'x']);
  });

  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
  ])('with %j, on a terminal: %s, wants colour: %s', (environment, isTerminal, expected) => {
    expect(wantsColour(environment, isTerminal)).toBe(expected);
  });
});
