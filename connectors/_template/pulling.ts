import { readWire, type PulledRecord, type PullDefinition } from '#connect';
import { getOrder, listOrders } from './client.js';
import { statedOrder } from './mapping.js';
import type { Credentials, Settings } from './settings.js';
import { headShape, wireOrder } from './wire.js';

export const orders: PullDefinition<Settings, Credentials> = {
  of: 'order',
  everyMs: 60_000,
  overlapMs: 5 * 60_000,
  async page({ http }, from) {
    const page = await listOrders(http, from);
    return { records: page.orders.map(recordOf), next: page.next };
  },
  async one({ http }, externalId) {
    const order = await getOrder(http, externalId);
    return order === null ? null : recordOf(order);
  },
  read: (raw) => [{ kind: 'order', order: statedOrder(readWire(wireOrder, raw)) }],
};

/** As it came: what is wrong with one record must not stop the page. */
function recordOf(raw: unknown): PulledRecord {
  const { id, updatedAt } = readWire(headShape, raw);
  return { externalId: id, version: updatedAt.toISOString(), modifiedAt: updatedAt, raw };
}
