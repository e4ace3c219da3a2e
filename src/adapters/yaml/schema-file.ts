import { jsonSchema, type SchemaKind } from './json-schema.ts';

const LINE_WIDTH = 160;

/** The name of the file in which editors look for the schema of a kind; policies name it in their first line. */
export function schemaFileName(kind: SchemaKind): string {
  return `${kind}.schema.json`;
}

/** The schema as the text of that file: the same for the same version of this program. */
export function schemaFileText(kind: SchemaKind): string {
  return `${print(jsonSchema(kind), '', 0)}\n`;
}

/** As the project's formatter would write it: mappings line by line, lists in one line where they fit. `before` is what stands before it in its line. */
function print(value: unknown, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (!Array.isArray(value)) {
    const entries = Object.entries(value).map(([key, child]) => `${deeper}${JSON.stringify(key)}: ${print(child, deeper, deeper.length + key.length + 4)}`);
    return entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n${indent}}`;
  }
  const inline = `[${value.map((item) => print(item, deeper, 0)).join(', ')}]`;
  if (!inline.includes('\n') && before + inline.length < LINE_WIDTH) return inline;
  return `[\n${value.map((item) => `${deeper}${print(item, deeper, deeper.length)}`).join(',\n')}\n${indent}]`;
}
