import { jsonSchema } from '../../src/adapters/yaml/json-schema.ts';
import { DENY_SETS } from '../../src/core/deny-sets.ts';
import { PROBLEM_CODES } from '../../src/core/problem.ts';
import { EXEMPTION_CODES, LOWERING_CODES, MATCH_CODES, MISMATCH_CODES } from '../../src/core/reason.ts';
import { keyTables } from './key-tables.ts';
import { LOWERING_SENTENCES } from './lowering-sentences.ts';
import { PROBLEM_GROUPS, PROBLEM_SENTENCES } from './problem-sentences.ts';

/** The parts of docs/policies.md that are made from the code, by the name in their marks. All else is written by hand. */
const BLOCKS: ReadonlyMap<string, () => string> = new Map([
  ['policy keys', () => keyTables(jsonSchema('policy'))],
  ['settings keys', () => keyTables(jsonSchema('settings'))],
  ['test keys', () => keyTables(jsonSchema('test').$defs?.['test'] ?? {})],
  ['lowering', loweringTable],
  ['reason codes', reasonCodes],
  ['deny sets', denySets],
  ['problem codes', problemTables],
]);

/** The page with its made parts as they are now. Throws where a mark is missing, or names what there is not. */
export function renderPolicyPage(page: string): string {
  const marked = [...page.matchAll(/<!-- (.+):begin -->/g)].map(([, name]) => String(name));
  const expected = [...BLOCKS.keys()];
  if ([...marked].sort().join() !== [...expected].sort().join()) {
    throw new Error(`the page has the marks ${marked.join(', ')}; expected each of ${expected.join(', ')} once`);
  }
  return [...BLOCKS].reduce((text, [name, render]) => replaceBlock(text, name, render().trim()), page);
}

function replaceBlock(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(end, from);
  if (to < 0) throw new Error(`${begin} is never ended; expected ${end} after it`);
  return `${page.slice(0, from)}\n\n${content}\n\n${page.slice(to)}`;
}

function loweringTable(): string {
  const rows = LOWERING_CODES.map((code, index) => `| ${index + 1} | \`${code}\` | \`${LOWERING_SENTENCES[code].to}\` | ${LOWERING_SENTENCES[code].when} |`);
  return ['| | reason | down to | when |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function reasonCodes(): string {
  const list = (codes: readonly string[]): string => codes.map((code) => `\`${code}\``).join(' ');
  return [
    `- Met: ${list(MATCH_CODES)}`,
    `- Not met: ${list(MISMATCH_CODES)}`,
    `- Met, and nothing follows (\`exempt\`): ${list(EXEMPTION_CODES)}`,
    `- Lowered: ${list(LOWERING_CODES)}`,
  ].join('\n');
}

function denySets(): string {
  return Object.entries(DENY_SETS)
    .map(([name, patterns]) => `<details><summary><code>${name}</code>, ${patterns.length} entries</summary>\n\n${byService(patterns)}\n\n</details>`)
    .join('\n\n');
}

/** `ec2` once, and what follows it, rather than `ec2:` again and again. */
function byService(patterns: readonly string[]): string {
  const services = [...new Set(patterns.map((pattern) => pattern.slice(0, pattern.indexOf(':') + 1)))];
  const actionsOf = (service: string): readonly string[] => patterns.filter((pattern) => pattern.startsWith(service)).map((pattern) => `\`${pattern}\``);
  return services.map((service) => `- ${actionsOf(service).join(' ')}`).join('\n');
}

function problemTables(): string {
  const lines = PROBLEM_CODES.flatMap((code) => {
    const group = PROBLEM_GROUPS.get(code);
    const { severities, sentence } = PROBLEM_SENTENCES[code];
    const heading = group === undefined ? [] : ['', `**${group}**`, '', '| code | severity | meaning |', '| --- | --- | --- |'];
    return [...heading, `| \`${code}\` | ${severities.join(' or ')} | ${sentence} |`];
  });
  return lines.join('\n');
}
