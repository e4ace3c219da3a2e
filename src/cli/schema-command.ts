import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_KINDS, type SchemaKind } from '../adapters/yaml/json-schema.ts';
import { schemaFileName, schemaFileText } from '../adapters/yaml/schema-file.ts';
import { type CliContext, CommandFailed, type ExitCode } from './cli-context.ts';
import { defaultPolicyDirectory } from './environment.ts';

interface SchemaOptions {
  /** Which one to print. */
  readonly kind: SchemaKind;
  /** The policy directory to write all of them into instead; true for the default one. */
  readonly write?: string | true;
  readonly json?: true;
}

interface WrittenFile {
  readonly path: string;
  readonly changed: boolean;
}

/** Prints a JSON Schema for editors, or writes all of them beside the policies, where their first lines look for them. */
export async function schemaCommand(options: SchemaOptions, context: CliContext): Promise<ExitCode> {
  const { kind, write, json } = options;
  if (write === undefined) {
    context.out(schemaFileText(kind));
    return 0;
  }
  const files = writeSchemas(write === true ? defaultPolicyDirectory(context.environment) : write);
  context.out(json ? `${JSON.stringify({ files })}\n` : renderFiles(files));
  return 0;
}

function writeSchemas(directory: string): readonly WrittenFile[] {
  if (!existsSync(directory)) throw new CommandFailed(`There is no directory ${directory}. Name the one with your policies, or set POLICY_DIR.`);
  const folder = join(directory, 'schema');
  try {
    mkdirSync(folder, { recursive: true });
    return SCHEMA_KINDS.map((kind) => writeIfChanged(join(folder, schemaFileName(kind)), schemaFileText(kind)));
  } catch (error) {
    throw new CommandFailed(`The schemas can't be written to ${folder}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function writeIfChanged(path: string, text: string): WrittenFile {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return { path, changed: false };
  writeFileSync(path, text);
  return { path, changed: true };
}

function renderFiles(files: readonly WrittenFile[]): string {
  const lines = files.map(({ path, changed }) => `${path} ${changed ? 'written' : 'is up to date'}\n`);
  return `${lines.join('')}Begin each policy with this line: # yaml-language-server: $schema=schema/${schemaFileName('policy')}\n`;
}
