import { sql } from '../../db/statement.js';

/** What has been ordered and stands: neither a draft nor canceled. */
const STANDS = `o.status not in ('DRAFT', 'CANCELED')`;

export interface InsightRow {
  customer_id: string;
  currency: string;
  order_count: number;
  total_minor: string;
  last_order_at: string;
}
export const selectInsights = sql<InsightRow>(
  'orders.insights',
  `select o.customer_id, o.currency, count(*)::int as order_count, sum(o.total_minor)::bigint as total_minor,
          max(o.placed_at) as last_order_at
     from orders o where o.customer_id = any($1::bigint[]) and ${STANDS}
    group by o.customer_id, o.currency order by o.customer_id, o.currency`,
);

export interface TopProductRow {
  customer_id: string;
  product_id: string;
}
/** For each customer the products that stand in most of its orders, of the same number those ordered in larger quantity. */
export const selectTopProducts = sql<TopProductRow>(
  'orders.top-products',
  `select c.customer_id, top.product_id
     from unnest($1::bigint[], $2::int[]) with ordinality as c (customer_id, first, place)
     cross join lateral (
       select l.product_id, count(distinct o.id) as orders, sum(l.quantity - l.canceled_quantity) as quantity
         from orders o join order_line l on l.order_id = o.id
        where o.customer_id = c.customer_id and ${STANDS} and l.product_id is not null and l.quantity > l.canceled_quantity
        group by l.product_id order by orders desc, quantity desc, l.product_id limit c.first) top
    order by c.place, top.orders desc, top.quantity desc, top.product_id`,
);
