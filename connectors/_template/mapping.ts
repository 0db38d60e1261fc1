import type { StatedOrder } from '#connect';
import type { WireOrder } from './wire.js';

/** An order in the hub's words. Prices include tax there. Pure. */
export function statedOrder(order: WireOrder): StatedOrder {
  const { id, number, status, placedAt, updatedAt, currency, buyer, shipTo, lines, tax, total } = order;
  return {
    externalId: id,
    sourceVersion: updatedAt,
    placedAt,
    channelNumber: number,
    email: buyer.email,
    currency,
    pricesIncludeTax: true,
    customer: { externalId: buyer.id, name: buyer.name, kind: 'PERSON', email: buyer.email },
    lines: lines.map((line) => ({
      externalId: line.id,
      sku: line.sku,
      description: line.name,
      quantity: line.quantity,
      unitPrice: line.price,
      discount: '0.00',
      taxLines: [{ name: 'VAT', rate: line.taxRate, amount: line.tax }],
      requiresShipping: true,
    })),
    shippingLines: [],
    adjustments: [],
    shippingAddress: { name: buyer.name, line1: shipTo.street, city: shipTo.city, country: shipTo.country },
    ...(status === 'canceled' && { canceledAt: updatedAt }),
    stated: { subtotal: total, discountTotal: '0.00', shippingTotal: '0.00', taxTotal: tax, total },
  };
}
