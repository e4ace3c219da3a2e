/** How often a piece of work was done in a second: the median of several runs, and how far they lay apart. */
export interface Rate {
  readonly perSecond: number;
  /** The fastest run over the slowest. */
  readonly spread: number;
}

const RUNS = 7;
const MS_PER_RUN = 300;

/** Repeats the work for a while, several times over, after a run that only warms up. `work` says how many units it did. */
export function measure(work: () => number): Rate {
  runOnce(work);
  const rates = Array.from({ length: RUNS }, () => runOnce(work)).sort((a, b) => a - b);
  const [slowest = 0, median = 0, fastest = 0] = [rates[0], rates[Math.floor(RUNS / 2)], rates[RUNS - 1]];
  return { perSecond: median, spread: fastest / slowest };
}

/** A table with its columns aligned; the first column is text, the others are figures. */
export function table(title: string, rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ');
  return `${title}\n${rows.map((row) => `  ${line(row).trimEnd()}\n`).join('')}`;
}

export function rateCells({ perSecond, spread }: Rate): readonly string[] {
  return [`${Math.round(perSecond).toLocaleString('en-US')}/s`, `x${spread.toFixed(2)}`];
}

function runOnce(work: () => number): number {
  const start = performance.now();
  let units = 0;
  while (performance.now() - start < MS_PER_RUN) units += work();
  return (units * 1000) / (performance.now() - start);
}
