import { type JsonSchema, yamlInline } from '../../src/adapters/yaml/json-schema.ts';

type Child = NonNullable<JsonSchema['properties']>[string];

interface Mapping {
  readonly name: string;
  readonly node: JsonSchema;
}

/** From here on, a bound only keeps a number a number. */
const NO_BOUND = 1e15;

/** A cell of a table holds no more of them. */
const MOST_CHOICES = 12;

const TYPES: ReadonlyMap<unknown, string> = new Map([
  ['string', 'text'],
  ['boolean', '`true` or `false`'],
  ['integer', 'whole number'],
  ['number', 'number'],
]);

/** A table in Markdown for each mapping of a schema, with a heading of its path; the top has none. */
export function keyTables(schema: JsonSchema): string {
  return mappingsIn(schema, '')
    .map(({ name, node }) => `${name === '' ? '' : `### \`${name}\`\n\n`}${table(node)}`)
    .join('\n');
}

/** The mapping itself, where the node is one, and those below it. The members of a choice go by what they begin with. */
function mappingsIn(node: JsonSchema, name: string): readonly Mapping[] {
  const at = (key: string): string => (name === '' ? key : `${name}.${key}`);
  const children: readonly (readonly [string, Child | undefined])[] = [
    ...Object.entries(node.properties ?? {}).map(([key, child]) => [at(key), child] as const),
    [`${name}[]`, Array.isArray(node.items) ? undefined : node.items],
    ...[...(node.oneOf ?? []), ...(node.anyOf ?? [])].map((member) => [`${name} (${beginning(member)})`, member] as const),
    [at('<policy_id>'), node.additionalProperties],
  ];
  const own = node.properties === undefined ? [] : [{ name, node }];
  return [...own, ...children.flatMap(([path, child]) => (isSchema(child) ? mappingsIn(child, path) : []))];
}

function table(node: JsonSchema): string {
  const rows = Object.entries(node.properties ?? {}).map(([key, child]) => (isSchema(child) ? row(key, child, node.required?.includes(key) ?? false) : ''));
  return ['| key | meaning | form | default | example |', '| --- | --- | --- | --- | --- |', ...rows, ''].join('\n');
}

function row(key: string, node: JsonSchema, isRequired: boolean): string {
  const [, meaning = '', fallback] = /^(.*?)(?: Default: (.+)\.)?$/.exec(node.description ?? '') ?? [];
  const [example] = node.examples ?? [];
  const shown = example === undefined ? '' : code(`${key}: ${yamlInline(example)}`);
  const told = fallback === undefined || !('default' in node) ? prose(fallback ?? '') : code(fallback);
  return `| ${[code(key), prose(meaning), formOf(node), isRequired ? '**required**' : told, shown].join(' | ')} |`;
}

/** The form of a value in words: `list of texts, at least 1`. */
function formOf(node: Child): string {
  if (!isSchema(node)) return 'anything';
  const { enum: choices, anyOf, patternErrorMessage: expected } = node;
  if (node.const !== undefined) return code(yamlInline(node.const));
  if (choices !== undefined) return oneOf(choices);
  if (anyOf !== undefined) return joined(anyOf.filter(({ type }) => type !== 'null').map(formOf));
  if (typeof expected === 'string') return prose(expected.replace(/^Expected |\.$/g, ''));
  const [type] = [node.type].flat();
  return type === 'array' ? listForm(node) : `${TYPES.get(type) ?? 'mapping'}${bounds(node)}`;
}

function oneOf(choices: readonly unknown[]): string {
  const named = choices.filter((choice) => choice !== null);
  if (named.length > MOST_CHOICES) return `one of ${named.length} codes`;
  return named.map((choice) => code(String(choice))).join(', ');
}

function joined(forms: readonly string[]): string {
  const isMappings = forms.every((form) => form === 'mapping');
  return isMappings ? 'mapping' : forms.join(', or ');
}

function listForm({ items, minItems, maxItems }: JsonSchema): string {
  if (maxItems === 0) return 'nothing';
  const item = Array.isArray(items) || items === undefined ? 'anything' : formOf(items);
  const plural = new Map([
    ['text', ' of texts'],
    ['mapping', ' of mappings'],
  ]).get(item);
  return `list${plural ?? ''}${minItems === undefined ? '' : `, at least ${minItems}`}${maxItems === undefined ? '' : `, at most ${maxItems}`}${plural === undefined ? `; each: ${item}` : ''}`;
}

function bounds({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const lower = minimum === undefined || minimum <= -NO_BOUND ? null : minimum;
  const upper = maximum === undefined || maximum >= NO_BOUND ? null : maximum;
  if (typeof exclusiveMinimum === 'number') return ` above ${exclusiveMinimum}`;
  if (lower === null) return '';
  return upper === null ? `, ${lower} or more` : ` from ${lower} to ${upper}`;
}

/** The constant or, where there is none, the first key of a member of a choice. */
function beginning(member: JsonSchema): string {
  const [first] = Object.entries(member.properties ?? {});
  return first !== undefined && isSchema(first[1]) ? String(first[1].const ?? first[0]) : '';
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** Text without anything that Markdown would read as its own. */
function prose(text: string): string {
  return text.replace(/[*|<]/g, '\\$&');
}

function isSchema(node: unknown): node is JsonSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
