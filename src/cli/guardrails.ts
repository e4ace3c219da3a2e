import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Instant, instantFromMs } from '../core/instant.ts';
import { readEnvironment } from './environment.ts';
import { runCli } from './run-cli.ts';
import { wantsColour } from './terminal-text.ts';

// A reader that has seen enough (`guardrails … | head`) closes the pipe: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCli(process.argv.slice(2), {
  environment: readEnvironment(process.env, '.env'),
  dataDirectory: fileURLToPath(new URL('../data/', import.meta.url)),
  now: () => instantFromMs(Date.now()) as Instant,
  readStdin: () => readFileSync(0, 'utf8'),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  hasColour: wantsColour(process.env, process.stdout.isTTY === true),
});
