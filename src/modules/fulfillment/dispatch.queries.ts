import { sql } from '../../db/statement.js';
import type { Address } from '../../graph/values.type.js';

/** A shipment as it stands on the papers that go with it. */
export interface DispatchRow {
  number: string;
  carrier: string | null;
  service: string | null;
  tracking_number: string | null;
  created_at: string;
  order_number: string;
  purchase_order_number: string | null;
  shipping_address: Address | null;
  location_code: string;
  location_name: string;
  location_address: Address | null;
}
export const selectDispatch = sql<DispatchRow>(
  'fulfillment.dispatch',
  `select s.number, s.carrier, s.service, s.tracking_number, s.created_at, o.number as order_number,
          o.purchase_order_number, o.shipping_address, c.code as location_code, c.name as location_name,
          c.address as location_address
     from shipment s join orders o on o.id = s.order_id join stock_location c on c.id = s.location_id where s.id = $1`,
);
export const selectDispatchLines = sql<{ sku: string; description: string; quantity: string }>(
  'fulfillment.dispatch-lines',
  `select l.sku, coalesce(p.name, o.description) as description, l.quantity
     from shipment_line l join order_line o on o.id = l.order_line_id left join product p on p.id = l.product_id
    where l.shipment_id = $1 order by o.position, l.sku`,
);
