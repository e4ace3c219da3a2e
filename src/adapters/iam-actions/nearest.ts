import { distance } from 'fastest-levenshtein';

/**
 * Up to three of the candidates that the word may have been meant to be, the likeliest first: those that differ in few letters, else
 * those that begin with it. Case, `_` and `-` don't count.
 */
export function nearest(word: string, candidates: readonly string[]): readonly string[] {
  const wanted = plain(word);
  const ranked = candidates.map((candidate) => ({ candidate, letters: plain(candidate) })).map((one) => ({ ...one, far: distance(wanted, one.letters) }));
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const best = Math.min(...ranked.map(({ far }) => far));
  const close = best <= allowed ? ranked.filter(({ far }) => far <= best + 1) : [];
  const begun = ranked.filter(({ letters }) => wanted.length >= 3 && letters.startsWith(wanted));
  return (close.length > 0 ? close : begun)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[_-]/g, '');
}
