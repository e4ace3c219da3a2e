import type { Problem, Severity } from '../core/problem.ts';
import { count, type Paint, printable, type Tone } from './terminal-text.ts';

const TONES: Readonly<Record<Severity, Tone>> = { error: 'red', warning: 'yellow', note: 'cyan' };
const GITHUB_LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** One problem for people, on a line that editors and terminals turn into a link. */
export function renderProblem(problem: Problem, paint: Paint): string {
  const { file, line, column, severity, code, message } = problem;
  return `${printable(file)}:${line}:${column} ${paint(TONES[severity], severity)} ${printable(message)} ${paint('dim', `[${code}]`)}\n`;
}

/** One problem as a workflow command of GitHub Actions, which puts it beside the line in a pull request. */
export function renderGithubAnnotation(problem: Problem): string {
  const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const place = `file=${property(problem.file)},line=${problem.line},col=${problem.column},title=${property(problem.code)}`;
  return `::${GITHUB_LEVELS[problem.severity]} ${place}::${data(problem.message)}\n`;
}

/** `2 errors, 1 warning`; empty where there is nothing to count. */
export function countProblems(problems: readonly Problem[]): string {
  const number = (severity: Severity): number => problems.filter((problem) => problem.severity === severity).length;
  const counts = [
    number('error') > 0 ? count(number('error'), 'error', 'errors') : '',
    number('warning') > 0 ? count(number('warning'), 'warning', 'warnings') : '',
    number('note') > 0 ? count(number('note'), 'note', 'notes') : '',
  ];
  return counts.filter((text) => text !== '').join(', ');
}

// The escapes of GitHub's own toolkit: a message could otherwise end the command and begin another.
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
