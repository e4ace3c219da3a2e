import { existsSync, readFileSync } from 'node:fs';
import { runGuardrails } from '../../support/run-guardrails.ts';

const readme = readFileSync('README.md', 'utf8');

/** The revision and the plan's name change with every edit of the policies; what people learn from the example doesn't. */
function withoutHashes(text: string): string {
  return text.replace(/policies at \S+/g, 'policies at COMMIT').replace(/-[0-9a-f]{8}\b/g, '-HASH');
}

describe('README.md', () => {
  it('shows what its command prints', async () => {
    const [, command] = /npx guardrails (simulate --event \S+)/.exec(readme) ?? [];
    const { out } = await runGuardrails(String(command).split(' '));
    const [, shown] = /<!-- simulate:begin -->\n```text\n([\s\S]*?)```\n<!-- simulate:end -->/.exec(readme) ?? [];
    expect(withoutHashes(String(shown))).toBe(withoutHashes(out));
  });

  it('shows how mistakes are told', async () => {
    const { out } = await runGuardrails(['validate', 'tests/fixtures/policies/misspelt']);
    expect(readme).toContain(`$ npx guardrails validate tests/fixtures/policies/misspelt\n${out}\`\`\`\n`);
  });

  it('names only files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path]) => String(path)).filter((path) => !path.startsWith('https:'));
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
  });
});
