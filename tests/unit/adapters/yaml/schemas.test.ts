import * as z from 'zod';
import { POLICY_SCHEMA } from '../../../../src/adapters/yaml/policy-schema.ts';
import { SETTINGS_SCHEMA } from '../../../../src/adapters/yaml/settings-schema.ts';

// An editor's schema and the documentation are made from these two.
describe.each([
  ['policies', POLICY_SCHEMA],
  ['settings', SETTINGS_SCHEMA],
])('the schema of %s', (_name, schema) => {
  const json = z.toJSONSchema(schema, { io: 'input' });

  it('can be told to an editor, unknown keys refused', () => {
    expect(json).toMatchObject({ type: 'object', additionalProperties: false });
  });

  it('describes every key', () => {
    expect(keysWithoutDescription(json, '')).toEqual([]);
  });
});

function keysWithoutDescription(schema: unknown, path: string): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties: Record<string, unknown> = 'properties' in schema && typeof schema.properties === 'object' ? { ...schema.properties } : {};
  const missing = Object.entries(properties).flatMap(([key, child]) => {
    const described =
      typeof child === 'object' && child !== null && 'description' in child && typeof child.description === 'string' && child.description.endsWith('.');
    return described ? [] : [`${path}/${key}`];
  });
  const below = Object.entries(schema).flatMap(([key, child]) => keysWithoutDescription(child, key === 'properties' ? path : `${path}/${key}`));
  return [...missing, ...below];
}
