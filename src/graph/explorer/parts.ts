import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { exampleTabs } from './example-tabs.js';

export interface ExplorerPart {
  type: string;
  etag: string;
  gzipped: Buffer;
  plain(): Promise<Buffer>;
}

/** What the page must know of the hub that serves it. */
export interface ExplorerMode {
  isTrustedOnly: boolean;
}

interface Source {
  type: string;
  read(mode: ExplorerMode): Promise<string>;
}

const SCRIPT = 'text/javascript; charset=utf-8';
const JSON_TEXT = 'application/json; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

// Nine megabytes of text: loaded when somebody opens the page, not at every start.
const graphiql = () => import('@graphql-yoga/render-graphiql/graphiql');
const own = (name: string) => readFile(new URL(name, import.meta.url), 'utf8');

const SOURCES: Record<string, Source> = {
  'page.html': { type: 'text/html; charset=utf-8', read: () => own('page.html') },
  'page.css': { type: STYLE, read: () => own('page.css') },
  'page.js': { type: SCRIPT, read: () => own('page.js') },
  'icon.svg': { type: 'image/svg+xml', read: () => own('icon.svg') },
  'tabs.json': { type: JSON_TEXT, read: async (mode) => JSON.stringify({ ...mode, tabs: await exampleTabs() }) },
  'graphiql.js': { type: SCRIPT, read: async () => (await graphiql()).js },
  'graphiql.css': { type: STYLE, read: async () => (await graphiql()).css },
  'editor-worker.js': { type: SCRIPT, read: async () => (await graphiql()).editorWorkerService },
  'json-worker.js': { type: SCRIPT, read: async () => (await graphiql()).jsonWorker },
  'graphql-worker.js': { type: SCRIPT, read: async () => (await graphiql()).graphqlWorker },
  'graphql-ws.js': { type: SCRIPT, read: () => readFile(pathInGraphqlWs('umd/graphql-ws.min.js'), 'utf8') },
};
export const PART_NAMES = Object.keys(SOURCES);

/** Reads and packs one part of the page; throws where its package or file cannot be read. */
export async function explorerPart(name: string, mode: ExplorerMode): Promise<ExplorerPart> {
  const { type, read } = SOURCES[name]!;
  const plain = Buffer.from(await read(mode));
  const gzipped = await promisify(gzip)(plain);
  const etag = `"${createHash('sha256').update(plain).digest('base64url')}"`;
  // Only the packed form is kept: hardly any client asks for the other.
  return { type, etag, gzipped, plain: () => promisify(gunzip)(gzipped) };
}

function pathInGraphqlWs(file: string): string {
  return join(createRequire(import.meta.url).resolve('graphql-ws/package.json'), '..', file);
}
