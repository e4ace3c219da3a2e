import { type Dependencies, dependencyProblems, isAllowedLicence, type LicenceRules, type LockedPackage } from '../../../scripts/dependency-problems.ts';

const RULES: LicenceRules = { production: ['MIT', 'Apache-2.0'], development: ['BlueOak-1.0.0'], exceptions: {} };
const HASH = 'sha512-x';

function dependencies(locked: Readonly<Record<string, LockedPackage>>, installed: Readonly<Record<string, string>> = {}): Dependencies {
  return { manifest: { dependencies: { a: '1.2.3' } }, locked, installedLicence: (path) => installed[path] ?? null };
}

describe('dependencyProblems', () => {
  it('is content with allowed licences, hashes and exact versions', () => {
    const locked = {
      'node_modules/a': { license: 'MIT', integrity: HASH },
      'node_modules/a/node_modules/b': { license: 'MIT OR GPL-3.0', integrity: HASH },
      'node_modules/c': { license: 'BlueOak-1.0.0', integrity: HASH, dev: true },
      'packages/own': { link: true, resolved: 'packages/own' },
    };
    expect(dependencyProblems(dependencies(locked), RULES)).toEqual([]);
  });

  it('refuses for production what is allowed for development only', () => {
    const [problem, ...others] = dependencyProblems(dependencies({ 'node_modules/a': { license: 'BlueOak-1.0.0', integrity: HASH } }), RULES);
    expect(others).toEqual([]);
    expect(problem).toMatch(/^node_modules\/a: licence BlueOak-1\.0\.0; expected for production: MIT, Apache-2\.0\./);
  });

  it('refuses a copyleft licence for development', () => {
    const problems = dependencyProblems(dependencies({ 'node_modules/a': { license: 'AGPL-3.0', integrity: HASH, dev: true } }), RULES);
    expect(problems).toEqual([expect.stringMatching(/^node_modules\/a: licence AGPL-3\.0; expected for development: MIT, Apache-2\.0, BlueOak-1\.0\.0\./)]);
  });

  it('believes the installed package rather than the lock file', () => {
    const locked = { 'node_modules/a': { license: 'MIT', integrity: HASH } };
    expect(dependencyProblems(dependencies(locked, { 'node_modules/a': 'GPL-3.0' }), RULES)).toEqual([expect.stringContaining('licence GPL-3.0;')]);
  });

  it('refuses a package that names no licence', () => {
    expect(dependencyProblems(dependencies({ 'node_modules/a': { integrity: HASH } }), RULES)).toEqual([expect.stringContaining('licence none named;')]);
  });

  describe('with an exception', () => {
    const rules = { ...RULES, exceptions: { '@x/a': { licence: 'PSF-2.0', reason: 'because' } } };

    it('allows the package, wherever it is installed', () => {
      const locked = { 'node_modules/b': { license: 'MIT', integrity: HASH }, 'node_modules/b/node_modules/@x/a': { license: 'PSF-2.0', integrity: HASH } };
      expect(dependencyProblems(dependencies(locked), rules)).toEqual([]);
    });

    it('refuses it under another licence than the one that was looked at', () => {
      const locked = { 'node_modules/@x/a': { license: 'GPL-3.0', integrity: HASH } };
      expect(dependencyProblems(dependencies(locked), rules)).toEqual([expect.stringContaining('licence GPL-3.0;')]);
    });

    it('says that nothing needs it any more', () => {
      expect(dependencyProblems(dependencies({}), rules)).toEqual(['@x/a: is an exception, and no longer a dependency. Remove the exception']);
    });
  });

  it.each(['^1.2.3', '~1.2.3', '1.2', '*', 'latest', '>=1.2.3', 'github:a/b', 'https://example.com/a.tgz', 'file:../a'])(
    'refuses the version %s',
    (version) => {
      const planted = { ...dependencies({}), manifest: { devDependencies: { a: version } } };
      expect(dependencyProblems(planted, RULES)).toEqual([`package.json: a is ${JSON.stringify(version)}; expected an exact version, such as "1.2.3"`]);
    },
  );

  it('accepts a prerelease as an exact version', () => {
    expect(dependencyProblems({ ...dependencies({}), manifest: { dependencies: { a: '1.2.3-beta.4' } } }, RULES)).toEqual([]);
  });

  it('refuses a lock file that names a registry', () => {
    const locked = { 'node_modules/a': { license: 'MIT', integrity: HASH, resolved: 'https://registry.example.com/a.tgz' } };
    expect(dependencyProblems(dependencies(locked), RULES)).toEqual([expect.stringMatching(/^package-lock\.json: node_modules\/a has "resolved";/)]);
  });

  it('refuses a lock file without hashes', () => {
    const problems = dependencyProblems(dependencies({ 'node_modules/a': { license: 'MIT' } }), RULES);
    expect(problems).toEqual([expect.stringMatching(/^package-lock\.json: node_modules\/a has no "integrity";/)]);
  });

  it('accepts an optional package without a hash, as long as it is not installed', () => {
    const locked = { 'node_modules/a': { license: 'MIT', optional: true } };
    expect(dependencyProblems(dependencies(locked), RULES)).toEqual([]);
    expect(dependencyProblems(dependencies(locked, { 'node_modules/a': 'MIT' }), RULES)).toEqual([expect.stringContaining('has no "integrity"')]);
  });

  it('finds what a package wants beside it, within it, and in the packages around it', () => {
    const entry = { license: 'MIT', integrity: HASH };
    const locked = {
      'node_modules/a': { ...entry, dependencies: { '@x/beside': '1', within: '1' } },
      'node_modules/@x/beside': entry,
      'node_modules/a/node_modules/within': { ...entry, dependencies: { '@x/around': '1' } },
      'node_modules/a/node_modules/@x/around': entry,
    };
    expect(dependencyProblems(dependencies(locked), RULES)).toEqual([]);
  });

  it('refuses a lock file that lacks what a package wants, be it for another platform', () => {
    const entry = { license: 'MIT', integrity: HASH };
    const locked = {
      'node_modules/a': { ...entry, optionalDependencies: { 'a-win32': '1.0.0' } },
      'node_modules/b/node_modules/a-win32': entry,
    };
    expect(dependencyProblems(dependencies(locked), RULES)).toEqual([
      'package-lock.json: node_modules/a wants a-win32 1.0.0, which has no entry; npm ci will refuse the file',
    ]);
  });
});

describe('isAllowedLicence', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR CC0-1.0)', true],
    ['GPL-3.0 OR MIT', true],
    ['Apache-2.0 AND MIT', true],
    ['Apache-2.0 AND GPL-3.0', false],
    ['GPL-3.0', false],
    ['MIT-0', false],
    ['SEE LICENSE IN LICENSE.md', false],
    ['GPL-3.0 OR MIT AND GPL-3.0', false],
    ['(MIT OR GPL-3.0) AND GPL-3.0', false],
    ['', false],
  ])('%s: %s', (expression, allowed) => {
    expect(isAllowedLicence(expression, ['MIT', 'Apache-2.0'])).toBe(allowed);
  });
});
