import { serveSandbox, type Faults, type ServedSandbox } from '#connect';
import { wireText, type ShopOrder } from './orders.js';

/** The shop's Admin API, as far as anybody asks for it: its orders, all or one. */
export function serveShop(orders: ReadonlyMap<string, ShopOrder>, faults?: Faults): Promise<ServedSandbox> {
  return serveSandbox({
    ...(faults && { faults }),
    answer: ({ path }) => {
      const one = /^\/admin\/api\/[\w-]+\/orders\/(\d+)\.json$/.exec(path);
      const order = one && orders.get(one[1]!);
      const isList = /^\/admin\/api\/[\w-]+\/orders\.json$/.test(path);
      const body = order ? { order } : isList ? { orders: [...orders.values()] } : { errors: 'Not Found' };
      return { status: order || isList ? 200 : 404, body: wireText(body) };
    },
    throttled: () => ({
      status: 429,
      headers: { 'retry-after': '2.0' },
      body: {
        errors: 'Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.',
      },
    }),
    failed: () => ({ status: 500, body: { errors: 'Internal Server Error' } }),
  });
}
