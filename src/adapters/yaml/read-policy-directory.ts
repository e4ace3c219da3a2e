import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
  const settings = visible(readdirSync(dirname(path), { withFileTypes: true })).filter(({ name }) => SETTINGS.test(name));
  return [{ ...file, role: 'policy' }, ...settings.map(({ name }) => readFile(join(dirname(path), name)))];
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
  return entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules').sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readFile(path: string): PolicyFile {
  const role = SETTINGS.test(basename(path)) ? 'settings' : 'policy';
  try {
    if (statSync(path).size > MAX_FILE_SIZE) return { path, text: '', role, failure: { code: 'file_too_large', message: FILE_TOO_LARGE } };
    const bytes = readFileSync(path);
    return isUtf8(bytes) ? { path, text: bytes.toString('utf8'), role } : { path, text: '', role, failure: { code: 'not_utf8', message: NOT_UTF8 } };
  } catch (error) {
    return { path, text: '', role, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): NonNullable<PolicyFile['failure']> {
  const reason = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no reason given';
  return { code: 'unreadable_file', message: `The file can't be read (${reason}). Check that it is a file, and that you may read it.` };
}
