import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type * as z from 'zod';
import { type JsonSchema, jsonSchema, SCHEMA_KINDS, type SchemaKind } from '../../../../src/adapters/yaml/json-schema.ts';
import { loadPolicies } from '../../../../src/adapters/yaml/load-policies.ts';
import { loadSettings } from '../../../../src/adapters/yaml/load-settings.ts';
import { POLICY_SCHEMA } from '../../../../src/adapters/yaml/policy-schema.ts';
import { SETTINGS_SCHEMA } from '../../../../src/adapters/yaml/settings-schema.ts';
import { readYaml } from '../../../../src/adapters/yaml/yaml-document.ts';
import { DEFAULT_SETTINGS } from '../../../../src/core/policy-set.ts';
import { PROBLEM_CODES, type ProblemCode } from '../../../../src/core/problem.ts';
import { actionCatalogue } from '../../../support/action-catalogue.ts';

/**
 * Who can see that something is wrong: `text` only a reader of the text, `structure` every validator of the schema, `meaning` only this
 * program, and `structure or meaning` goes by the case.
 */
const SEEN_BY: Readonly<Record<ProblemCode, 'text' | 'structure' | 'meaning' | 'structure or meaning'>> = {
  unreadable_file: 'text',
  not_utf8: 'text',
  file_too_large: 'text',
  yaml_in_subfolder: 'text',
  duplicate_settings: 'meaning',
  duplicate_policy_id: 'meaning',
  secret_in_file: 'text',
  yaml_syntax: 'text',
  alias: 'text',
  multiple_documents: 'text',
  empty_file: 'text',
  duplicate_key: 'text',
  not_a_mapping: 'text',
  explicit_tag: 'text',
  unknown_key: 'structure',
  missing_key: 'structure or meaning',
  wrong_type: 'structure',
  invalid_value: 'structure',
  invalid_format: 'structure',
  out_of_range: 'structure',
  empty_list: 'structure or meaning',
  too_many: 'structure',
  unquoted_account_id: 'structure',
  max_not_above_min: 'meaning',
  source_never_matches: 'meaning',
  never_matches: 'meaning',
  redundant_account: 'meaning',
  auto_any_account: 'meaning',
  excepted_account: 'meaning',
  unknown_timezone: 'meaning',
  no_principals: 'meaning',
  invalid_principal_arn: 'meaning',
  wildcard_principal: 'meaning',
  root_principal: 'meaning',
  principal_type_mismatch: 'meaning',
  duplicate_principal: 'meaning',
  untouchable_principal: 'meaning',
  protected_principal: 'meaning',
  excepted_principal: 'meaning',
  several_accounts: 'meaning',
  nobody_protected: 'meaning',
  above_breaker: 'meaning',
  nothing_denied: 'meaning',
  redundant_notify_only: 'meaning',
  malformed_action: 'meaning',
  unknown_action: 'meaning',
  matches_nothing: 'meaning',
  denies_everything: 'meaning',
  denies_looking: 'meaning',
  denies_cleanup: 'meaning',
  scales_both_ways: 'meaning',
  redundant_action: 'meaning',
  allowed_action_known: 'meaning',
  document_too_large: 'meaning',
  ttl_too_long: 'meaning',
  ttl_unlimited: 'meaning',
  two_channels: 'meaning',
  no_bot_token: 'meaning',
  mention_shown_plain: 'meaning',
  unapprovable: 'meaning',
  too_few_approvers: 'meaning',
};

interface Row {
  readonly name: string;
  readonly text?: string;
  readonly replace?: Readonly<Record<string, string>>;
  readonly append?: string;
  readonly settings?: string;
  readonly problems: readonly string[];
}

const FIXTURES = join(__dirname, '../../../fixtures/policies');
const STARTERS = join(__dirname, '../../../../policies');
const BASE = readFileSync(join(FIXTURES, 'base.yaml'), 'utf8');
const ROWS = load(readFileSync(join(FIXTURES, 'mistakes.yaml'), 'utf8')) as readonly Row[];
const ZOD: Readonly<Record<'policy' | 'settings', z.ZodType>> = { policy: POLICY_SCHEMA, settings: SETTINGS_SCHEMA };

