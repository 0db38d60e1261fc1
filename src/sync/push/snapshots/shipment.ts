import { sql } from '../../../db/statement.js';
import { SHIPMENT_PREFIX, type ShipmentStatus } from '../../../modules/fulfillment/index.js';
import { ORDER_PREFIX } from '../../../modules/orders/index.js';
import { decimalText } from '../../../shared/decimal.js';
import type { OutgoingShipment } from '../../../shared/outgoing/index.js';
import { LEFT_BEFORE } from './left-before.js';
import { IS_THEIRS } from './order.js';
import { externalIdOf, hubId, instant, listOf } from './texts.js';

interface Row {
  id: string;
  external_id: string | null;
  version: number;
  number: string;
  status: ShipmentStatus;
  location: string;
  carrier: string | null;
  service: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
  shipped_at: string | null;
  delivered_at: string | null;
  order_id: string;
  order_external_id: string | null;
  order_number: string;
  lines: { external_id: string | null; sku: string; quantity: string; left_before: boolean }[];
}

// A bundle leaves in pieces, but what was ordered is the bundle: by the order's lines and in their units.
const LINES = `
  select case when ${IS_THEIRS} then l.external_id end as external_id, l.sku, max(p.line_quantity)::text as quantity,
         bool_and${LEFT_BEFORE} as left_before
    from shipment_line p join order_line l on l.id = p.order_line_id
   where p.shipment_id = s.id group by l.id order by l.position`;

export const selectShipment = sql<Row>(
  'push.shipment',
  `select s.id, s.version, s.number, s.status, w.code as location, s.carrier, s.service, s.tracking_number,
          s.tracking_url, s.shipped_at, s.delivered_at, o.id as order_id, o.number as order_number,
          ${externalIdOf('shipment', 's.id')} as external_id, ${externalIdOf('order', 'o.id')} as order_external_id,
          ${listOf(LINES)} as lines
     from shipment s join orders o on o.id = s.order_id join channel c on c.id = o.channel_id
     join stock_location w on w.id = s.location_id
    where s.id = any($2::bigint[])`,
);

export function shipmentOf(row: Row): OutgoingShipment {
  return {
    hubId: hubId(SHIPMENT_PREFIX, row.id),
    externalId: row.external_id,
    version: row.version,
    number: row.number,
    status: row.status,
    location: row.location,
    carrier: row.carrier,
    service: row.service,
    trackingNumber: row.tracking_number,
    trackingUrl: row.tracking_url,
    shippedAt: instant(row.shipped_at),
    deliveredAt: instant(row.delivered_at),
    order: { hubId: hubId(ORDER_PREFIX, row.order_id), externalId: row.order_external_id, number: row.order_number },
    lines: row.lines.map(({ external_id: lineExternalId, sku, quantity, left_before: leftBefore }) => ({
      lineExternalId,
      sku,
      quantity: decimalText(quantity),
      leftBefore,
    })),
  };
}
