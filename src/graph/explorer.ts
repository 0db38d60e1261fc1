import { explorerPart, PART_NAMES } from './explorer/parts.js';
import type { Exchange, Route } from './http.js';

const FOLDER = '/explorer/';
/** Nothing comes from or goes to another host. GraphiQL's editor writes style elements, which need the exception. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GraphiQL at /, all of it from this host; its parts are read at their first visit and kept. It needs no key itself. */
export function explorerRoutes(isTrustedOnly: boolean): Route[] {
  const parts = new Map(PART_NAMES.map((name) => [name, once(() => explorerPart(name, { isTrustedOnly }))]));
  const serve = async ({ req, res, url }: Exchange) => {
    const name = url.pathname === '/' ? 'page.html' : url.pathname.slice(FOLDER.length);
    const part = await parts.get(name)?.();
    res.setHeader('content-security-policy', POLICY);
    res.setHeader('referrer-policy', 'no-referrer');
    res.setHeader('x-frame-options', 'DENY');
    if (!part) {
      res.statusCode = 404;
      return void res.end();
    }
    res.setHeader('etag', part.etag);
    res.setHeader('cache-control', 'no-cache');
    res.setHeader('vary', 'accept-encoding');
    if (req.headers['if-none-match'] === part.etag) {
      res.statusCode = 304;
      return void res.end();
    }
    res.setHeader('content-type', part.type);
    const zips = req.headers['accept-encoding']?.includes('gzip') ?? false;
    if (zips) res.setHeader('content-encoding', 'gzip');
    const body = zips ? part.gzipped : await part.plain();
    res.setHeader('content-length', body.length);
    res.end(req.method === 'HEAD' ? undefined : body);
  };
  return [
    { method: 'GET', path: '/', handle: serve },
    { method: 'GET', path: `${FOLDER}*`, handle: serve },
  ];
}

/** A failure is not kept: the next visit tries again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
