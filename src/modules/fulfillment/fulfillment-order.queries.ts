import { sql } from '../../db/statement.js';
import { condition, type Condition, type ListQuery } from '../../graph/list-query.js';
import type { Draw } from './fulfillment-order.rules.js';
import type { FulfillmentOrderFilter } from './fulfillment-order-input.type.js';
import type { FulfillmentOrderLineRow, FulfillmentOrderRow } from './fulfillment-order.type.js';

export const FULFILLMENT_ORDER_COLUMNS =
  'f.id, f.number, f.order_id, f.location_id, f.status, f.hold_reason, f.hold_note, f.hold_actor_kind, f.hold_actor_id, ' +
  'f.hold_actor_name, f.held_at, f.created_at, f.updated_at, f.version';
const LINE =
  'l.id, l.fulfillment_order_id, l.order_line_id, l.sku, l.per_unit, l.units, l.remaining_units, l.waiting_units';

export const selectFulfillmentOrders = sql<FulfillmentOrderRow>(
  'fulfillment.orders',
  `select ${FULFILLMENT_ORDER_COLUMNS} from fulfillment_order f where f.id = any($1::bigint[])`,
);
export const selectFulfillmentOrdersOfOrders = sql<FulfillmentOrderRow>(
  'fulfillment.orders-of-orders',
  `select ${FULFILLMENT_ORDER_COLUMNS} from fulfillment_order f where f.order_id = any($1::bigint[]) order by f.order_id, f.id`,
);
export const selectLinesOfFulfillmentOrders = sql<FulfillmentOrderLineRow>(
  'fulfillment.order-lines',
  `select ${LINE} from fulfillment_order_line l
    where l.fulfillment_order_id = any($1::bigint[]) order by l.fulfillment_order_id, l.id`,
);
export const selectShipmentsOfFulfillmentOrders = sql<{ fulfillment_order_id: string; shipment_id: string }>(
  'fulfillment.shipments-of-orders-of-work',
  `select distinct d.fulfillment_order_id, d.shipment_id from shipment_draw d
    where d.fulfillment_order_id = any($1::bigint[]) order by d.fulfillment_order_id, d.shipment_id`,
);

export function fulfillmentOrderList(filter: FulfillmentOrderFilter | null | undefined): ListQuery {
  const where: Condition[] = [];
  if (filter?.status) where.push(condition('f.status = any($1::text[])', filter.status));
  if (filter?.number) where.push(condition('f.number = any($1::text[])', filter.number));
  if (filter?.location) {
    where.push(
      condition(
        'f.location_id = any(array(select id from stock_location where code = any($1::text[])))',
        filter.location,
      ),
    );
  }
  return {
    select: FULFILLMENT_ORDER_COLUMNS,
    from: 'fulfillment_order f',
    where,
    sort: { column: 'f.created_at', type: 'timestamptz' },
    id: 'f.id',
    descending: false,
  };
}

/** The order of a fulfillment order, to be locked before anything is read of it. */
export const selectOrderOfFulfillmentOrder = sql<{ order_id: string }>(
  'fulfillment.order-of-work',
  `select order_id from fulfillment_order where id = $1`,
);

/** A line of a fulfillment order with what it belongs to; only whoever holds the order may go by it. */
export interface WorkRow extends Omit<FulfillmentOrderRow, 'order_id' | 'created_at' | 'updated_at'> {
  location_code: string;
  is_released: boolean;
  has_left: boolean;
  order_line_id: string;
  units: string;
  remaining: string;
  waiting: string;
  claimed: string;
  is_counted: boolean;
}
const PREPARING = `s.status in ('PENDING', 'PICKING', 'PACKED')`;
export const selectWork = sql<WorkRow>(
  'fulfillment.work',
  `select f.id, f.number, f.location_id, c.code as location_code, f.status, f.is_released, f.hold_reason, f.hold_note,
          f.hold_actor_kind, f.hold_actor_id, f.hold_actor_name, f.held_at, f.version, l.order_line_id,
          max(l.units) as units, max(l.remaining_units) as remaining, max(l.waiting_units) as waiting,
          bool_or(l.is_reserved) as is_counted,
          coalesce((select sum(d.units) from shipment_draw d join shipment s on s.id = d.shipment_id
                     where d.fulfillment_order_id = f.id and d.order_line_id = l.order_line_id and ${PREPARING}), 0) as claimed,
          exists (select from shipment_draw d join shipment s on s.id = d.shipment_id
                   where d.fulfillment_order_id = f.id and s.shipped_at is not null) as has_left
     from fulfillment_order f join stock_location c on c.id = f.location_id
     join fulfillment_order_line l on l.fulfillment_order_id = f.id
    where f.order_id = $1 and f.status <> 'CANCELED'
    group by f.id, c.code, l.order_line_id order by f.id, l.order_line_id`,
);

