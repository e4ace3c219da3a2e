import { styleText } from 'node:util';

export type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts colour on text where the terminal has it, and leaves it plain where not. */
export type Paint = (tone: Tone, text: string) => string;

/** Whether to use colour: NO_COLOR and FORCE_COLOR decide (https://no-color.org), else whether a terminal that knows it reads along. */
export function wantsColour(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (environment['NO_COLOR']) return false;
  const forced = environment['FORCE_COLOR'];
  return forced === undefined ? isTerminal && environment['TERM'] !== 'dumb' : forced !== '0' && forced !== 'false';
}

export function paintFor(hasColour: boolean): Paint {
  return (tone, text) => (hasColour ? styleText(tone, text, { validateStream: false }) : text);
}

/**
 * Foreign text on one line and without anything that a terminal would obey: control characters, escape sequences, and the marks
 * that turn the direction of writing.
 */
export function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, '\ufffd');
}

/** A duration in words: `3 h`, `45 min`, `2 d 4 h`; 0 is without end. */
export function describeMinutes(minutes: number): string {
  if (minutes === 0) return 'until released by hand';
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** `1 policy`, `2 policies`. */
export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
