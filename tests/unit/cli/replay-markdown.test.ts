import fc from 'fast-check';
import { compareDecisions } from '../../../src/app/compare-decisions.ts';
import type { RecordedAlert } from '../../../src/app/recorded-alerts.ts';
import { replayAlerts, timeAlerts } from '../../../src/app/replay-alerts.ts';
import { markdownCode, takeWithin } from '../../../src/cli/markdown-text.ts';
import { replayMarkdown } from '../../../src/cli/replay-markdown.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { DEFAULT_SETTINGS, type PolicySet } from '../../../src/core/policy-set.ts';
import { aBudgetEvent, aPolicy, at } from '../../support/builders.ts';

const setOf = (...policies: readonly Policy[]): PolicySet => ({ revision: 'sha256:0', settings: DEFAULT_SETTINGS, policies });

/** The comment on a policy that goes to `auto`, for these budgets, each recorded in a file of the same name. */
function commentOn(names: readonly string[], against = 'main'): string {
  const recorded: readonly RecordedAlert[] = names.map((name, index) => ({
    event: aBudgetEvent({ eventId: `evt-${index}`, budgetName: name }),
    files: [name],
  }));
  const unreadable = names.map((name) => ({ file: name, record: 1, reason: 'unknown_format' as const, message: name }));
  const alerts = timeAlerts(recorded, at('2026-03-10T03:00:00Z'));
  return replayMarkdown({
    kind: 'compared',
    policySet: setOf(aPolicy({ mode: 'auto' })),
    recorded: { files: names.length, alerts: recorded, copies: 0, unreadable },
    against: {
      name: against,
      kind: 'revision',
      policySet: setOf(aPolicy()),
      hadDirectory: true,
      errors: names.map((name) => ({ file: name, line: 1, column: 1, path: '', severity: 'error', code: 'yaml_syntax', message: name })),
    },
    comparison: compareDecisions(setOf(aPolicy()), setOf(aPolicy({ mode: 'auto' })), alerts),
  });
}

function replayOf(names: readonly string[]): string {
  const recorded: readonly RecordedAlert[] = names.map((name, index) => ({
    event: aBudgetEvent({ eventId: `evt-${index}`, budgetName: name }),
    files: [name],
  }));
  const alerts = replayAlerts(timeAlerts(recorded, at('2026-03-10T03:00:00Z')), setOf(aPolicy()));
  return replayMarkdown({ kind: 'replayed', policySet: setOf(aPolicy()), recorded: { files: 1, alerts: recorded, copies: 0, unreadable: [] }, alerts });
}

const TAGS = /<\/?(?:code|pre|details|summary|br)>/g;

/** What a comment must be whatever strangers wrote into it. */
function expectHarmless(markdown: string): void {
  expect(markdown.length).toBeLessThan(60_000);
  expect(markdown.replace(TAGS, '')).not.toMatch(/[<>@]/);
  for (const tag of ['code', 'pre', 'details', 'summary']) {
    expect(markdown.split(`<${tag}>`)).toHaveLength(markdown.split(`</${tag}>`).length);
  }
  const lines = markdown.replace(/<pre>\n[^<]*<\/pre>/g, '');
  expect(lines.replace(/<code>[^<]*<\/code>/g, '')).not.toContain('hostile');
  for (const row of lines.split('\n').filter((line) => line.startsWith('|'))) expect(row.split('|')).toHaveLength(6);
}

const HOSTILE = [
  'hostile | cell | and | more |',
  'hostile`code``more```',
  '</code></pre></details><img src=x onerror=alert(1)>hostile',
  '<!-- hostile --> <!channel>',
  '@everyone @octocat/hostile-team',
  'https://hostile.example.com www.hostile.example.com',
  '[hostile](javascript:alert(1)) ![hostile](https://hostile.example.com/x.png)',
  'hostile\n\n# Heading\n\n| a | b |\r\n</pre>\n<details>',
  '#1 GH-1 octocat/hostile#1 :tada: $x$ **hostile** __hostile__ ~~hostile~~',
  '&lt;script&gt;hostile &#60;b&#62;',
  'hostile \u202e\u2066 \u0007\u001b[2J',
  '\\| hostile \\` \\<',
];

describe('a comment for a pull request', () => {
  it.each(HOSTILE)('lets %j be nothing but text', (name) => {
    expectHarmless(commentOn([name], name));
    expectHarmless(replayOf([name]).replace(/^\| .*$/gm, ''));
  });

  it('stays harmless and bounded whatever the names', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(fc.constantFrom(...HOSTILE, '|', '`', '\n', '<', '@a', '-->')).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 80 }), (names) => expectHarmless(commentOn(names, names[0]).replaceAll('hostile', ''))),
      { numRuns: 100 },
    );
  });

  it('is cut where a comment would be too long, in whole parts, and says how much is missing', () => {
    const names = Array.from({ length: 3000 }, (_, index) => `${'long '.repeat(100)}${index}`);
    const comment = commentOn(names);
    expect(comment).toMatch(/^### Guardrails: 3000 of 3000 recorded alerts would be decided differently\n/);
    expect(comment.length).toBeLessThan(60_000);
    const rows = comment.split('\n').filter((line) => line.startsWith('| <code>')).length;
    expect(comment).toContain(`\n\n… and ${3000 - rows} more that aren't shown here: \`guardrails replay\` prints all of them.\n`);
    expect(comment.match(/… and \d+ more/g)).toHaveLength(4);
    expect(replayOf(names).length).toBeLessThan(60_000);
  });

  it('is cut in the words of a single part that is too long, and not in its lines', () => {
    const principals = Array.from({ length: 9 }, (_, index) => ({ type: 'iam_role' as const, arn: `arn:aws:iam::111122223333:role/team-${index}` }));
    const actions = Array.from({ length: 9 }, (_, index) => `ec2:Run${'Something'.repeat(15)}${index}`);
    const after = aPolicy({ principals, response: { kind: 'deny', actions, regions: ['eu-west-1'], seal: true } });
    const alerts = timeAlerts([{ event: aBudgetEvent(), files: ['a.txt'] }], at('2026-03-10T03:00:00Z'));
    const against = { name: 'main', kind: 'revision', policySet: setOf(aPolicy()), hadDirectory: true, errors: [] } as const;
    const comparison = compareDecisions(setOf(aPolicy()), setOf(after), alerts);
    const comment = replayMarkdown({
      kind: 'compared',
      policySet: setOf(after),
      recorded: { files: 1, alerts, copies: 0, unreadable: [] },
      against,
      comparison,
    });
    expect(comment).toContain('<br>and 5 more |');
    expect(comment).toMatch(/^ {2}stops {6}\+ .{480,520}…$/m);
    expect(comment).toContain('\n  in         everywhere → eu-west-1\n  seal       off → on\n');
    expect(comment).toContain('| `manual, wider`<br>another deny policy |');
  });
});

describe('code in Markdown', () => {
  it('is cut by characters, not through one', () => {
    expect(markdownCode('🚀'.repeat(9), 4)).toBe('<code>&#128640;&#128640;&#128640;…</code>');
    expect(markdownCode('été 日本, a-b 1', 20)).toBe('<code>été 日本, a-b 1</code>');
  });

  it('takes whole parts as long as there is room', () => {
    expect(takeWithin(['ab', 'cd', 'e'], 4)).toEqual({ text: 'abcd', leftOver: 1 });
    expect(takeWithin(['abcde', 'f'], 4)).toEqual({ text: '', leftOver: 2 });
    expect(takeWithin([], 4)).toEqual({ text: '', leftOver: 0 });
  });
});
