import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { PolicyTest, TestedAlert } from '../../app/run-policy-tests.ts';
import type { Instant } from '../../core/instant.ts';
import { childPath, compareProblems, errorAt, type Problem, warningAt } from '../../core/problem.ts';
import { readSignals } from '../../sources/read-signal.ts';
import { documentPart } from './document-part.ts';
import { openFile, type PolicyFile, problemIn, problemOfFile } from './policy-file.ts';
import { readPolicyDirectory } from './read-policy-directory.ts';
import { type TestSurroundings, toPolicyTest } from './to-policy-test.ts';
import type { YamlDocument } from './yaml-document.ts';
import { WRONG } from './yaml-node.ts';

/** The tests of a policy directory. */
export interface LoadedPolicyTests {
  /** Those without any error, in the order of their files and as they stand there. */
  readonly tests: readonly PolicyTest[];
  /** Of all files, ordered by file, line and column. */
  readonly problems: readonly Problem[];
}

const IN_SUBFOLDER = 'This file is in a subfolder of the tests, where nobody looks for them. Move it up, or call it otherwise if it is no test.';

/**
 * Reads the policy tests in a folder, with the alerts in the files that they name: every problem of every file at once, and the tests
 * that can be used. A folder that doesn't exist has none; throws what the file system throws where it can't be read.
 */
export function loadPolicyTests(folder: string, now: Instant): LoadedPolicyTests {
  const files = existsSync(folder) ? readPolicyDirectory(folder) : [];
  const loaded = files.map((file) => loadFile(file, now));
  return { tests: loaded.flatMap(({ tests }) => tests), problems: loaded.flatMap(({ problems }) => problems).sort(compareProblems) };
}

function loadFile(file: PolicyFile, now: Instant): LoadedPolicyTests {
  if (file.role === 'ignored') return { tests: [], problems: [problemOfFile(file, warningAt('', 'yaml_in_subfolder', IN_SUBFOLDER))] };
  const { document, problems } = openFile(file, 'mapping_or_list');
  if (document === null) return { tests: [], problems };
  const surroundings = { file: file.path, now, readAlert: (name: string) => readAlert(join(dirname(file.path), name), dirname(file.path)) };
  const loaded = partsOf(document).map((part) => loadTest(file, part, surroundings));
  return { tests: loaded.flatMap(({ tests }) => tests), problems: [...problems, ...loaded.flatMap((one) => one.problems)] };
}

/** A list has a test in each item; a mapping is one. */
function partsOf(document: YamlDocument): readonly YamlDocument[] {
  if (!Array.isArray(document.value)) return [document];
  return document.value.map((item: unknown, index) => documentPart(document, childPath('', index), item));
}

function loadTest(file: PolicyFile, part: YamlDocument, surroundings: TestSurroundings): LoadedPolicyTests {
  if (part.value === WRONG) return { tests: [], problems: [] };
  if (typeof part.value !== 'object' || part.value === null || Array.isArray(part.value)) {
    const message = 'This item of the list is no mapping; expected a test with name, event and expect. Write it out, or take it out.';
    return { tests: [], problems: [problemIn(file, part, errorAt('', 'wrong_type', message))] };
  }
  const reading = toPolicyTest(part, surroundings);
  if (reading.kind === 'test') return { tests: [reading.test], problems: [] };
  return { tests: [], problems: reading.findings.map((finding) => problemIn(file, part, finding)) };
}

function readAlert(path: string, folder: string): TestedAlert {
  const text = textOf(path, folder);
  if (text.kind === 'unusable') return text;
  const readings = readSignals(text.text);
  const events = readings.flatMap((reading) => (reading.kind === 'event' ? [reading.event] : []));
  const [event] = events;
  if (event !== undefined && readings.length === 1) return { kind: 'event', event };
  const [first] = readings;
  if (first?.kind === 'unreadable' && readings.length === 1) return unusable(`${path} can't be read as an alert: ${first.error.message}`);
  const found = `${path} holds ${readings.length} records, of which ${events.length} can be read as alerts`;
  return unusable(`${found}; expected exactly one alert. Put each in a file, and in a test, of its own.`);
}

function textOf(path: string, folder: string): { readonly kind: 'text'; readonly text: string } | Extract<TestedAlert, { kind: 'unusable' }> {
  try {
    // What can't be read is quoted where everybody sees it: nobody's other files may end up there.
    const isInside = realpathSync(path).startsWith(realpathSync(folder) + sep);
    if (!isInside || !statSync(path).isFile())
      return unusable(`${path} is no file in ${folder}. event.file is a path from the folder of the test, and stays in it.`);
    return { kind: 'text', text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no reason given';
    const reason = code === 'ENOENT' ? 'there is no such file' : code;
    return unusable(`${path} can't be read: ${reason}. event.file is a path from the folder of the test.`);
  }
}

function unusable(message: string): Extract<TestedAlert, { kind: 'unusable' }> {
  return { kind: 'unusable', message };
}
