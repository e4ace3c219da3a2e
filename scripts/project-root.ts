import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. Scripts go by it, so that they may be called from anywhere. */
export const PROJECT_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
