import type { Connector } from './contract.js';
import type { ConnectorHttp, Token } from './exchange.js';
import { httpClient } from './http-client.js';

/**
 * Talks to a system for one process alone: nothing is paced, a token lives in memory, any address may be called. For
 * tests and for trying a connector out by hand.
 */
export function loneHttp(
  connector: Connector,
  { settings, credentials, now }: { settings: unknown; credentials: unknown; now(): Date },
): ConnectorHttp & { close(): void } {
  if (!connector.http) throw new Error(`connector ${connector.code} has no http`);
  let token: Token | null = null;
  return httpClient({
    definition: connector.http,
    settings,
    credentials,
    now,
    pacer: { admit: () => Promise.resolve({ done: () => {} }) },
    tokens: {
      async current(get, refused) {
        if (!token || token === refused) token = await get(token);
        return token;
      },
    },
    guard: { allow: () => {} },
    limits: { timeoutMs: 2_000 },
  });
}