const validators = new Map<SchemaKind, ValidateFunction>(SCHEMA_KINDS.map((kind) => [kind, validatorOf(jsonSchema(kind))]));

it('classifies every problem code', () => {
  expect(Object.keys(SEEN_BY)).toEqual([...PROBLEM_CODES]);
});

describe.each(SCHEMA_KINDS)('the %s schema', (kind) => {
  const schema = jsonSchema(kind);
  const nodes = nodesOf(schema, '');

  it('says what it is', () => {
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:autoguardrails:${kind}` });
    expect(schema.title).toMatch(/^AutoGuardRails /);
    expect(schema.description).toMatch(/\.$/);
  });

  it('refuses unknown keys in every mapping with keys of its own', () => {
    const mappings = nodes.filter(({ node }) => node.properties !== undefined);
    expect(mappings.length).toBeGreaterThan(3);
    expect(mappings.filter(({ node }) => node.additionalProperties !== false)).toEqual([]);
  });

  it('names in words what a pattern asks for', () => {
    const patterns = nodes.filter(({ node }) => node.pattern !== undefined);
    expect(patterns.length).toBeGreaterThan(0);
    expect(patterns.filter(({ node }) => !/^Expected .+\.$/.test(String(node['patternErrorMessage'])))).toEqual([]);
  });

  it('takes null for every key that may be absent, and for no other', () => {
    const keys = nodes.flatMap(({ node }) =>
      Object.entries(node.properties ?? {}).map(([key, child]) => ({
        key,
        isRequired: node.required?.includes(key) ?? false,
        takesNull: validatorOf(child)(null),
      })),
    );
    expect(keys.filter(({ isRequired, takesNull }) => isRequired === takesNull)).toEqual([]);
  });

  it('gives examples and defaults that it accepts itself', () => {
    const refused = nodes.flatMap(({ node, path }) =>
      [...(node.examples ?? []), ...('default' in node ? [node.default] : [])].filter((value) => !validatorOf(node)(value)).map((value) => ({ path, value })),
    );
    expect(refused).toEqual([]);
  });
});

describe.each(['policy', 'settings'] as const)('the %s schema', (kind) => {
  it('has an example for every key that is no mapping', () => {
    const keys = nodesOf(jsonSchema(kind), '').filter(({ path, node }) => /(^|\.)\w+$/.test(path) && node.properties === undefined);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter(({ node }) => node.examples === undefined).map(({ path }) => path)).toEqual([]);
  });

  const seeds = seedsOf(kind);
  const isAcceptedBySchema = validatorFor(kind);
  const isAcceptedByProgram = (value: unknown): boolean => ZOD[kind].safeParse(value).success;

  it('agrees with the program on each single change, both ways', () => {
    const changed = seeds.flatMap((seed) =>
      placesIn(seed).flatMap((_place, at) => [
        ...ODD_VALUES.map((value) => mutated(structuredClone(seed), { at, how: 'replace', value })),
        ...ODD_KEYS.map((key) => mutated(structuredClone(seed), { at, how: 'add', key, value: null })),
        mutated(structuredClone(seed), { at, how: 'remove' }),
        mutated(structuredClone(seed), { at, how: 'repeat', times: 21 }),
      ]),
    );
    const accepted = changed.filter(isAcceptedByProgram);
    expect(changed.filter((value) => isAcceptedBySchema(value) !== isAcceptedByProgram(value))).toEqual([]);
    // Changes that one side never passes would prove only half of it.
    expect(accepted.length).toBeGreaterThan(changed.length / 20);
    expect(accepted.length).toBeLessThan(changed.length * 0.8);
  });

  it('agrees with the program on any changes together, both ways', () => {
    const value = fc.oneof(fc.constantFrom(...valuesWithin(seeds)), fc.constantFrom(...ODD_VALUES), fc.jsonValue());
    const change = fc.oneof(
      fc.record({ at: fc.nat(), how: fc.constant('replace' as const), value }),
      fc.record({ at: fc.nat(), how: fc.constant('remove' as const) }),
      fc.record({ at: fc.nat(), how: fc.constant('add' as const), key: fc.constantFrom(...ODD_KEYS), value }),
      fc.record({ at: fc.nat(), how: fc.constant('repeat' as const), times: fc.integer({ min: 1, max: 21 }) }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }), (seed, changes) => {
        const found = changes.reduce(mutated, structuredClone(seed));
        return isAcceptedBySchema(found) === isAcceptedByProgram(found);
      }),
      { numRuns: 1000 },
    );
  });
});

it('accepts every policy, settings and test that is valid', () => {
  for (const kind of ['policy', 'settings'] as const) {
    expect(seedsOf(kind).length).toBeGreaterThan(1);
    expect(seedsOf(kind).filter((seed) => !validatorFor(kind)(seed))).toEqual([]);
  }
  const tests = yamlFiles(join(STARTERS, 'tests'));
  expect(tests.length).toBeGreaterThan(0);
  expect(tests.filter((file) => !validatorFor('test')(load(readFileSync(file, 'utf8'))))).toEqual([]);
});

describe('of the mistakes in the table, the schema sees those of structure and no others:', () => {
  it.each(ROWS.map((row) => [row.name, row] as const))('%s', (_name, row) => {
    expectAgreement(
      'policy',
      textOf(row),
      row.problems.filter((problem) => !problem.startsWith('settings.yaml ')),
    );
    if (row.settings === undefined) return;
    expectAgreement(
      'settings',
      row.settings,
      row.problems.filter((problem) => problem.startsWith('settings.yaml ')),
    );
  });
});

describe('the defaults', () => {
  it('of the settings are all there, and mean what leaving them out means', () => {
    const written = defaultsIn(jsonSchema('settings'));
    const { settings: loaded, problems } = loadSettings([{ path: 'settings.yaml', role: 'settings', text: JSON.stringify(written) }], actionCatalogue());
    expect(problems).toEqual([]);
    expect(loaded).toEqual(DEFAULT_SETTINGS);
    expect(leavesOf(written)).toBe(leavesOf(DEFAULT_SETTINGS));
  });

  it('of a policy mean what leaving them out means', () => {
    const written = defaultsIn(jsonSchema('policy'));
    expect(written).toEqual({ enabled: true, mode: 'dry_run', ttl_minutes: 180 });
    expect(policyOf({})).toEqual(policyOf(written));
    const window = { start: '09:00', end: '17:00', timezone: 'UTC' };
    const days = nodesOf(jsonSchema('policy'), '').find(({ path }) => path === 'exceptions.time_windows[].days')?.node.default;
    expect(policyOf({ exceptions: { time_windows: [window] } })).toEqual(policyOf({ exceptions: { time_windows: [{ ...window, days }] } }));
    const action = { type: 'attach_deny_policy', deny: ['ec2:RunInstances'] };
    const seal = nodesOf(jsonSchema('policy'), '').find(({ path }) => path === 'actions[attach_deny_policy].seal')?.node.default;
    expect(seal).toBe(false);
    expect(policyOf({ actions: [action] })).toEqual(policyOf({ actions: [{ ...action, seal }] }));
  });

  it('are told by the description, also where they are those of the settings', () => {
    expect(jsonSchema('policy')).toMatchObject({
      properties: {
        ttl_minutes: { description: expect.stringMatching(/ Default: 180\.$/) },
        approval: { properties: { min_approvals: { description: expect.stringMatching(/ Default: as in settings\.yaml\.$/) } } },
      },
    });
  });
});

describe('a policy test', () => {
  const isAccepted = (test: unknown): boolean => validatorFor('test')(test);
  const event = { source: 'anomaly', account_id: '123456789012', amount_usd: 250, root_causes: [{ service: 'Amazon Bedrock' }] };
  const test = { name: 'a spike', event, expect: { 'genai-spike': { outcome: 'manual', reasons: ['source_met'] } } };

  it('may stand alone or in a list', () => {
    expect([test, [test, { ...test, event: { file: 'alerts/one.txt' } }]].map(isAccepted)).toEqual([true, true]);
  });

  it('is refused where an event mixes sources, or an expectation names what there is not', () => {
    const mixed = { ...test, event: { ...event, budget_name: 'ci' } };
    const unknown = { ...test, expect: { 'genai-spike': { outcome: 'held' } } };
    const misspelt = { ...test, expect: { 'genai-spike': { outcome: 'manual', reason: [] } } };
    expect([mixed, unknown, misspelt, { ...test, expects: {} }, [test, 5]].map(isAccepted)).toEqual([false, false, false, false, false]);
  });
});

/** Values that are nearly right somewhere, or wrong everywhere. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 0.5, 20, 21, 1e15, 1e16, 2 ** 53, 1e20, Number.NaN, Number.POSITIVE_INFINITY],
  ...['', ' ', '\n', '*', 'a', 'ü', '24:00', '00:00', '123456789012', '12345678901', '123456789012\n', 'mon', 'MON', 'monday', 'arn:aws:iam::1', 'budgets'],
  ...['attach_deny_policy', 'notify_only', 'U0ALICE', 'us-east-1', '/guardrails/slack_webhook', 'constructor', 'x'.repeat(65)],
  ...[[], {}, [null], [[]], [{}], ['*'], [''], { type: 'notify_only' }, { type: 'notify_only', deny: [] }, { type: 'notify_only', deny: ['ec2:RunInstances'] }],
];

const ODD_KEYS = ['constructor', 'toString', 'notify', 'deny', 'seal', 'extra', 'min_approvals', ''];

type Mutation = { readonly at: number } & (
  | { readonly how: 'replace'; readonly value: unknown }
  | { readonly how: 'remove' }
  | { readonly how: 'add'; readonly key: string; readonly value: unknown }
  | { readonly how: 'repeat'; readonly times: number }
);

/** Changes one place of the value itself; what can't be done there is left undone. */
function mutated(root: unknown, mutation: Mutation): unknown {
  const places = placesIn(root);
  const place = places[mutation.at % Math.max(1, places.length)];
  if (place === undefined) return root;
  const { holder, key } = place;
  if (mutation.how === 'replace') Reflect.set(holder, key, structuredClone(mutation.value));
  if (mutation.how === 'remove' && Array.isArray(holder)) holder.splice(Number(key), 1);
  if (mutation.how === 'remove' && !Array.isArray(holder)) Reflect.deleteProperty(holder, key);
  if (mutation.how === 'add' && !Array.isArray(holder)) Reflect.set(holder, mutation.key, structuredClone(mutation.value));
  if (mutation.how === 'repeat' && Array.isArray(holder)) {
    for (let times = 0; times < mutation.times; times += 1) holder.push(structuredClone(Reflect.get(holder, key)));
  }
  return root;
}

function placesIn(value: unknown): readonly { readonly holder: object; readonly key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [{ holder: value, key }, ...placesIn(child)]);
}

function valuesWithin(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) => [value, ...(typeof value === 'object' && value !== null ? valuesWithin(Object.values(value)) : [])]);
}

/** Valid files of a kind, as data. */
function seedsOf(kind: 'policy' | 'settings'): readonly unknown[] {
  const files = [...yamlFiles(STARTERS), ...yamlFiles(join(FIXTURES, 'every-key')), ...yamlFiles(join(FIXTURES, 'predecessor'))];
  return files.filter((file) => file.endsWith('settings.yaml') === (kind === 'settings')).map((file) => load(readFileSync(file, 'utf8')));
}

function expectAgreement(kind: 'policy' | 'settings', text: string, problems: readonly string[]): void {
  const { document, findings } = readYaml(text);
  const errors = problems.filter((problem) => problem.includes(' error ')).map((problem) => PROBLEM_CODES.find((code) => problem.includes(` ${code} `)));
  const seenBy = errors.map((code) => (code === undefined ? undefined : SEEN_BY[code]));
  if (document === null || findings.length > 0) {
    // A validator of data never sees such a text; what is wrong besides may be anything.
    expect(seenBy.length).toBeGreaterThan(0);
    return;
  }
  const isAccepted = validatorFor(kind)(document.value);
  expect(isAccepted).toBe(ZOD[kind].safeParse(document.value).success);
  if (seenBy.includes('structure')) expect(isAccepted).toBe(false);
  if (!seenBy.some((one) => one !== 'meaning')) expect(isAccepted).toBe(true);
}

function textOf(row: Row): string {
  const replaced = Object.entries(row.replace ?? {}).reduce((text, [from, to]) => text.replace(from, () => to), row.text ?? BASE);
  return row.append === undefined ? replaced : `${replaced}${row.append.trimEnd()}\n`;
}

function yamlFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));
}

function validatorFor(kind: SchemaKind): (value: unknown) => boolean {
  const validate = validators.get(kind);
  return (value) => validate?.(value) === true;
}

function validatorOf(schema: z.core.JSONSchema._JSONSchema): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: true });
  ajv.addKeyword('patternErrorMessage');
  return ajv.compile(schema);
}

/** Every part of a schema that describes a value, by its path. */
function nodesOf(node: JsonSchema, path: string): readonly { readonly path: string; readonly node: JsonSchema }[] {
  const children = [
    ...Object.entries(node.properties ?? {}).map(([key, child]) => [child, path === '' ? key : `${path}.${key}`] as const),
    ...(node.items === undefined ? [] : [[node.items, `${path}[]`] as const]),
    ...(node.anyOf ?? []).map((child) => [child, `${path}|`] as const),
    ...(node.oneOf ?? []).map((child) => [child, path.replace('[]', `[${constOf(child)}]`)] as const),
    ...Object.values(node.$defs ?? {}).map((child) => [child, ''] as const),
    [node.additionalProperties, `${path}.*`] as const,
  ];
  return [{ path, node }, ...children.flatMap(([child, at]) => (isSchema(child) ? nodesOf(child, at) : []))];
}

function constOf(member: JsonSchema): string {
  const type = member.properties?.['type'];
  return isSchema(type) ? String(type.const) : '';
}

function isSchema(node: unknown): node is JsonSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** The defaults of the keys of mappings, as a file that writes them out; not those within lists. */
function defaultsIn(schema: JsonSchema): Readonly<Record<string, unknown>> {
  const entries = Object.entries(schema.properties ?? {}).flatMap(([key, child]): readonly (readonly [string, unknown])[] => {
    if (!isSchema(child)) return [];
    if ('default' in child) return [[key, child.default]];
    const below = defaultsIn(child);
    return Object.keys(below).length === 0 ? [] : [[key, below]];
  });
  return Object.fromEntries(entries);
}

/** How many values a tree holds, where neither nothing nor an empty list counts. */
function leavesOf(value: unknown): number {
  if (value === null || (Array.isArray(value) && value.length === 0)) return 0;
  return typeof value === 'object' ? Object.values(value).reduce<number>((sum, child) => sum + leavesOf(child), 0) : 1;
}

function policyOf(changes: object): unknown {
  const { mode: _, ttl_minutes: __, ...base } = load(BASE) as Record<string, unknown>;
  const loaded = loadPolicies([{ path: 'policy.yaml', role: 'policy', text: JSON.stringify({ ...base, ...changes }) }], actionCatalogue());
  expect(loaded.problems).toEqual([]);
  return loaded.policies.map(({ policy }) => policy);
}
