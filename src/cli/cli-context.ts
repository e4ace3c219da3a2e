import type { Instant } from '../core/instant.ts';
import type { Environment } from './environment.ts';

/** Everything that a command takes from its surroundings, so that a test can be its surroundings. */
export interface CliContext {
  readonly environment: Environment;
  /** Where the data files that were built with the program lie. */
  readonly dataDirectory: string;
  readonly now: () => Instant;
  readonly readStdin: () => string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly hasColour: boolean;
}

/** 0: done. 1: refused, failed, or found wrong. 2: the words of the command are wrong. */
export type ExitCode = 0 | 1 | 2;

/** A failure that its message explains whole; the command ends with exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}
