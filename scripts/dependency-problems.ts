/** What a package may be licensed under: by where it ends up. */
export interface LicenceRules {
  /** For what ships. */
  readonly production: readonly string[];
  /** For what only builds, tests and measures; what production may be is allowed here too. */
  readonly development: readonly string[];
  /** Packages that are allowed by name: name → the licence that was looked at, and why it is no obstacle. */
  readonly exceptions: Readonly<Record<string, { readonly licence: string; readonly reason: string }>>;
}

/** The parts of package.json that name other packages. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One entry of package-lock.json. */
export interface LockedPackage {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly license?: string;
  readonly optional?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What the project says of its dependencies, and what the installed ones say of themselves. */
export interface Dependencies {
  readonly manifest: Manifest;
  /** Path (`node_modules/a/node_modules/b`) → entry; the project itself, whose path is empty, left out. */
  readonly locked: Readonly<Record<string, LockedPackage>>;
  /** The licence in the installed package's own manifest; null where it is not installed (another platform's) or names none. */
  readonly installedLicence: (path: string) => string | null;
}

/**
 * Everything that is wrong with the dependencies, a sentence each: licences that are not allowed, versions that are not exact, entries of
 * package-lock.json that are missing, name a registry or lack a hash, and exceptions that nothing needs any more.
 */
export function dependencyProblems(dependencies: Dependencies, rules: LicenceRules): readonly string[] {
  const { manifest, locked } = dependencies;
  const packages = Object.entries(locked).filter(([, entry]) => entry.link !== true);
  return [
    ...versionProblems(manifest),
    ...packages.flatMap(([path, entry]) => missingEntries(path, entry, locked)),
    ...packages.flatMap(([path, entry]) => sourceProblems(path, entry, dependencies.installedLicence(path) !== null)),
    ...packages.flatMap(([path, entry]) => licenceProblems(path, entry, dependencies.installedLicence(path), rules)),
    ...needlessExceptions(
      packages.map(([path]) => nameOf(path)),
      rules,
    ),
  ];
}

/** Whether an SPDX expression (`MIT`, `(MIT OR CC0-1.0)`, `Apache-2.0 AND MIT`) can be met with the licences of the list. */
export function isAllowedLicence(expression: string, allowed: readonly string[]): boolean {
  const inner = /^\((.*)\)$/.exec(expression.trim())?.[1] ?? expression;
  if (/[()]/.test(inner)) return false; // nested: for a person to read
  return inner.split(' OR ').some((choice) => choice.split(' AND ').every((licence) => allowed.includes(licence.trim())));
}

function versionProblems(manifest: Manifest): readonly string[] {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(all)
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version))
    .map(([name, version]) => `package.json: ${name} is ${JSON.stringify(version)}; expected an exact version, such as "1.2.3"`);
}

/** `npm ci` refuses a lock file that lacks a package which another one wants, be it only for another platform. */
function missingEntries(path: string, entry: LockedPackage, locked: Dependencies['locked']): readonly string[] {
  return Object.entries({ ...entry.dependencies, ...entry.optionalDependencies })
    .filter(([name]) => !foldersSeenFrom(path).some((folder) => `${folder}node_modules/${name}` in locked))
    .map(([name, version]) => `package-lock.json: ${path} wants ${name} ${version}, which has no entry; npm ci will refuse the file`);
}

/** Where Node looks for a package that the one at the path asks for: at the root, and in each package around it and in itself. */
function foldersSeenFrom(path: string): readonly string[] {
  const within = [...`${path}/`.matchAll(/\/(?=node_modules\/|$)/g)].map((slash) => path.slice(0, slash.index));
  return ['', ...within.map((folder) => `${folder}/`)];
}

function sourceProblems(path: string, entry: LockedPackage, isInstalled: boolean): readonly string[] {
  const address = `package-lock.json: ${path} has "resolved"; expected no address, so that any registry will do: npm install --omit-lockfile-registry-resolved`;
  const hash = `package-lock.json: ${path} has no "integrity"; expected the hash of what is to be installed`;
  // A registry may lack the packages of other platforms: then nobody could have written down their hashes.
  const mayLackHash = entry.optional === true && !isInstalled;
  return [...(entry.resolved === undefined ? [] : [address]), ...(entry.integrity === undefined && !mayLackHash ? [hash] : [])];
}

function licenceProblems(path: string, entry: LockedPackage, installed: string | null, rules: LicenceRules): readonly string[] {
  const licence = installed ?? entry.license ?? 'none named';
  const kind = entry.dev === true ? 'development' : 'production';
  const allowed = kind === 'production' ? rules.production : [...rules.production, ...rules.development];
  if (isAllowedLicence(licence, allowed) || rules.exceptions[nameOf(path)]?.licence === licence) return [];
  return [`${path}: licence ${licence}; expected for ${kind}: ${allowed.join(', ')}. Do without the package, or name it as an exception with a reason`];
}

function needlessExceptions(names: readonly string[], rules: LicenceRules): readonly string[] {
  return Object.keys(rules.exceptions)
    .filter((name) => !names.includes(name))
    .map((name) => `${name}: is an exception, and no longer a dependency. Remove the exception`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
