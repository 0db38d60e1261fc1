import type { Shop } from './shop.js';

/** What the shop keeps, without what depends on when it was written: times, and the numbers of what a hub made. */
export function stateOf(shop: Shop): Record<string, Record<string, unknown>> {
  return {
    orders: Object.fromEntries(
      [...shop.orders.values()].map((order) => [
        order.id,
        {
          state: order.state,
          lines: order.lines.map(({ variant, quantity }) => `${quantity} ${variant.sku}`),
          payments: order.payments.map(({ state, amount, refunds }) => ({
            state,
            amount,
            refunds: refunds.map(({ total }) => total),
          })),
          fulfillments: order.fulfillments
            .map(({ state, method, trackingCode, lines }) => ({
              state,
              method,
              trackingCode,
              lines: lines.map(({ line, quantity }) => `${quantity} ${line.variant.sku}`),
            }))
            .toSorted((a, b) => (a.trackingCode < b.trackingCode ? -1 : 1)),
          externalRef: order.customFields.externalRef,
        },
      ]),
    ),
    customers: Object.fromEntries(
      [...shop.customers.values()].map(({ createdAt: _, updatedAt: __, addressUpdatedAt: ___, ...buyer }) => [
        buyer.id,
        buyer,
      ]),
    ),
    levels: Object.fromEntries(
      [...shop.variants.values()].flatMap(({ sku, levels }) =>
        levels.map(({ locationId, onHand, allocated }) => [`${sku}@${locationId}`, { onHand, allocated }]),
      ),
    ),
  };
}
