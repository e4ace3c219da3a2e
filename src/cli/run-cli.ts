import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Instant, parseInstant } from '../core/instant.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { printable } from './terminal-text.ts';
import { version } from './version.ts';

/** Runs one command line. Commands are loaded when they are called: `--help` must not wait for the YAML parser. */
export async function runCli(words: readonly string[], context: CliContext): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const run = async (command: Promise<ExitCode>): Promise<void> => {
    exitCode = await command;
  };
  try {
    await programFor(context, run).parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CommandFailed)) throw error;
    context.err(`${printable(error.message)}\n`);
    return 1;
  }
}

function programFor(context: CliContext, run: (command: Promise<ExitCode>) => Promise<void>): Command {
  const program = new Command('guardrails')
    .description('Reads AWS cost alerts, decides by your policies, and says what it would do and why.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Run guardrails --help for all commands.')
    .configureOutput({ writeOut: context.out, writeErr: context.err });
  addValidate(program, context, run);
  addSimulate(program, context, run);
  return program;
}

function addValidate(program: Command, context: CliContext, run: (command: Promise<ExitCode>) => Promise<void>): void {
  program
    .command('validate')
    .description('check policies and settings, and report every problem at once')
    .argument('[paths...]', 'policy files or directories (default: POLICY_DIR, else policies)')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json', 'github']).default('text'))
    .option('--json', 'the same as --format json')
    .action(async (paths: string[], options: { format: 'text' | 'json' | 'github'; json?: true }) => {
      const { validateCommand } = await import('./validate-command.ts');
      await run(validateCommand({ paths, format: options.json ? 'json' : options.format }, context));
    });
}

function addSimulate(program: Command, context: CliContext, run: (command: Promise<ExitCode>) => Promise<void>): void {
  program
    .command('simulate')
    .description('say what each policy would do about an alert, and why; nothing outside is called')
    .requiredOption('--event <file>', 'the alert as it arrived, in any envelope; - reads standard input')
    .option('--policies <path>', 'a policy directory or file (default: POLICY_DIR, else policies)')
    .option('--at <time>', "decide as if it were this time, such as 2026-01-28T11:52:33Z (default: the alert's own time)", readTime)
    .option('--paused', 'decide as if the engine were paused')
    .option('--breaker-taken <number>', 'decide as if so many principals had just been held by auto', readCount, 0)
    .option('--json', 'print JSON')
    .action(async (options: { event: string; policies?: string; at?: Instant; paused?: true; breakerTaken: number; json?: true }) => {
      const { simulateCommand } = await import('./simulate-command.ts');
      await run(simulateCommand(options, context));
    });
}

function readTime(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new InvalidArgumentError('Expected an ISO-8601 time with a zone, such as 2026-01-28T11:52:33Z.');
  return instant;
}

function readCount(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0 to 9999.');
  return Number(text);
}
