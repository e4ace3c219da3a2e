/** Writes what the documentation takes from the code: the made parts of docs/policies.md, and the JSON Schemas that editors read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA_KINDS } from '../src/adapters/yaml/json-schema.ts';
import { schemaFileName, schemaFileText } from '../src/adapters/yaml/schema-file.ts';
import { renderPolicyPage } from './docs/policy-page.ts';
import { PROJECT_ROOT } from './project-root.ts';

const PAGE = join(PROJECT_ROOT, 'docs', 'policies.md');
const SCHEMAS = join(PROJECT_ROOT, 'policies', 'schema');

writeFileSync(PAGE, renderPolicyPage(readFileSync(PAGE, 'utf8')));
mkdirSync(SCHEMAS, { recursive: true });
for (const kind of SCHEMA_KINDS) writeFileSync(join(SCHEMAS, schemaFileName(kind)), schemaFileText(kind));
