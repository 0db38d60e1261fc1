import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}
export type Answering = (req: SeenRequest, res: ServerResponse, number: number) => void | Promise<void>;

export interface Loopback {
  url: string;
  port: number;
  seen: SeenRequest[];
  connections: number;
  close(): Promise<void>;
}

/** A real server of the test's own; `answering` is told which request it is, 1 for the first. */
export async function loopback(answering: Answering, host = '127.0.0.1', port = 0): Promise<Loopback> {
  const served: Loopback = { url: '', port: 0, seen: [], connections: 0, close: () => Promise.resolve() };
  const server = createServer((req, res) => {
    void bodyOf(req).then((body) => {
      const request = { method: req.method!, url: req.url!, headers: req.headers, body };
      return answering(request, res, served.seen.push(request));
    });
  });
  server.on('connection', () => (served.connections += 1));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  served.port = (server.address() as AddressInfo).port;
  served.url = `http://${host}:${served.port}`;
  served.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return served;
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

export function json(res: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
