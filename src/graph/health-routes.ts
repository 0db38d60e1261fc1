import type { Registry } from 'prom-client';
import { isLoopback, sendJson, sendText, type Route } from './http.js';

/** What an orchestrator asks: whether the process lives, and whether it can serve. Figures are for loopback alone. */
export function healthRoutes(registry: Registry, isReady: () => Promise<string | null>): Route[] {
  return [
    { method: 'GET', path: '/healthz', handle: ({ res }) => sendJson(res, 200, { status: 'ok' }) },
    {
      method: 'GET',
      path: '/readyz',
      handle: async ({ res }) => {
        const obstacle = await isReady();
        sendJson(
          res,
          obstacle === null ? 200 : 503,
          obstacle === null ? { status: 'ready' } : { status: 'not ready', obstacle },
        );
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      handle: async ({ req, res }) => {
        if (!isLoopback(req)) return sendJson(res, 403, { error: 'metrics are served on loopback alone' });
        sendText(res, 200, await registry.metrics(), registry.contentType);
      },
    },
  ];
}
