// A fulfillment, by webhook and by GraphQL; both end in one shape.
// https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment
// https://shopify.dev/docs/api/admin-graphql/2026-10/objects/Fulfillment
import type { z } from 'zod';
import { count, gid, id, instant, list, listOrNone, nodes, record, text, word } from './parts.js';

const STATUS = word('pending', 'open', 'success', 'cancelled', 'error', 'failure');

export const fulfillmentShape = record({
  id,
  order_id: id,
  status: STATUS,
  /** Where the parcel is, as far as the carrier tells the shop. */
  shipment_status: text.nullish(),
  created_at: instant,
  updated_at: instant,
  location_id: id.nullish(),
  tracking_company: text.nullish(),
  tracking_number: text.nullish(),
  tracking_url: text.nullish(),
  line_items: listOrNone(record({ id, sku: text.nullish(), quantity: count })),
});
export type Fulfillment = z.infer<typeof fulfillmentShape>;

export const graphFulfillment = record({
  id: gid('Fulfillment'),
  status: word('PENDING', 'OPEN', 'SUCCESS', 'CANCELLED', 'ERROR', 'FAILURE'),
  displayStatus: text.nullish(),
  createdAt: instant,
  updatedAt: instant,
  location: record({ id: gid('Location') }).nullish(),
  order: record({ id: gid('Order') }),
  trackingInfo: list(record({ company: text.nullish(), number: text.nullish(), url: text.nullish() })),
  fulfillmentLineItems: nodes(
    record({ quantity: count, lineItem: record({ id: gid('LineItem'), sku: text.nullish() }) }),
  ),
});

export function fulfillmentAsDelivered(given: z.infer<typeof graphFulfillment>): Fulfillment {
  const [tracking] = given.trackingInfo;
  return {
    id: given.id,
    order_id: given.order.id,
    status: given.status.toLowerCase() as Fulfillment['status'],
    shipment_status: given.displayStatus?.toLowerCase(),
    created_at: given.createdAt,
    updated_at: given.updatedAt,
    location_id: given.location?.id,
    tracking_company: tracking?.company,
    tracking_number: tracking?.number,
    tracking_url: tracking?.url,
    line_items: given.fulfillmentLineItems.nodes.map(({ quantity, lineItem }) => ({ ...lineItem, quantity })),
  };
}
