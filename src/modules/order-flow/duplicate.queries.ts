import { sql, type Statement } from '../../db/statement.js';
import type { LockedOrder } from '../orders/index.js';

/** An order that may be the same as the one at this place. */
export interface AlikeRow {
  ordinal: string;
  id: string;
  number: string;
  customer_id: string | null;
  purchase_order_number: string | null;
  currency: string;
  total_minor: string;
  /** It was placed at about the same time. */
  is_near: boolean;
  lines: { sku: string; quantity: string }[];
}

const NEAR = `placed_at between x.placed_at - x.span and x.placed_at + x.span`;
/** The last ones are enough to tell. */
const LAST = 'order by placed_at desc limit 20';

const selectAlike = sql<AlikeRow>(
  'order-flow.alike',
  `select x.ordinal, o.id, o.number, o.customer_id, o.purchase_order_number, o.currency, o.total_minor,
          o.placed_at between x.placed_at - x.span and x.placed_at + x.span as is_near,
          (select json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity::text))
             from order_line l where l.order_id = o.id) as lines
     from (select *, $7::float8 * interval '1 millisecond' as span
             from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bigint[])
                  with ordinality as u (customer_id, email, purchase_order, placed_at, created_at, own_id, ordinal)) x
    cross join lateral (
      (select id from orders where customer_id = x.customer_id and ${NEAR} ${LAST})
      union
      (select id from orders where lower(email) = lower(x.email) and ${NEAR} ${LAST})
      union
      (select id from orders where customer_id = x.customer_id and purchase_order_number = x.purchase_order ${LAST})) found
     join orders o on o.id = found.id
    where o.id is distinct from x.own_id and o.status not in ('DRAFT', 'CANCELED')
      and (x.own_id is null or o.status <> 'RECEIVED' or (o.created_at, o.id) < (x.created_at, x.own_id))
    order by x.ordinal, o.id`,
);

/** Whose orders are looked at, and when it was placed; without an id it is a new one. */
export interface AlikeQuestion {
  id: string | null;
  customerId: string | null;
  email: string | null;
  purchaseOrderNumber: string | null;
  placedAt: string;
  createdAt: string;
}

/**
 * Orders that others may be the same as. Of two that wait for their confirmation the later one is the duplicate; one that
 * is confirmed is none of any.
 */
export function selectOrdersAlike(orders: readonly AlikeQuestion[], windowMs: number): Statement<AlikeRow> {
  return selectAlike(
    orders.map((one) => one.customerId),
    orders.map((one) => one.email),
    orders.map((one) => one.purchaseOrderNumber),
    orders.map((one) => one.placedAt),
    orders.map((one) => one.createdAt),
    orders.map((one) => one.id),
    windowMs,
  );
}

export function questionOf(order: LockedOrder): AlikeQuestion {
  return {
    id: order.id,
    customerId: order.customer_id,
    email: order.email,
    purchaseOrderNumber: order.purchase_order_number,
    placedAt: order.placed_at,
    createdAt: order.created_at,
  };
}
