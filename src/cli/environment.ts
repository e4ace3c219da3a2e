import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The variables that this program reads, from the environment or from `.env`. `.env.example` shows each of them. */
export const ENVIRONMENT_VARIABLES = ['POLICY_DIR'] as const;

export type Environment = Readonly<Partial<Record<(typeof ENVIRONMENT_VARIABLES)[number], string | undefined>>>;

/** What is set in the environment, completed from a `.env` file. What the environment sets already stays as it is. */
export function readEnvironment(environment: NodeJS.ProcessEnv, file: string): Environment {
  // `.env` may also be a folder: Python people keep their virtual environments there.
  const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  const fromFile = isFile ? parseEnv(readFileSync(file, 'utf8').replace(/^\ufeff/, '')) : {};
  return Object.fromEntries(ENVIRONMENT_VARIABLES.map((name) => [name, environment[name] ?? fromFile[name]]));
}

/** The directory in which policies are looked for when a command names none. */
export function defaultPolicyDirectory(environment: Environment): string {
  return environment.POLICY_DIR || 'policies';
}
