import { sql } from '../../db/statement.js';
import { addDecimals } from '../../shared/decimal.js';
import type { ShipmentStatus } from './shipment.states.js';
import type { ShipmentLineRow, ShipmentRow, TrackingRow } from './shipment.type.js';

const SHIPMENT =
  's.id, s.number, s.order_id, s.location_id, s.status, s.status_at, s.carrier, s.service, s.tracking_number, ' +
  's.tracking_url, s.shipped_at, s.delivered_at, s.hold_id, s.created_at, s.updated_at, s.version';
const LINE =
  'l.id, l.shipment_id, l.order_line_id, l.product_id, l.sku, l.quantity, l.line_quantity, l.is_reserved, l.left_uncounted';
const PREPARING = `('PENDING', 'PICKING', 'PACKED')`;

export const selectShipments = sql<ShipmentRow & { customer_id: string | null }>(
  'fulfillment.shipments',
  `select ${SHIPMENT}, o.customer_id from shipment s join orders o on o.id = s.order_id where s.id = any($1::bigint[])`,
);
export const selectShipmentsOfOrders = sql<ShipmentRow>(
  'fulfillment.shipments-of-orders',
  `select ${SHIPMENT} from shipment s where s.order_id = any($1::bigint[]) order by s.order_id, s.id`,
);
export const selectLinesOfShipments = sql<ShipmentLineRow>(
  'fulfillment.lines',
  `select ${LINE} from shipment_line l where l.shipment_id = any($1::bigint[]) order by l.shipment_id, l.id`,
);
export const selectTracking = sql<TrackingRow>(
  'fulfillment.tracking',
  `select t.id, t.shipment_id, t.status, t.description, t.place, t.at from tracking_event t
    where t.shipment_id = any($1::bigint[]) order by t.shipment_id, t.at, t.id`,
);

/** The order of a shipment, to be locked before the shipment itself. */
export const selectOrderOfShipment = sql<{ order_id: string }>(
  'fulfillment.order-of-shipment',
  `select order_id from shipment where id = $1`,
);
export const lockShipment = sql<ShipmentRow>(
  'fulfillment.lock-shipment',
  `select ${SHIPMENT} from shipment s where s.id = $1 for no key update of s`,
);

export const selectWhereabouts = sql<{ status: ShipmentStatus; order_id: string; location: string }>(
  'fulfillment.whereabouts',
  `select s.status, s.order_id, c.code as location
     from shipment s join stock_location c on c.id = s.location_id where s.id = $1`,
);

/** Goods of an order on a shelf that no shipment has claimed: by line, product and location. */
export interface ShelfRow {
  order_line_id: string;
  product_id: string;
  location_id: string;
  location_code: string;
  free: string;
}
export const selectShelf = sql<ShelfRow>(
  'fulfillment.shelf',
  `select r.order_line_id, r.product_id, r.location_id, c.code as location_code,
          r.quantity - coalesce(claimed.quantity, 0) as free
     from order_line line
     join stock_reservation r on r.order_line_id = line.id
     join stock_location c on c.id = r.location_id
     left join (select l.order_line_id, l.product_id, s.location_id, sum(l.quantity) as quantity
                  from shipment s join shipment_line l on l.shipment_id = s.id
                 where s.order_id = $1 and s.status in ${PREPARING} and l.is_reserved
                 group by l.order_line_id, l.product_id, s.location_id) claimed
       on claimed.order_line_id = r.order_line_id and claimed.product_id = r.product_id
      and claimed.location_id = r.location_id
    where line.order_id = $1 and r.quantity > coalesce(claimed.quantity, 0)
    order by r.order_line_id, r.product_id, c.code`,
);

/** What of an order's lines and their parts is counted. */
export const selectStockedProducts = sql<{ id: string }>(
  'fulfillment.stocked-products',
  `select p.id from product p
    where p.is_stocked and p.id in (
      select l.product_id from order_line l where l.order_id = $1
      union all
      select part.product_id from order_line_part part join order_line l on l.id = part.order_line_id
       where l.order_id = $1)`,
);

