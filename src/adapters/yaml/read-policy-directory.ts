import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { FILE_TOO_LARGE, MAX_FILE_SIZE, type PolicyFile } from './policy-file.ts';

const YAML = /\.ya?ml$/i;
const SETTINGS = /^settings\.ya?ml$/i;

/** Folders beside the policies that hold none: policies put aside, and policy tests. */
const OTHER_PURPOSE = ['disabled', 'tests'];

const NOT_UTF8 = 'The file is not UTF-8 text. Save it as UTF-8 in your editor.';

/**
 * Reads the policies of a directory, its settings, and the names of YAML files further down, sorted by name. A file that can't be read
 * is there with the reason; hidden files and folders and node_modules are passed over. Throws what the file system throws where the
 * directory itself can't be read.
 */
export function readPolicyDirectory(directory: string): readonly PolicyFile[] {
  const entries = visible(readdirSync(directory, { withFileTypes: true }));
  const files = entries.filter((entry) => YAML.test(entry.name) && !entry.isDirectory()).map(({ name }) => readFile(join(directory, name)));
  const folders = entries.filter((entry) => entry.isDirectory() && !OTHER_PURPOSE.includes(entry.name));
  return [...files, ...folders.flatMap(({ name }) => ignoredFiles(join(directory, name)))];
}

/** Reads one policy, with the settings of its directory. */
export function readPolicyFile(path: string): readonly PolicyFile[] {
  const file = readFile(path);
  if (file.role === 'settings') return [file];
  const settings = visible(readdirSync(dirname(path), { withFileTypes: true })).filter(({ name }) => isSettingsFile(name));
  return [{ ...file, role: 'policy' }, ...settings.map(({ name }) => readFile(join(dirname(path), name)))];
}

/**
 * Reads policy files as parts of their directory: the other policies in it, its settings, then these. Last, so that of two files
 * with one id it is one of these that is refused.
 */
export function readPolicyFiles(directory: string, paths: readonly string[]): readonly PolicyFile[] {
  const named = new Set(paths.map((path) => basename(path)));
  const others = readPolicyDirectory(directory).filter(({ path, role }) => role !== 'ignored' && !named.has(basename(path)));
  return [...others, ...paths.map((path): PolicyFile => ({ ...readFile(path), role: 'policy' }))];
}

/** Whether a file's name is that of the settings of its directory. */
export function isSettingsFile(path: string): boolean {
  return SETTINGS.test(basename(path));
}

/** Whether the file lies in a folder beside policies that holds none: `tests` or `disabled`. */
export function isBesidePolicies(path: string): boolean {
  return OTHER_PURPOSE.includes(basename(dirname(resolve(path))));
}

/** Whether a file directly in a policy directory is one of its policies, or its settings. */
export function isPolicyFileName(name: string): boolean {
  return YAML.test(name) && isVisible(name);
}

/** A file of a policy directory from its bytes, wherever they come from; null where there are none to be had. */
export function policyFileOf(path: string, bytes: Buffer | null): PolicyFile {
  const role = roleOf(path);
  if (bytes === null) return { path, text: '', role, failure: failureOf(null) };
  if (bytes.length > MAX_FILE_SIZE) return { path, text: '', role, failure: { code: 'file_too_large', message: FILE_TOO_LARGE } };
  return isUtf8(bytes) ? { path, text: bytes.toString('utf8'), role } : { path, text: '', role, failure: { code: 'not_utf8', message: NOT_UTF8 } };
}

function ignoredFiles(folder: string): readonly PolicyFile[] {
  const entries = visible(entriesOf(folder));
  const files = entries.filter((entry) => YAML.test(entry.name) && !entry.isDirectory());
  return [
    ...files.map(({ name }) => ({ path: join(folder, name), text: '', role: 'ignored' as const })),
    ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => ignoredFiles(join(folder, name))),
  ];
}

/** A folder that may not be read holds no policies for anybody. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function visible(entries: readonly Dirent[]): readonly Dirent[] {
  return entries.filter(({ name }) => isVisible(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isVisible(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules';
}

function readFile(path: string): PolicyFile {
  try {
    if (statSync(path).size <= MAX_FILE_SIZE) return policyFileOf(path, readFileSync(path));
    return { path, text: '', role: roleOf(path), failure: { code: 'file_too_large', message: FILE_TOO_LARGE } };
  } catch (error) {
    return { path, text: '', role: roleOf(path), failure: failureOf(error) };
  }
}

function roleOf(path: string): 'settings' | 'policy' {
  return isSettingsFile(path) ? 'settings' : 'policy';
}

function failureOf(error: unknown): NonNullable<PolicyFile['failure']> {
  const reason = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no reason given';
  return { code: 'unreadable_file', message: `The file can't be read (${reason}). Check that it is a file, and that you may read it.` };
}
