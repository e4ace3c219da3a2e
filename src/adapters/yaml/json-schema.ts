import { dump } from 'js-yaml';
import * as z from 'zod';
import { POLICY_SCHEMA } from './policy-schema.ts';
import { EVENTS, EXPECTATION, policyTestSchema } from './policy-test-schema.ts';
import { policyDefaults, type SchemaDefault, type SchemaDefaults, settingsDefaults } from './schema-defaults.ts';
import { POLICY_EXAMPLES, type SchemaExamples, SETTINGS_EXAMPLES } from './schema-examples.ts';
import { SETTINGS_SCHEMA } from './settings-schema.ts';

/** A JSON Schema of draft 2020-12, as plain data. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The kinds of files that an editor can check while somebody writes them. */
export const SCHEMA_KINDS = ['policy', 'settings', 'test'] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];

interface SchemaSource {
  readonly schema: z.ZodType;
  readonly title: string;
  readonly description: string;
  readonly defaults: () => SchemaDefaults;
  readonly examples: SchemaExamples;
}

/** What is known of keys beside their structure. */
interface Notes {
  readonly defaults: SchemaDefaults;
  readonly examples: SchemaExamples;
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

const MEETS_NO_PATTERN = '\0';

const SOURCES: Readonly<Record<SchemaKind, SchemaSource>> = {
  policy: {
    schema: POLICY_SCHEMA,
    title: 'AutoGuardRails policy',
    description: 'Which cost alerts the policy answers, whom it may hold, and how people are told and asked.',
    defaults: policyDefaults,
    examples: POLICY_EXAMPLES,
  },
  settings: {
    schema: SETTINGS_SCHEMA,
    title: 'AutoGuardRails settings',
    description: 'What holds for all policies of a directory (settings.yaml).',
    defaults: settingsDefaults,
    examples: SETTINGS_EXAMPLES,
  },
  test: {
    schema: testFileSchema(),
    title: 'AutoGuardRails policy tests',
    description: 'One test, or a list of tests: an alert, and what policies must say of it.',
    defaults: () => new Map(),
    examples: new Map(),
  },
};

/**
 * The structure of a kind of file for editors and other validators. It accepts and refuses what `guardrails validate` does, as far as
 * structure goes; rules between keys, with the settings and with IAM are beyond it. A key may be null where it may be absent.
 */
export function jsonSchema(kind: SchemaKind): JsonSchema {
  const { schema, title, description, defaults, examples } = SOURCES[kind];
  const { $schema: _, ...root } = z.toJSONSchema(schema, { override: ({ zodSchema, jsonSchema: json }) => nameExpectation(zodSchema, json) });
  const noted = withNotes(root, '', { defaults: defaults(), examples });
  return { $schema: DRAFT, $id: `urn:autoguardrails:${kind}`, title, description, ...noted };
}

/** A value as YAML in one line. */
export function yamlInline(value: unknown): string {
  return dump(value, { flowLevel: 0, lineWidth: -1, quoteStyle: 'double' }).trimEnd();
}

/** Editors show `patternErrorMessage` in place of the pattern, which nobody wants to read. */
function nameExpectation(schema: z.core.$ZodType, json: JsonSchema): void {
  if (json.pattern === undefined) return;
  const expected = z.safeParse(schema, MEETS_NO_PATTERN).error?.issues[0]?.message;
  if (expected !== undefined) json['patternErrorMessage'] = `Expected ${expected}.`;
}

/** The parts of a test, which are checked one by one when it is loaded, as one schema. */
function testFileSchema(): z.ZodType {
  const { shape } = policyTestSchema('any').schema;
  const events = z.union([EVENTS.file, EVENTS.budgets, EVENTS.anomaly, EVENTS.billing_alarm]);
  const event = events.describe(descriptionOf(shape['event']));
  const expect = z.record(z.string(), EXPECTATION).describe(descriptionOf(shape['expect']));
  const test = z.strictObject({ ...shape, event, expect }).meta({ id: 'test' });
  return z.union([test, z.array(test)]);
}

function descriptionOf(schema: z.core.$ZodType | undefined): string {
  return schema instanceof z.ZodType ? (schema.description ?? '') : '';
}

/** The same schema with what is known of each key by its path. */
function withNotes(node: JsonSchema, path: string, notes: Notes): JsonSchema {
  const { description, type, ...rest } = joinNull(node);
  const found = notes.defaults.get(path);
  const examples = notes.examples.get(path);
  return {
    ...(description === undefined ? {} : { description: `${description}${defaultSentence(found)}` }),
    ...(type === undefined ? {} : { type }),
    ...(found?.kind === 'value' ? { default: found.value } : {}),
    ...(examples === undefined ? {} : { examples: [...examples] }),
    ...rest,
    ...childrenWithNotes(rest, path, notes),
  };
}

function childrenWithNotes({ properties, items, additionalProperties, anyOf, oneOf, $defs }: JsonSchema, path: string, notes: Notes): JsonSchema {
  const noted = (child: z.core.JSONSchema._JSONSchema, at: string): z.core.JSONSchema._JSONSchema => (isSchema(child) ? withNotes(child, at, notes) : child);
  const below = path === '' ? '' : `${path}.`;
  return {
    ...(properties === undefined ? {} : { properties: mapValues(properties, (child, key) => noted(child, `${below}${key}`)) }),
    ...(isSchema(items) ? { items: withNotes(items, `${path}[]`, notes) } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties: noted(additionalProperties, `${below}*`) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map((member) => withNotes(member, `${path}|`, notes)) }),
    // The keys of an item go by its type: `actions[notify_only].deny`.
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map((member) => withNotes(member, path.replace(/\[\]$/, `[${memberName(member)}]`), notes)) }),
    ...($defs === undefined ? {} : { $defs: mapValues($defs, (child) => withNotes(child, '', notes)) }),
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From, key: string) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

/** `{anyOf: [X, null]}` as one schema, so that an editor completes and complains about X alone. */
function joinNull(node: JsonSchema): JsonSchema {
  const { anyOf, ...outer } = node;
  const [inner, nothing, ...others] = anyOf ?? [];
  if (inner?.type === undefined || nothing?.type !== 'null' || others.length > 0) return node;
  const types = [inner.type, nothing.type].flat();
  return { ...inner, ...outer, type: types, ...(inner.enum === undefined ? {} : { enum: [...inner.enum, null] }) };
}

function defaultSentence(found: SchemaDefault | undefined): string {
  if (found === undefined) return '';
  return found.kind === 'settings' ? ' Default: as in settings.yaml.' : ` Default: ${yamlInline(found.value)}.`;
}

function memberName(member: JsonSchema): string {
  const type = member.properties?.['type'];
  return isSchema(type) ? String(type.const) : '';
}

function isSchema(node: unknown): node is JsonSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
