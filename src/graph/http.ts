import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomId } from '../shared/ids.js';
import type { Log } from '../shared/log.js';
import { mediaTypeFor } from './media-type.js';

/** One request on its way through the server. */
export interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  url: URL;
  requestId: string;
  log: Log;
}

/** A path of the server; `path` ending in `*` takes everything below. */
export interface Route {
  method: 'GET' | 'POST' | '*';
  path: string;
  handle(exchange: Exchange): Promise<void> | void;
}

/** The request cannot be read or answered as it was sent: its body is too large, no JSON, of another type. */
export class BodyError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > maxBytes) throw new BodyError(413, `body: at most ${maxBytes} bytes, ${declared} announced`);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new BodyError(413, `body: at most ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'ECONNRESET') throw new BodyError(400, 'body: the client went away');
    throw error;
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  res.end(text);
}

export function sendText(res: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  res.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

/** Every GraphQL answer that is not a result has this shape, as JSON. */
export function sendErrors(exchange: Exchange, status: number, message: string, code: string, headers = {}): void {
  const type = `${mediaTypeFor(exchange.req.headers.accept) ?? 'application/json'}; charset=utf-8`;
  sendJson(exchange.res, status, { errors: [{ message, extensions: { code } }] }, { 'content-type': type, ...headers });
}

const REQUEST_ID = /^[\w.-]{1,64}$/;

export function requestIdOf(req: IncomingMessage): string {
  const given = req.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomId();
}

export function isLoopback(req: IncomingMessage): boolean {
  const address = req.socket.remoteAddress ?? '';
  return (/^(::ffff:)?127\./.test(address) || address === '::1') && req.headers['x-forwarded-for'] === undefined;
}
