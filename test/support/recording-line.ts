import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Traffic } from './openapi-contract.js';

export interface RecordingLine {
  /** Where calls go through from now on, to that address. */
  leadTo(target: string): string;
  hookUrl: string;
  traffic: Traffic[];
  deliveries: { url: string; headers: IncomingMessage['headers']; body: Buffer }[];
  close(): Promise<void>;
}

/** A line between a connector and its sandbox that notes what is said on it, deliveries the other way included. */
export async function recordingLine(): Promise<RecordingLine> {
  let target = '';
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const url = new URL(req.url ?? '/', 'http://line');
    if (url.pathname === '/hook') {
      line.deliveries.push({ url: line.hookUrl, headers: req.headers, body });
      return void res.writeHead(200).end();
    }
    const { method = 'GET' } = req;
    const headers = Object.fromEntries(
      Object.entries(req.headers).flatMap(([name, value]) => {
        const isSaid = ['authorization', 'content-type', 'accept'].includes(name) || name.startsWith('x-');
        return isSaid && typeof value === 'string' ? [[name, value]] : [];
      }),
    );
    const answer = await fetch(target + (req.url ?? ''), {
      method,
      headers,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const text = await answer.text();
    line.traffic.push({
      method,
      path: url.pathname,
      query: url.searchParams,
      request: said(body.toString(), req.headers['content-type'] ?? ''),
      status: answer.status,
      response: said(text, answer.headers.get('content-type') ?? ''),
    });
    res.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
  };
  const server = createServer((req, res) => {
    handle(req, res).catch((error: Error) => res.writeHead(502).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const line: RecordingLine = {
    leadTo(address) {
      target = address;
      return baseUrl;
    },
    hookUrl: `${baseUrl}/hook`,
    traffic: [],
    deliveries: [],
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
  return line;
}

function said(text: string, contentType: string): unknown {
  if (text === '') return undefined;
  if (contentType.includes('urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text) as unknown;
}
