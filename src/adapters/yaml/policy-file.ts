import { errorAt, type Finding, type Problem, type ProblemCode } from '../../core/problem.ts';
import { type Root, readYaml, type YamlDocument } from './yaml-document.ts';

/** A file of a policy directory, read. */
export interface PolicyFile {
  /** As people know it. */
  readonly path: string;
  /** Empty where the file could not be read. */
  readonly text: string;
  /** `ignored` is YAML in a folder where nobody looks for policies. */
  readonly role: 'policy' | 'settings' | 'ignored';
  /** Why it could not be read. */
  readonly failure?: { readonly code: ProblemCode; readonly message: string };
}

/** The file's document, and what is wrong with the file itself. */
export interface OpenedFile {
  readonly document: YamlDocument | null;
  readonly problems: readonly Problem[];
}

/** In bytes. A policy has 2 KB: a file this big is something else, and would only cost time. */
export const MAX_FILE_SIZE = 1_048_576;

export const FILE_TOO_LARGE = 'The file has more than 1 MB; a policy has some kilobytes. Move it out of the policy directory.';

/** Reads the file's YAML. Never throws. */
export function openFile(file: PolicyFile, expected: Root = 'mapping'): OpenedFile {
  if (file.failure !== undefined) return { document: null, problems: [problemOfFile(file, errorAt('', file.failure.code, file.failure.message))] };
  if (Buffer.byteLength(file.text) > MAX_FILE_SIZE) return { document: null, problems: [problemOfFile(file, errorAt('', 'file_too_large', FILE_TOO_LARGE))] };
  const { document, findings } = readYaml(file.text, expected);
  return { document, problems: findings.map((finding) => placed(file, finding)) };
}

/** A problem of the file as a whole: at its beginning. */
export function problemOfFile(file: PolicyFile, finding: Finding): Problem {
  return placed(file, { ...finding, line: 1, column: 1 });
}

/** The finding with its file, and its place in it. */
export function problemIn(file: PolicyFile, document: YamlDocument, finding: Finding): Problem {
  return placed(file, document.place(finding));
}

function placed(file: PolicyFile, { line, column, path, severity, code, message }: Omit<Problem, 'file'>): Problem {
  return { file: file.path, line, column, path, severity, code, message };
}
