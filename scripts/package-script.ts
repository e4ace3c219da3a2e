import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface PackageJson {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
}

/**
 * What Node must be given to run a script of package.json: the file of its program, and the arguments. Neither npm nor a shell takes
 * part, so it works alike on every system. Throws where there is no such script, or where it needs a shell after all.
 */
export function packageScript(name: string, root: string): readonly string[] {
  const manifest = readManifest(root);
  const script = manifest.scripts?.[name];
  if (script === undefined) throw new Error(`package.json has no script ${JSON.stringify(name)}`);
  if (!/^[\w@./: =-]+$/.test(script)) throw new Error(`the script ${JSON.stringify(name)} needs a shell: ${script}; expected one program and plain words`);
  const [program = '', ...words] = script.split(/ +/);
  return [programFile(program, manifest, root), ...words];
}

/** Finds a program among the direct dependencies by its name, which need not be its package's. */
function programFile(program: string, manifest: PackageJson, root: string): string {
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const folder = join(root, 'node_modules', dependency);
    if (!existsSync(join(folder, 'package.json'))) continue;
    const { bin = {} } = readManifest(folder);
    const file = (typeof bin === 'string' ? { [dependency.slice(dependency.lastIndexOf('/') + 1)]: bin } : bin)[program];
    if (file !== undefined) return join(folder, file);
  }
  throw new Error(`no installed dependency has a program ${JSON.stringify(program)}; is it in package.json, and did \`npm ci\` run?`);
}

function readManifest(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
}
