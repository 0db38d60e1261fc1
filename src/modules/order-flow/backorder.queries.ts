import { sql } from '../../db/statement.js';

/** Of lines that wait for a product, or for a bundle that it is a part of. */
const WAITING = (product: string) => `
  select l.order_id from order_line l where l.backordered_quantity > 0 and l.product_id = ${product}
  union all
  select l.order_id from order_line l join order_line_part part on part.order_line_id = l.id
   where l.backordered_quantity > 0 and part.product_id = ${product}`;

/** Orders of which something waits for a product, by SKU or id, in the order in which steps lock them. */
export const lockOrdersWaitingFor = sql<{ id: string }>(
  'order-flow.lock-waiting',
  `select o.id from orders o
    where o.id in (select w.order_id from product p cross join lateral (${WAITING('p.id')}) w
                    where p.sku = $1 or p.id = $2::bigint)
    order by o.id for no key update of o`,
);
/** The same, the earliest promise first; what has none comes in the order in which it was placed. */
export const selectOrdersWaitingFor = sql<{ id: string }>(
  'order-flow.waiting',
  `select o.id from orders o
    where o.id in (${WAITING('$1::bigint')})
    order by o.promised_at nulls last, o.placed_at, o.id limit $2`,
);
/** Products that orders wait for and of which something is available. */
export const selectProductsToFill = sql<{ id: string }>(
  'order-flow.products-to-fill',
  `select distinct waiting.product_id as id
     from (select l.product_id from order_line l where l.backordered_quantity > 0
           union all
           select part.product_id from order_line l join order_line_part part on part.order_line_id = l.id
            where l.backordered_quantity > 0) waiting
    where exists (select from stock_level s join stock_location place on place.id = s.location_id
                   where s.product_id = waiting.product_id and place.is_active
                     and s.on_hand - s.reserved - s.safety_stock > 0)`,
);
