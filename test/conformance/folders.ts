import { readdirSync } from 'node:fs';
import type { Connector } from '../../src/connect/index.js';

const BUILT = new URL('../../', import.meta.url);

/** All connectors there are, by their folders below the project. */
export function connectorFolders(): string[] {
  return readdirSync(new URL('connectors/', BUILT), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map(({ name }) => `connectors/${name}`)
    .sort();
}

/** The connector that a folder below what is built defines. */
export async function connectorIn(folder: string): Promise<Connector> {
  return ((await import(new URL(`${folder}/index.js`, BUILT).href)) as { default: Connector }).default;
}
