import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from './project-root.ts';

for (const folder of ['dist', 'coverage', 'cdk.out']) {
  rmSync(join(PROJECT_ROOT, folder), { recursive: true, force: true });
}
