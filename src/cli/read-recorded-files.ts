import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RecordedFile } from '../app/recorded-alerts.ts';

// A Lambda event has at most 6 MB: a bigger file is something else.
const MAX_BYTES = 16 * 1_048_576;

/**
 * Reads the recorded signals in a folder and in the folders below it, by name; hidden files and README.md are passed over. A single
 * file is taken for itself. Only regular files are read: a link could lead anywhere, and what is read may be shown in public.
 * Throws what the file system throws where the path itself can't be read.
 */
export function readRecordedFiles(path: string): readonly RecordedFile[] {
  return statSync(path).isDirectory() ? filesIn(path, '') : [readFile(path, basename(path))];
}

function filesIn(root: string, folder: string): readonly RecordedFile[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).filter(({ name }) => !name.startsWith('.') && !/^readme\.md$/i.test(name));
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesIn(root, name);
      return [entry.isFile() ? readFile(join(root, name), name) : failed(name, 'It is no regular file. Put a copy of the signal there.')];
    });
}

function readFile(path: string, name: string): RecordedFile {
  try {
    if (statSync(path).size > MAX_BYTES) return failed(name, 'It has more than 16 MB, and no signal has. Split it, or move it away.');
    return { kind: 'read', name, text: readFileSync(path, 'utf8') };
  } catch (error) {
    return failed(name, `${error instanceof Error ? error.message : String(error)}. Check that you may read it.`);
  }
}

function failed(name: string, message: string): RecordedFile {
  return { kind: 'failed', name, message };
}