export const selectDraws = sql<Draw>(
  'fulfillment.draws',
  `select fulfillment_order_id as "workId", order_line_id as "orderLineId", units from shipment_draw where shipment_id = $1`,
);
export const insertDraws = sql(
  'fulfillment.insert-draws',
  `insert into shipment_draw (shipment_id, fulfillment_order_id, order_line_id, units)
   select $1, d.fulfillment_order_id, d.order_line_id, d.units
     from unnest($2::bigint[], $3::bigint[], $4::numeric[]) as d (fulfillment_order_id, order_line_id, units)`,
);
/** What one fulfillment order has of shipments becomes another's. */
export const moveDraws = sql(
  'fulfillment.move-draws',
  `with moved as (delete from shipment_draw where fulfillment_order_id = $1 returning shipment_id, order_line_id, units)
   insert into shipment_draw as d (shipment_id, fulfillment_order_id, order_line_id, units)
   select shipment_id, $2, order_line_id, units from moved
   on conflict (shipment_id, fulfillment_order_id, order_line_id) do update set units = d.units + excluded.units`,
);

export const takeNumbers = sql<{ number: string }>(
  'fulfillment.take-numbers',
  `select 'FO-' || nextval('fulfillment_order_number') as number from generate_series(1, $1)`,
);
export const insertFulfillmentOrder = sql(
  'fulfillment.insert-order',
  `insert into fulfillment_order (id, number, order_id, location_id, status, is_released, hold_reason, hold_note,
     hold_actor_kind, hold_actor_id, hold_actor_name, held_at, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
);
export const updateFulfillmentOrder = sql(
  'fulfillment.update-order',
  `update fulfillment_order
      set location_id = $2, status = $3, hold_reason = $4, hold_note = $5, hold_actor_kind = $6, hold_actor_id = $7,
          hold_actor_name = $8, held_at = $9, updated_at = $10, version = version + 1
    where id = $1`,
);
export const insertWorkLines = sql(
  'fulfillment.insert-order-lines',
  `insert into fulfillment_order_line (id, fulfillment_order_id, order_line_id, product_id, sku, per_unit, units,
     remaining_units, waiting_units, is_reserved)
   select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::numeric[], $7::numeric[],
                        $8::numeric[], $9::numeric[], $10::boolean[])`,
);
/** All products of an order's line have the same figures. */
export const updateWorkLines = sql(
  'fulfillment.update-order-lines',
  `update fulfillment_order_line l
      set units = d.units, remaining_units = d.remaining, waiting_units = d.waiting
     from unnest($1::bigint[], $2::bigint[], $3::numeric[], $4::numeric[], $5::numeric[])
       as d (fulfillment_order_id, order_line_id, units, remaining, waiting)
    where l.fulfillment_order_id = d.fulfillment_order_id and l.order_line_id = d.order_line_id`,
);
export const deleteWorkLines = sql(
  'fulfillment.delete-order-lines',
  `delete from fulfillment_order_line l using unnest($1::bigint[], $2::bigint[]) as d (fulfillment_order_id, order_line_id)
    where l.fulfillment_order_id = d.fulfillment_order_id and l.order_line_id = d.order_line_id`,
);
