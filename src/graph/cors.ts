import type { Exchange } from './http.js';

const MAX_AGE_S = 600;

/**
 * Lets pages of the origins given call the graph from a browser. Answers a preflight, and says so; for other requests
 * it only adds the headers.
 */
export function admitPages({ req, res, url }: Exchange, origins: readonly string[]): 'answered' | 'goes-on' {
  const { origin } = req.headers;
  if (url.pathname !== '/graphql' || origin === undefined || !origins.includes(origin)) return 'goes-on';
  res.setHeader('access-control-allow-origin', origin);
  res.setHeader('access-control-expose-headers', 'x-request-id, retry-after');
  res.setHeader('vary', 'origin');
  if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) return 'goes-on';
  res.setHeader('access-control-allow-methods', 'GET, POST');
  res.setHeader('access-control-allow-headers', 'authorization, content-type, x-request-id, apollo-require-preflight');
  res.setHeader('access-control-max-age', String(MAX_AGE_S));
  res.writeHead(204).end();
  return 'answered';
}
