import { sha256Hex } from './content-hash.ts';
import { formatUsd, parseUsd, type Usd } from './money.ts';
import type { Policy } from './policy.ts';
import type { PolicySet, Settings } from './policy-set.ts';

const FORMAT = 1;

/** A policy set as one JSON text, which a function reads at its start in place of YAML. Amounts are strings, so that none is lost. */
export function encodePolicySet(policySet: PolicySet): string {
  const { revision, settings, policies } = policySet;
  const content = JSON.stringify({
    revision,
    settings: { ...settings, plausibilityCeiling: formatUsd(settings.plausibilityCeiling) },
    policies: policies.map((policy) => ({
      ...policy,
      match: { ...policy.match, minAmount: encoded(policy.match.minAmount), maxAmount: encoded(policy.match.maxAmount) },
    })),
  });
  return JSON.stringify({ format: FORMAT, contentHash: sha256Hex(content), content });
}

/** Reads what `encodePolicySet` wrote. Throws where the text is of another format or was changed since: an engine must not start on it. */
export function decodePolicySet(text: string): PolicySet {
  const { format, contentHash, content } = JSON.parse(text) as { format: number; contentHash: string; content: string };
  if (format !== FORMAT) throw new Error(`compiled policies: expected format ${FORMAT}, found ${String(format)}; compile the policies again`);
  if (sha256Hex(content) !== contentHash) throw new Error('compiled policies: the content was changed after it was compiled; compile the policies again');
  const { revision, settings, policies } = JSON.parse(content) as { revision: string; settings: Encoded<Settings>; policies: Encoded<Policy>[] };
  return {
    revision,
    settings: { ...settings, plausibilityCeiling: parseUsd(settings.plausibilityCeiling) },
    policies: policies.map((policy) => ({
      ...policy,
      match: { ...policy.match, minAmount: decoded(policy.match.minAmount), maxAmount: decoded(policy.match.maxAmount) },
    })),
  };
}

type Encoded<T> = T extends Usd ? string : T extends readonly unknown[] | null | string | number | boolean ? T : { readonly [Key in keyof T]: Encoded<T[Key]> };

function encoded(amount: Usd | null): string | null {
  return amount === null ? null : formatUsd(amount);
}

function decoded(amount: string | null): Usd | null {
  return amount === null ? null : parseUsd(amount);
}
