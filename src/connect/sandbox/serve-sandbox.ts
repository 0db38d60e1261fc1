import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NO_FAULTS, type Faults } from './faults.js';

export interface SandboxRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: IncomingMessage['headers'];
  body: Buffer;
}
export interface SandboxAnswer {
  status: number;
  headers?: Record<string, string>;
  /** A text goes out as it is, anything else as JSON, undefined as nothing. */
  body?: unknown;
}

export interface SandboxBehavior {
  answer(request: SandboxRequest): SandboxAnswer | Promise<SandboxAnswer>;
  /** How the vendor says that it is asked too often. */
  throttled(request: SandboxRequest): SandboxAnswer;
  /** How the vendor says that something broke. */
  failed(request: SandboxRequest): SandboxAnswer;
  faults?: Faults;
}

export interface ServedSandbox {
  baseUrl: string;
  /** Requests so far, those that met a fault included. */
  requests: number;
  close(): Promise<void>;
}

const PAGE = '<!doctype html><html><body><h1>We will be right back</h1></body></html>';
const CHUNK = ' '.repeat(1024 * 1024);
const MOST_CHUNKS = 512;

/** Serves a vendor's stand-in on a free port of loopback, with the faults of HTTP around what it answers. */
export async function serveSandbox(behavior: SandboxBehavior): Promise<ServedSandbox> {
  const served: ServedSandbox = { baseUrl: '', requests: 0, close: () => closed(server) };
  const server = createServer((req, res) => {
    served.requests += 1;
    handle(req, res, behavior).catch((error: Error) => {
      res.writeHead(500, { 'content-type': 'text/plain' }).end(`the sandbox itself failed: ${error.stack}`);
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  served.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
}

async function handle(req: IncomingMessage, res: ServerResponse, behavior: SandboxBehavior): Promise<void> {
  const { faults = NO_FAULTS } = behavior;
  const url = new URL(req.url ?? '/', 'http://sandbox');
  const request: SandboxRequest = {
    method: req.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    body: await bodyOf(req),
  };
  if (faults.strikes('429')) return send(res, behavior.throttled(request));
  for (const mode of ['timeout', 'reset', '500'] as const) {
    if (!faults.strikes(mode)) continue;
    // Half of these are lost on the way there, half on the way back.
    if (faults.either()) await behavior.answer(request);
    if (mode === '500') return send(res, behavior.failed(request));
    // A timeout is the caller's: the socket stays open until it gives up.
    if (mode === 'reset') req.socket.resetAndDestroy();
    return;
  }
  if (faults.strikes('html')) return send(res, { status: 200, headers: { 'content-type': 'text/html' }, body: PAGE });
  if (faults.strikes('huge-body')) return sendWithoutEnd(res);
  send(res, await behavior.answer(request));
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(res: ServerResponse, { status, headers, body }: SandboxAnswer): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  if (body === undefined) res.end();
  else res.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function sendWithoutEnd(res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'application/json' });
  let sent = 0;
  const more = (): void => {
    while (sent < MOST_CHUNKS && !res.destroyed) {
      sent += 1;
      if (!res.write(CHUNK)) return void res.once('drain', more);
    }
    res.end();
  };
  more();
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
