import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../shared/log.js';
import { admitPages } from './cors.js';
import { BodyError, requestIdOf, sendErrors, sendJson, type Exchange, type Route } from './http.js';

export interface HubServer {
  http: Server;
  listen(port: number, host: string): Promise<number>;
  /** Takes no new requests, waits for those in flight. */
  drain(graceMs: number): Promise<void>;
}

/** One node:http server for graph, health, explorer and webhooks; sockets upgrade on the same port. */
export function hubServer(
  routes: Route[],
  log: Log,
  allowedOrigins: readonly string[] = [],
  onRequest?: (route: string, status: number, seconds: number) => void,
): HubServer {
  let draining = false;
  const http = createServer({
    headersTimeout: 15_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
    // Longer than clients and proxies keep a connection that is idle: they close it first, and none is cut in between.
    keepAliveTimeout: 75_000,
  });
  http.on('request', (req, res) => {
    const started = performance.now();
    const requestId = requestIdOf(req);
    res.setHeader('x-request-id', requestId);
    res.setHeader('x-content-type-options', 'nosniff');
    if (draining) res.setHeader('connection', 'close');
    const exchange: Exchange = { req, res, url: urlOf(req), requestId, log: log.child({ requestId }) };
    const route = routes.find((candidate) => matches(candidate, req.method ?? '', exchange.url.pathname));
    res.on('close', () => {
      onRequest?.(route?.path ?? 'none', res.statusCode, (performance.now() - started) / 1000);
      exchange.log.debug({ method: req.method, path: exchange.url.pathname, status: res.statusCode }, 'request');
    });
    if (admitPages(exchange, allowedOrigins) === 'goes-on') void serve(exchange, route, routes);
  });
  return {
    http,
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, 1024, () => {
          http.off('error', reject);
          resolve((http.address() as AddressInfo).port);
        });
      }),
    drain: (graceMs) => {
      draining = true;
      return new Promise((resolve) => {
        const force = setTimeout(() => http.closeAllConnections(), graceMs);
        http.close(() => {
          clearTimeout(force);
          resolve();
        });
        http.closeIdleConnections();
      });
    },
  };
}

async function serve(exchange: Exchange, route: Route | undefined, routes: Route[]): Promise<void> {
  const { req, res, log } = exchange;
  try {
    if (route) await route.handle(exchange);
    else refuseUnknown(exchange, routes);
  } catch (error) {
    if (error instanceof BodyError)
      return closeWith(req, res, () => sendErrors(exchange, error.status, error.message, 'BAD_USER_INPUT'));
    log.error({ err: error, path: exchange.url.pathname }, 'fault while serving a request');
    if (!res.headersSent) sendErrors(exchange, 500, 'A fault of the hub', 'INTERNAL_SERVER_ERROR');
    else res.destroy();
  }
}

/** What the client still sends of a body that is refused would be read as its next request. */
function closeWith(req: IncomingMessage, res: ServerResponse, answer: () => void): void {
  res.setHeader('connection', 'close');
  answer();
  req.resume();
}

function refuseUnknown({ req, res, url }: Exchange, routes: Route[]): void {
  const allowed = routes.filter((route) => matches(route, route.method, url.pathname)).map((route) => route.method);
  if (allowed.length > 0)
    return sendJson(res, 405, { error: `${req.method} is not served here` }, { allow: allowed.join(', ') });
  sendJson(res, 404, { error: `nothing is served at ${url.pathname}` });
}

function matches(route: Route, method: string, pathname: string): boolean {
  const methodFits = route.method === '*' || route.method === method || (route.method === 'GET' && method === 'HEAD');
  if (!methodFits) return false;
  return route.path.endsWith('*') ? pathname.startsWith(route.path.slice(0, -1)) : pathname === route.path;
}

function urlOf(req: IncomingMessage): URL {
  // Not relative to a base: a path of two slashes would be read as the name of a host.
  const target = req.url?.startsWith('/') ? `http://hub${req.url}` : (req.url ?? '');
  return URL.canParse(target) ? new URL(target) : new URL('http://hub/');
}
