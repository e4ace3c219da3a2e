import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependencyProblems, type LicenceRules, type LockedPackage, type Manifest } from './dependency-problems.ts';
import { PROJECT_ROOT } from './project-root.ts';

const RULES: LicenceRules = {
  production: ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'],
  development: ['BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'Python-2.0'],
  exceptions: {
    argparse: { licence: 'PSF-2.0', reason: "Permissive. It serves js-yaml's own command line program, which nothing here calls or bundles." },
    'caniuse-lite': { licence: 'CC-BY-4.0', reason: 'Data on browsers that babel asks for when jest measures coverage; it never ships.' },
  },
};

/** What a package.json says of its licence: the field of today, or one of those before it. */
interface LicenceFields {
  readonly license?: string | { readonly type?: string };
  readonly licenses?: readonly { readonly type?: string }[];
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(PROJECT_ROOT, path), 'utf8')) as T;
}

function installedLicence(path: string): string | null {
  if (!existsSync(join(PROJECT_ROOT, path, 'package.json'))) return null;
  const { license, licenses } = readJson<LicenceFields>(join(path, 'package.json'));
  if (typeof license === 'string') return license;
  return license?.type ?? licenses?.map((one) => one.type).join(' OR ') ?? null;
}

const { packages } = readJson<{ readonly packages: Readonly<Record<string, LockedPackage>> }>('package-lock.json');
const { '': _project, ...locked } = packages;
const problems = dependencyProblems({ manifest: readJson<Manifest>('package.json'), locked, installedLicence }, RULES);

for (const problem of problems) console.error(problem);
console.log(`${Object.keys(locked).length} packages, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;
