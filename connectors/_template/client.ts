import { readWire, type ConnectorHttp, type HttpDefinition } from '#connect';
import type { Credentials, Settings } from './settings.js';
import { pageShape } from './wire.js';

export const http: HttpDefinition<Settings, Credentials> = {
  baseUrl: ({ settings }) => settings.baseUrl,
  headers: ({ credentials }) => ({ authorization: `Bearer ${credentials.apiKey}` }),
  limits: { default: { burst: 20, perSecond: 10 } },
};

/** A page of what changed since then, oldest change first; its records as they came. */
export async function listOrders(
  sender: ConnectorHttp,
  { since, cursor }: { since: Date | null; cursor: string | null },
): Promise<{ orders: unknown[]; next: string | null }> {
  const query = { changedSince: since?.toISOString(), cursor: cursor ?? undefined };
  const { body } = await sender.send({ operation: 'listOrders', method: 'GET', path: '/orders', query });
  return readWire(pageShape, body);
}

/** As it came; null where there is no such order. */
export async function getOrder(sender: ConnectorHttp, id: string): Promise<unknown> {
  const path = `/orders/${encodeURIComponent(id)}`;
  const { status, body } = await sender.send({ operation: 'getOrder', method: 'GET', path, accept: [404] });
  return status === 404 ? null : body;
}
