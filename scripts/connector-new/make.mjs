import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare/paths.mjs';

const TEMPLATE = join(root, 'connectors', '_template');
const CODE = /^[a-z][a-z0-9-]{1,40}$/;

/** Why a vendor cannot have that code; null where it can. */
export function whyNot(code) {
  if (code === undefined) return 'expected the vendor’s name, such as "my-vendor"';
  return CODE.test(code) ? null : `expected a name such as "my-vendor", got "${code}"`;
}

/** Writes the template as the vendor's folder. */
export function makeConnector(code, folder) {
  const name = code
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
  for (const path of readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })) {
    if (!path.isFile()) continue;
    const from = join(path.parentPath, path.name);
    const to = join(folder, from.slice(TEMPLATE.length));
    const text = readFileSync(from, 'utf8').replaceAll('template-vendor', code).replaceAll('Template vendor', name);
    mkdirSync(join(to, '..'), { recursive: true });
    writeFileSync(to, text);
  }
}