/** What shipments that are being prepared hold of a line at a location, in the line's units, and which they are. */
export interface ClaimRow {
  order_line_id: string;
  location_id: string;
  quantity: string;
  numbers: string[];
}
export const selectClaims = sql<ClaimRow>(
  'fulfillment.claims',
  `select c.order_line_id, c.location_id, sum(c.quantity) as quantity, array_agg(c.number order by c.number) as numbers
     from (select l.order_line_id, s.location_id, s.number, max(l.line_quantity) as quantity
             from shipment s join shipment_line l on l.shipment_id = s.id
            where s.order_id = $1 and s.status in ${PREPARING} group by l.order_line_id, s.id) c
    group by c.order_line_id, c.location_id`,
);

/** The same for each line, over all locations. */
export function claimsByLine(claims: readonly ClaimRow[]): Map<string, { quantity: string; numbers: string[] }> {
  const byLine = new Map<string, { quantity: string; numbers: string[] }>();
  for (const { order_line_id, quantity, numbers } of claims) {
    const before = byLine.get(order_line_id);
    byLine.set(order_line_id, {
      quantity: addDecimals(before?.quantity ?? '0', quantity),
      numbers: [...(before?.numbers ?? []), ...numbers].sort(),
    });
  }
  return byLine;
}

/** What shipments of an order are under way, but for one; and whether it was ever given to a warehouse. */
export const selectProgress = sql<{ is_preparing: boolean; has_left: boolean; has_work: boolean }>(
  'fulfillment.progress',
  `select coalesce(bool_or(status in ${PREPARING}), false) as is_preparing,
          coalesce(bool_or(shipped_at is not null), false) as has_left,
          exists (select from fulfillment_order where order_id = $1 and status <> 'CANCELED') as has_work
     from shipment where order_id = $1 and id is distinct from $2::bigint`,
);

export const insertShipment = sql<{ number: string }>(
  'fulfillment.insert-shipment',
  `insert into shipment (id, number, order_id, location_id, status, status_at, carrier, service, tracking_number,
     created_at, updated_at)
   values ($1, 'SH-' || nextval('shipment_number'), $2, $3, $4, $5, $6, $7, $8, $5, $5) returning number`,
);
export const insertShipmentLines = sql(
  'fulfillment.insert-lines',
  `insert into shipment_line (id, shipment_id, order_line_id, product_id, sku, quantity, line_quantity, is_reserved, left_uncounted)
   select l.id, $1, l.order_line_id, l.product_id, l.sku, l.quantity, l.line_quantity, l.is_reserved, l.left_uncounted
     from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::numeric[], $7::numeric[], $8::boolean[], $9::boolean[])
       as l (id, order_line_id, product_id, sku, quantity, line_quantity, is_reserved, left_uncounted)`,
);
export const updateShipmentRow = sql(
  'fulfillment.update-shipment',
  `update shipment
      set status = $2, status_at = $3, carrier = $4, service = $5, tracking_number = $6, tracking_url = $7,
          shipped_at = $8, delivered_at = $9, updated_at = $10, version = version + 1
    where id = $1`,
);
export const noteHold = sql('fulfillment.note-hold', `update shipment set hold_id = $2 where id = $1`);
/** How many open holds of an order trouble of its parcels has placed. */
export const selectTroubleHolds = sql<{ holds: number }>(
  'fulfillment.trouble-holds',
  `select count(*)::int as holds from shipment s join order_hold h on h.id = s.hold_id
    where s.order_id = $1 and h.released_at is null`,
);
/** Whether the same was reported before. */
export const selectReported = sql(
  'fulfillment.reported',
  `select from tracking_event where shipment_id = $1 and status = $2 and at = $3`,
);
export const insertTracking = sql(
  'fulfillment.insert-tracking',
  `insert into tracking_event (id, shipment_id, status, description, place, at) values ($1, $2, $3, $4, $5, $6)`,
);
