import { isCurrency, readWire, rejected, type Change, type StatedOrder } from '#connect';
import { checkShopMoney } from './amounts.js';
import { addressOf, customerOf, textOf } from './people.js';
import { adminUrl, type Settings } from '../settings.js';
import { statementOf } from './statement.js';
import { orderShape, type Order } from '../wire/order.js';

/** What a delivery about an order says: all of them carry the whole order. */
export function orderChanges(payload: unknown, { settings }: { settings: Settings }): Change[] {
  return [{ kind: 'order', order: statedOrder(readWire(orderShape, payload), settings) }];
}

/** The order in the hub's words, whichever way it came. */
export function statedOrder(order: Order, settings: Settings): StatedOrder {
  if (!isCurrency(order.currency)) throw rejected(`currency: expected an ISO 4217 code, got "${order.currency}"`);
  checkShopMoney(order);
  return {
    externalId: order.id,
    externalUrl: adminUrl(settings, 'orders', order.id),
    sourceVersion: order.updated_at,
    // Differs from created_at where an order was imported: then it is when it was placed.
    placedAt: order.processed_at ?? order.created_at,
    channelNumber: order.name,
    email: textOf(order.email) ?? textOf(order.contact_email),
    note: textOf(order.note),
    purchaseOrderNumber: textOf(order.po_number),
    currency: order.currency,
    pricesIncludeTax: order.taxes_included,
    customer: order.customer ? customerOf(order.customer) : undefined,
    ...statementOf(order),
    billingAddress: order.billing_address ? addressOf('billing_address', order.billing_address) : undefined,
    shippingAddress: order.shipping_address ? addressOf('shipping_address', order.shipping_address) : undefined,
    canceledAt: order.cancelled_at ?? undefined,
    cancelReason: order.cancelled_at ? textOf(order.cancel_reason) : undefined,
  };
}
