import * as z from 'zod';

type Schema = z.core.$ZodType;

/** What a schema says of the node at a path; null where it says nothing. */
export function descriptionAt(schema: Schema, path: readonly PropertyKey[]): string | null {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodType ? (found.description ?? null) : null;
}

/** The keys that a mapping at a path may have. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  const found = schemaAt(schema, path);
  return found === null ? [] : [...new Set(objectsOf(found).flatMap((object) => Object.keys(object.shape)))];
}

/** Where in the schema a key may stand: the paths of its mappings as people write them, such as `match`; empty for the top. */
export function placesOf(schema: Schema, key: string, parent = ''): readonly string[] {
  const own = objectsOf(schema).some((object) => Object.hasOwn(object.shape, key)) ? [parent] : [];
  const below = objectsOf(schema).flatMap((object) =>
    Object.entries(object.shape).flatMap(([name, child]) => placesOf(itemOf(child) ?? child, key, parent === '' ? name : `${parent}.${name}`)),
  );
  return [...own, ...below];
}

/** Of a union, the first member that knows such a node. */
function schemaAt(schema: Schema, path: readonly PropertyKey[]): Schema | null {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  for (const child of childrenAt(schema, step)) {
    const found = schemaAt(child, rest);
    if (found !== null) return found;
  }
  return null;
}

function childrenAt(schema: Schema, step: PropertyKey): readonly Schema[] {
  if (typeof step === 'number') {
    const item = itemOf(schema);
    return item === null ? [] : [item];
  }
  return objectsOf(schema).flatMap((object) => {
    const child = Object.hasOwn(object.shape, step) ? object.shape[String(step)] : undefined;
    return child === undefined ? [] : [child];
  });
}

function objectsOf(schema: Schema): readonly z.ZodObject[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return [inner];
  return inner instanceof z.ZodUnion ? inner.options.flatMap(objectsOf) : [];
}

function itemOf(schema: Schema): Schema | null {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray) return inner.element;
  if (!(inner instanceof z.ZodUnion)) return null;
  return inner.options.map(itemOf).find((item) => item !== null) ?? null;
}

function unwrap(schema: Schema): Schema {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrap(schema.unwrap()) : schema;
}
