import { z } from 'zod';
import {
  baseUrl,
  defineConnector,
  readWire,
  serveSandbox,
  type Connector,
  type Faults,
  type SandboxRequest,
  type ServedSandbox,
} from '../../src/connect/index.js';
import { statedOrder, wireOrder, type WireOrder } from './fake-vendor.js';

const PAGE = 5;

/** A vendor of the tests' own that is asked: orders by the time of their change, so many a page. */
export const pullVendor: Connector = defineConnector({
  code: 'pull-vendor',
  name: 'Pull vendor',
  kinds: ['CHANNEL'],
  channelKind: 'WEB_SHOP',
  settings: z.strictObject({ baseUrl: baseUrl() }),
  credentials: z.strictObject({}),
  streams: ['orders'],
  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    headers: () => ({}),
    limits: { default: { burst: 1_000, perSecond: 1_000 } },
  },
  pull: {
    orders: {
      of: 'order',
      everyMs: 3_600_000,
      overlapMs: 60_000,
      async page({ http }, { since, cursor }) {
        const query = { since: since?.toISOString(), cursor: cursor ?? undefined };
        const { body } = await http.send({ operation: 'listOrders', method: 'GET', path: '/orders', query });
        const { orders, next, total } = readWire(listShape, body);
        const records = orders.map((raw) => {
          const { id, version } = readWire(z.object({ id: z.string(), version: z.string() }), raw);
          return { externalId: id, version, modifiedAt: new Date(version), raw };
        });
        return { records, next, total: Number(total) };
      },
      async one({ http }, externalId) {
        const path = `/orders/${externalId}`;
        const { status, body } = await http.send({ operation: 'getOrder', method: 'GET', path, accept: [404] });
        if (status === 404) return null;
        const { id, version } = readWire(wireOrder, body);
        return { externalId: id, version, modifiedAt: new Date(version), raw: body };
      },
      read: (raw) => [{ kind: 'order', order: statedOrder(readWire(wireOrder, raw)) }],
    },
  },
  webhooks: {
    verify: () => true,
    identify: ({ rawBody }) => {
      const { event, id } = JSON.parse(rawBody.toString()) as { event: string; id: string };
      return [{ topic: 'order/touched', eventId: event, externalId: id }];
    },
    topics: {
      'order/touched': (payload) => [{ kind: 'hint', stream: 'orders', externalId: (payload as { id: string }).id }],
    },
  },
});
const listShape = z.object({ orders: z.array(z.unknown()), next: z.string().nullable(), total: z.string() });

export interface OrderServer extends ServedSandbox {
  orders: Map<string, WireOrder>;
  /** What the next requests are answered with instead, one each. */
  instead: ((request: SandboxRequest) => { status: number; body: unknown; headers?: Record<string, string> })[];
  isDown: boolean;
  /** Awaited when a single record is asked for, before it is looked at. */
  reading: ((id: string) => Promise<void>) | null;
  asked: { path: string; since: string | null; cursor: string | null }[];
}

/** Serves the vendor's orders: by change, in pages whose cursor is the place in the list. */
export async function serveOrders(faults?: Faults): Promise<OrderServer> {
  const orders = new Map<string, WireOrder>();
  const instead: OrderServer['instead'] = [];
  const asked: OrderServer['asked'] = [];
  const state: OrderServer = {
    orders,
    instead,
    asked,
    isDown: false,
    reading: null,
    baseUrl: '',
    requests: 0,
    close: () => Promise.resolve(),
  };
  const served = await serveSandbox({
    ...(faults && { faults }),
    async answer(request) {
      const since = request.query.get('since');
      const cursor = request.query.get('cursor');
      asked.push({ path: request.path, since, cursor });
      if (state.isDown) return { status: 500, body: { error: 'down' } };
      const other = instead.shift();
      if (other) return other(request);
      const one = /^\/orders\/(.+)$/.exec(request.path);
      if (one) {
        await state.reading?.(one[1]!);
        const order = orders.get(one[1]!);
        return order ? { status: 200, body: order } : { status: 404, body: { error: 'not found' } };
      }
      const changed = [...orders.values()]
        .filter(({ version }) => since === null || version >= since)
        .sort((a, b) => (a.version < b.version ? -1 : 1));
      const from = Number(cursor ?? 0);
      const next = from + PAGE < changed.length ? String(from + PAGE) : null;
      return { status: 200, body: { orders: changed.slice(from, from + PAGE), next, total: changed.length } };
    },
    throttled: () => ({ status: 429, headers: { 'retry-after': '1' }, body: { error: 'too fast' } }),
    failed: () => ({ status: 500, body: { error: 'broken' } }),
  });
  return Object.assign(state, {
    baseUrl: served.baseUrl,
    close: () => served.close(),
  });
}
