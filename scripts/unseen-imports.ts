/** A file as it lies on the disk, under the path that the tool uses: with `/`, from the project's root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A file as the tool read it, with the specifiers that it found there. */
export interface SeenModule {
  readonly source: string;
  readonly dependencies: readonly { readonly module: string }[];
}

// A formatted file has its imports at the start of a line. What a template literal holds there counts too: too strict is safe here.
const IMPORT = /^(?:import|export|\}) ?(?:[^'"`;\n]*from )?'([^'\n]+)'/gm;

/**
 * What the tool that checks imports didn't see of the files: whole files, and single imports, each as a sentence. A tool without a
 * parser for TypeScript sees nothing, reports nothing wrong, and would pass.
 */
export function unseenImports(files: readonly SourceFile[], modules: readonly SeenModule[]): readonly string[] {
  const seen = new Map(modules.map(({ source, dependencies }) => [source, new Set(dependencies.map(({ module }) => bare(module)))]));
  return files.flatMap(({ path, text }) => {
    const specifiers = seen.get(path);
    if (specifiers === undefined) return [`${path} was not read`];
    const written = [...text.matchAll(IMPORT)].map(([, specifier = '']) => specifier);
    return written.filter((specifier) => !specifiers.has(bare(specifier))).map((specifier) => `${path} imports ${specifier}, which was not seen`);
  });
}

// The tool names Node's own modules without their scheme.
function bare(specifier: string): string {
  return specifier.replace(/^node:/, '');
}
