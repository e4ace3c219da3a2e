import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Instant, parseInstant } from '../core/instant.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { printable } from './terminal-text.ts';
import { version } from './version.ts';

type ReplayFormat = 'text' | 'json' | 'markdown';

const REPLAY_EXIT_CODES = `
Exit codes: 0 done, whatever differs; signals that can't be read, or are no alerts, are listed and counted.
1 the policies are invalid, or a folder, directory or revision can't be read. Errors of what they are compared with are told, and leave it 0.
2 the words of the command are wrong.
`;

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
  addTest(program, context, run);
  addReplay(program, context, run);
  addInit(program, context, run);
  addSchema(program, context, run);
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

function addTest(program: Command, context: CliContext, run: (command: Promise<ExitCode>) => Promise<void>): void {
  program
    .command('test')
    .description('run the tests of the policies: what each must say of an alert (tests/*.yaml beside them)')
    .argument('[dir]', 'the policy directory (default: POLICY_DIR, else policies)')
    .option('--json', 'print JSON')
    .action(async (directory: string | undefined, options: { json?: true }) => {
      const { testCommand } = await import('./test-command.ts');
      await run(testCommand({ directory, ...options }, context));
    });
}

function addReplay(program: Command, context: CliContext, run: (command: Promise<ExitCode>) => Promise<void>): void {
  program
    .command('replay')
    .description('decide recorded alerts by the policies; with --against, say what they decide differently than others')
    .requiredOption('--events <dir>', 'a folder of recorded signals (folders in it too; README.md and hidden files are passed over)')
    .option('--policies <dir>', 'the policy directory (default: POLICY_DIR, else policies)')
    .option('--against <dir|revision>', 'what to compare with: another policy directory, or a git revision of the same one, such as origin/main')
    .option('--at <time>', 'the time as of which alerts are decided that have none of their own (default: now)', readTime)
    .addOption(new Option('--format <format>', 'how to print; markdown is a comment for a pull request').choices(['text', 'json', 'markdown']).default('text'))
    .option('--json', 'the same as --format json')
    .addHelpText('after', REPLAY_EXIT_CODES)
    .action(async ({ json, ...options }: { events: string; policies?: string; against?: string; at?: Instant; format: ReplayFormat; json?: true }) => {
      const { replayCommand } = await import('./replay-command.ts');
      await run(replayCommand({ ...options, format: json ? 'json' : options.format }, context));
    });
}

function addInit(program: Command, context: CliContext, run: (command: Promise<ExitCode>) => Promise<void>): void {
  program
    .command('init')
    .description('write a first policy for a role or user, with its tests, to learn from and to change')
    .requiredOption('--role <arn>', 'the exact ARN of the IAM role (or user) that spends')
    .option('--dir <dir>', 'where policies live (default: POLICY_DIR, else policies)')
    .option('--json', 'print JSON')
    .action(async (options: { role: string; dir?: string; json?: true }) => {
      const { initCommand } = await import('./init-command.ts');
      await run(initCommand(options, context));
    });
}

function addSchema(program: Command, context: CliContext, run: (command: Promise<ExitCode>) => Promise<void>): void {
  program
    .command('schema')
    .description('print the JSON Schema of a policy, for editors that check files while you write them')
    .addOption(new Option('--settings', 'that of settings.yaml').conflicts(['test', 'write']).implies({ kind: 'settings' }))
    .addOption(new Option('--test', 'that of a policy test').conflicts(['settings', 'write']).implies({ kind: 'test' }))
    .option('--write [dir]', 'write all of them into the folder schema of a policy directory (default: POLICY_DIR, else policies)')
    .option('--json', 'print JSON; a schema always is')
    .action(async ({ kind = 'policy', ...options }: { kind?: 'policy' | 'settings' | 'test'; write?: string | true; json?: true }) => {
      const { schemaCommand } = await import('./schema-command.ts');
      await run(schemaCommand({ kind, ...options }, context));
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
