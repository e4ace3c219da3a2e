/** US dollars as a whole number of cents. A bigint: AWS has sent 8.8e15 cents, one step below what a number can hold. */
export type Usd = bigint & { readonly brand: 'Usd' };

/** An exact decimal number: `unscaled` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** An amount as AWS sent it: in US dollars, or in another currency or a unit of usage, which is kept as it was written. */
export type Amount = { readonly kind: 'usd'; readonly usd: Usd } | { readonly kind: 'other'; readonly raw: string };

const MAX_DIGITS = 60; // far beyond any amount of money, and a bound on what a hostile number can cost
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Reads a plain or exponent number (`1046.29`, `1e3`) exactly; null for anything else, and beyond 60 digits. */
export function parseDecimal(text: string): Decimal | null {
  const [, sign, whole, fraction = '', exponent = '0'] = text.length > 2 * MAX_DIGITS ? [] : (DECIMAL.exec(text) ?? []);
  if (whole === undefined) return null;
  const shift = Number(exponent);
  const digits = whole + fraction;
  if (digits.length + Math.abs(shift) > MAX_DIGITS) return null;
  const magnitude = BigInt(digits) * 10n ** BigInt(Math.max(0, shift));
  return { unscaled: sign === '-' ? -magnitude : magnitude, scale: fraction.length - Math.min(0, shift) };
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: rescale(a, scale) + rescale(b, scale), scale };
}

/** To the nearest cent, a half away from zero: the amount that a person reads is the amount that is decided on. */
export function roundToCents(value: Decimal): Usd {
  if (value.scale <= 2) return rescale(value, 2) as Usd;
  const unit = 10n ** BigInt(value.scale - 2);
  const half = (value.unscaled < 0n ? -unit : unit) / 2n;
  return ((value.unscaled + half) / unit) as Usd;
}

/** The smallest number of whole cents that is at least the value: as a minimum it means the same. */
export function ceilToCents(value: Decimal): Usd {
  return -floorToCents({ unscaled: -value.unscaled, scale: value.scale }) as Usd;
}

/** The greatest number of whole cents that is at most the value: as a maximum it means the same. */
export function floorToCents(value: Decimal): Usd {
  if (value.scale <= 2) return rescale(value, 2) as Usd;
  const unit = 10n ** BigInt(value.scale - 2);
  const towardsZero = value.unscaled / unit;
  return (value.unscaled % unit < 0n ? towardsZero - 1n : towardsZero) as Usd;
}

/** Reads cents that `formatUsd` wrote. Throws on anything else: it reads only what this program wrote. */
export function parseUsd(text: string): Usd {
  const decimal = /^-?\d+\.\d{2}$/.test(text) ? parseDecimal(text) : null;
  if (decimal === null) throw new Error(`expected an amount with two decimal places, found ${JSON.stringify(text)}`);
  return decimal.unscaled as Usd;
}

/** A decimal with two places and nothing else, for machines: `1046.29`. */
export function formatUsd(usd: Usd): string {
  const digits = (usd < 0n ? -usd : usd).toString().padStart(3, '0');
  return `${usd < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** For people: `$1,046.29`. */
export function formatUsdForPeople(usd: Usd): string {
  const text = formatUsd(usd)
    .replace('-', '')
    .replace(/\B(?=(\d{3})+\.)/g, ',');
  return `${usd < 0n ? '-' : ''}$${text}`;
}

/** For people, whatever the currency or unit. */
export function formatAmount(amount: Amount): string {
  return amount.kind === 'usd' ? formatUsdForPeople(amount.usd) : amount.raw;
}

function rescale(value: Decimal, scale: number): bigint {
  return value.unscaled * 10n ** BigInt(scale - value.scale);
}
