import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const sourceFolders = ['src', 'connectors', 'test', 'bench'];
export const nodeModules = join(root, 'node_modules');
export const dist = join(root, 'dist');

/** Stamps, the compiler's memory and the lock. In dist/, because `npm ci` empties node_modules. */
export const stateFolder = join(dist, '.prepare');
