import { readWire, type Change, type StatedShipment } from '#connect';
import { fulfillmentShape, type Fulfillment } from '../wire/orders.js';
import { textOf } from '../wire/parts.js';

const BY_STATE: Readonly<Record<Fulfillment['state'], StatedShipment['status']>> = {
  Created: 'PENDING',
  Pending: 'PENDING',
  Shipped: 'SHIPPED',
  Delivered: 'DELIVERED',
  Cancelled: 'CANCELED',
};

export function shipmentChanges(raw: unknown): Change[] {
  const { id, createdAt, updatedAt, state, method, trackingCode, lines, order } = readWire(fulfillmentShape, raw);
  const sent = lines.filter(({ quantity }) => BigInt(quantity) > 0n);
  if (sent.length === 0) return [];
  const shipment: StatedShipment = {
    externalId: id,
    sourceVersion: updatedAt,
    orderExternalId: order.id,
    status: BY_STATE[state],
    carrier: textOf(method),
    trackingNumber: textOf(trackingCode),
    at: state === 'Created' || state === 'Pending' ? createdAt : updatedAt,
    // The shop takes off what is packed, not what has left.
    stockLeftAt: createdAt,
    lines: sent.map(({ orderLineId, quantity, orderLine }) => ({
      lineExternalId: orderLineId,
      ...(textOf(orderLine.productVariant.sku) && { sku: textOf(orderLine.productVariant.sku) }),
      quantity,
    })),
  };
  return [{ kind: 'shipment', shipment }];
}
