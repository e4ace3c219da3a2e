import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { PROJECT_ROOT } from '../../scripts/project-root.ts';
import type { PlantedFault, SourceEdit } from './planted-faults.ts';
import type { SeedOptions, SeedResult } from './run-seed.ts';

/** What a bundle of the simulator offers. */
export interface Simulator {
  readonly runSeed: (seed: number, options?: SeedOptions) => Promise<SeedResult>;
}

/**
 * The simulator and the engine that it drives, bundled with a fault's edits into a temporary file, and loaded. Throws where an edit
 * doesn't meet its text exactly once: the fault must follow the code.
 */
export async function buildPlanted({ name, edits }: Pick<PlantedFault, 'name' | 'edits'>): Promise<Simulator> {
  const left = new Set(edits);
  const folder = await mkdtemp(join(tmpdir(), 'planted-'));
  try {
    const outfile = join(folder, 'simulator.cjs');
    const entryPoints = [join(PROJECT_ROOT, 'tests/simulation/run-seed.ts')];
    await build({
      entryPoints,
      outfile,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [planting(name, edits, left)],
    });
    const [missed] = left;
    if (missed !== undefined) throw new Error(`Planted fault '${name}': ${missed.file} is no part of the simulator. Name the file that holds the code now.`);
    const simulator: Simulator = createRequire(outfile)(outfile);
    return simulator;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function planting(name: string, edits: readonly SourceEdit[], left: Set<SourceEdit>): Plugin {
  return {
    name: 'planted-fault',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const file = relative(PROJECT_ROOT, path).replaceAll('\\', '/');
        const here = edits.filter((edit) => edit.file === file);
        let contents = await readFile(path, 'utf8');
        for (const edit of here) {
          contents = edited(name, contents, edit);
          left.delete(edit);
        }
        return here.length === 0 ? null : { contents, loader: 'ts' };
      });
    },
  };
}

// However the code is wrapped: a formatter must not make the faults outdated.
function edited(name: string, contents: string, { file, find, replace }: SourceEdit): string {
  const words = find.trim().split(/\s+/);
  const text = new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+'), 'g');
  const found = [...contents.matchAll(text)].length;
  if (found === 1) return contents.replace(text, () => replace);
  const what = `${file} has this text ${found} times, expected once: ${find.trim()}`;
  throw new Error(`Planted fault '${name}': ${what}. Edit the fault so that it meets the code as it is now.`);
}
