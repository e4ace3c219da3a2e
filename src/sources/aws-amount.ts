import { type Amount, formatUsd, parseDecimal, roundToCents } from '../core/money.ts';

const MAX_LENGTH = 80;
const US_DOLLARS = /^(?:-(?:US\$|\$|USD) ?|(?:US\$|\$|USD) ?-?)(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$/;

/**
 * Reads an amount as AWS Budgets writes it. `$1,046.29`, `US$1,046.29` and `USD 1046.29` are US dollars and must be well formed;
 * anything else that holds a digit is another currency or a unit of usage (`€1.00`, `12.5 GB`, `80%`) and is kept as it is.
 * Null where there is no amount, or dollars in a form that would have to be guessed (`$1,04`).
 */
export function readAmount(text: string): Amount | null {
  if (text.length > MAX_LENGTH || !/\d/.test(text)) return null;
  if (!/^[^\p{L}\p{N}]*(?:US\$|\$|USD)/u.test(text)) return { kind: 'other', raw: text };
  const decimal = US_DOLLARS.test(text) ? parseDecimal(text.replace(/[^\d.-]/g, '')) : null;
  return decimal === null ? null : { kind: 'usd', usd: roundToCents(decimal) };
}

/** The amount in one form only, as a part of an id: `$1,046.29` and `$1046.29` give the same. */
export function amountKey(amount: Amount): string {
  return amount.kind === 'usd' ? `usd ${formatUsd(amount.usd)}` : `other ${amount.raw}`;
}
