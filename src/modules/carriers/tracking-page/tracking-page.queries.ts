import { sql } from '../../../db/statement.js';
import type { ShipmentStatus } from '../../fulfillment/index.js';
import type { OrderStatus } from '../../orders/index.js';

/** What the page shows of an order: nothing that names a person, a street or a price. */
export interface TrackedOrderRow {
  id: string;
  number: string;
  status: OrderStatus;
  city: string | null;
  country: string | null;
}
export interface TrackedShipmentRow {
  id: string;
  number: string;
  status: ShipmentStatus;
  status_at: string;
  carrier: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
}
export interface TrackedItemRow {
  shipment_id: string;
  name: string;
  quantity: string;
}
export interface TrackedEventRow {
  shipment_id: string;
  status: ShipmentStatus;
  place: string | null;
  at: string;
}

export const selectTrackedOrder = sql<TrackedOrderRow>(
  'carriers.tracked-order',
  `select o.id, o.number, o.status, o.shipping_address->>'city' as city, o.shipping_address->>'country' as country
     from orders o where o.id = coalesce($1::bigint, (select order_id from shipment where id = $2::bigint))`,
);
/** Of an order all that are not called off, or the one that is named. */
export const selectTrackedShipments = sql<TrackedShipmentRow>(
  'carriers.tracked-shipments',
  `select s.id, s.number, s.status, s.status_at, s.carrier, s.tracking_number, s.tracking_url
     from shipment s
    where s.order_id = $1 and ($2::bigint is null and s.status <> 'CANCELED' or s.id = $2::bigint) order by s.id`,
);
export const selectTrackedItems = sql<TrackedItemRow>(
  'carriers.tracked-items',
  `select l.shipment_id, o.description as name, max(l.line_quantity) as quantity
     from shipment_line l join order_line o on o.id = l.order_line_id
    where l.shipment_id = any($1::bigint[]) group by l.shipment_id, o.id, o.description order by l.shipment_id, o.id`,
);
/** The newest first. What carriers say in words may name who has signed, and is left out. */
export const selectTrackedEvents = sql<TrackedEventRow>(
  'carriers.tracked-events',
  `select t.shipment_id, t.status, t.place, t.at from tracking_event t
    where t.shipment_id = any($1::bigint[]) order by t.shipment_id, t.at desc, t.id desc`,
);
