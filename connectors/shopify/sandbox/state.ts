import { plain, type Shop } from './shop.js';

/** What the shop keeps, without what depends on when it was written: times, and the numbers of what a hub made. */
export function stateOf(shop: Shop): Record<string, Record<string, unknown>> {
  const byId = <T>(records: ReadonlyMap<string, T>, shown: (record: T) => unknown) =>
    Object.fromEntries([...records].map(([id, record]) => [id, shown(record)]));
  return {
    orders: byId(shop.orders, ({ updated_at: _, cancelled_at: canceledAt, ...order }) => ({
      ...order,
      isCanceled: canceledAt !== null,
      payments: shop.transactionsOf(plain(order.id)).map(({ kind, cents }) => `${kind} ${cents}`),
    })),
    customers: byId(shop.customers, ({ updatedAt: _, ...customer }) => customer),
    products: byId(shop.products, ({ updatedAt: _, ...product }) => product),
    levels: byId(shop.levels, ({ available, onHand }) => ({ available, onHand })),
    fulfillments: Object.fromEntries(
      [...shop.fulfillments.values()].map(({ orderId, tracking, status, displayStatus, lines }) => [
        `${orderId} ${tracking?.number ?? ''}`,
        { tracking, status, displayStatus, lines },
      ]),
    ),
  };
}
