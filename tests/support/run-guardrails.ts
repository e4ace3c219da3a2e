import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExitCode } from '../../src/cli/cli-context.ts';
import type { Environment } from '../../src/cli/environment.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { actionCatalogueText } from './action-catalogue.ts';
import { at } from './builders.ts';

export interface Ran {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly environment?: Environment;
  readonly stdin?: string;
  readonly hasColour?: boolean;
}

let dataDirectory: string | null = null;

/** Runs a command line as the program would, with its surroundings given; the time is 2026-05-01T00:00:00Z. */
export async function runGuardrails(words: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const exitCode = await runCli(words, {
    environment: surroundings.environment ?? {},
    dataDirectory: builtData(),
    now: () => at('2026-05-01T00:00:00Z'),
    readStdin: () => surroundings.stdin ?? '',
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    hasColour: surroundings.hasColour ?? false,
  });
  return { exitCode, out, err };
}

const folders: string[] = [];

// Whichever test file made them: what it leaves behind would pile up on everybody's machine.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files in it; a name may be a path. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'guardrails-test-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function builtData(): string {
  dataDirectory ??= folderWith({ 'iam-actions.json': actionCatalogueText() });
  return dataDirectory;
}
