import { sql } from '../../db/statement.js';
import type { OrderStatus } from './order.states.js';

/** The named statements of the hot writes: an order, its lines, and what a step changes of them. */
export const insertOrder = sql(
  'orders.insert',
  `insert into orders (id, number, channel_id, status, customer_id, contact_id, email, purchase_order_number, note,
     currency, prices_include_tax, is_stated, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor,
     shipping_lines, adjustments, tax_lines, billing_address, shipping_address, quote_id, allow_backorder,
     requested_delivery_at, placed_at, created_at, updated_at, event_count, fulfillment_status, promised_at,
     payment_status, tax_rounding)
   values ($1, 'SO-' || nextval('order_number'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
     $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $26, $27, $28, $29, $30, $31)`,
);

export const insertLines = sql(
  'orders.insert-lines',
  `insert into order_line (id, order_id, position, product_id, quote_line_id, sku, description, requires_shipping,
     quantity, unit_price, discount_minor, tax_minor, total_minor, tax_lines, ordered_discount_minor, ordered_tax_lines,
     reserved_quantity, backordered_quantity, delivered_quantity, external_id, has_own_price)
   select l.id, l.order_id, l.position, l.product_id, l.quote_line_id, l.sku, l.description, l.requires_shipping, l.quantity,
          l.unit_price, l.discount, l.tax, l.total, l.taxes::jsonb, l.discount, l.taxes::jsonb, l.reserved, l.backordered, l.delivered, l.external_id,
          l.has_own_price
     from unnest($1::bigint[], $2::bigint[], $3::int[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::boolean[],
                 $9::numeric[], $10::numeric[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[], $15::numeric[],
                 $16::numeric[], $17::numeric[], $18::text[], $19::boolean[])
       as l (order_id, id, position, product_id, quote_line_id, sku, description, requires_shipping, quantity, unit_price,
             discount, tax, total, taxes, reserved, backordered, delivered, external_id, has_own_price)`,
);

export const insertParts = sql(
  'orders.insert-parts',
  `insert into order_line_part (order_line_id, product_id, sku, quantity)
   select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::numeric[])`,
);

export const updateLines = sql(
  'orders.update-lines',
  `update order_line o
      set discount_minor = l.discount, tax_minor = l.tax, total_minor = l.total, tax_lines = l.taxes::jsonb,
          ordered_tax_lines = l.ordered_taxes::jsonb, reserved_quantity = l.reserved, canceled_quantity = l.canceled,
          backordered_quantity = l.backordered, delivered_quantity = l.delivered
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::numeric[],
                 $8::numeric[], $9::numeric[], $10::numeric[])
       as l (id, discount, tax, total, taxes, ordered_taxes, reserved, canceled, backordered, delivered)
    where o.id = l.id`,
);

export const updateOrder = sql(
  'orders.update',
  `update orders
      set status = $2, subtotal_minor = $3, discount_minor = $4, shipping_minor = $5, tax_minor = $6, total_minor = $7,
          shipping_lines = $8, adjustments = $9, tax_lines = $10, updated_at = $11, event_count = $12,
          fulfillment_status = coalesce($13, fulfillment_status), payment_status = $14, version = version + 1
    where id = $1`,
);

/** What its payments come to, where its total stays as it is. */
export const settleOrder = sql(
  'orders.settle',
  `update orders
      set paid_minor = $2, refunded_minor = $3, authorized_minor = $4, unpaid_status = $5, payment_status = $6,
          updated_at = $7, event_count = $8, version = version + 1
    where id = $1`,
);

/** From now on nothing of it leaves before its total is covered. */
export const requireFunds = sql('orders.require-funds', `update orders set needs_funds = true where id = $1`);

/** How far lines are, where their money stays as it is. */
export const progressLines = sql(
  'orders.progress-lines',
  `update order_line o
      set reserved_quantity = l.reserved, backordered_quantity = l.backordered, shipped_quantity = l.shipped,
          delivered_quantity = l.delivered
     from unnest($1::bigint[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[])
       as l (id, reserved, backordered, shipped, delivered)
    where o.id = l.id`,
);
export const progressOrder = sql(
  'orders.progress',
  `update orders
      set status = $2, fulfillment_status = $3, updated_at = $4, event_count = $5, version = version + 1
    where id = $1`,
);

/** Gives an order's lines the products that have come to be behind it. */
export const linkLines = sql(
  'orders.link-lines',
  `update order_line l set product_id = p.id from product p
    where l.order_id = $1 and l.product_id is null and p.sku = l.sku`,
);

/** The order as it is, with more events. */
export const countEvents = sql('orders.count-events', `update orders set event_count = $2 where id = $1`);
export const lockOrders = sql<{ id: string }>(
  'orders.lock-many',
  `select id from orders where id = any($1::bigint[]) order by id for no key update`,
);

export const promiseOrder = sql('orders.promise', `update orders set promised_at = $2 where id = $1`);

export const moveOrder = sql(
  'orders.move',
  `update orders set status = $2, updated_at = $3, event_count = $4, version = version + 1 where id = $1`,
);

/** What a channel states of an order beside its money. */
export const updateOrderHeader = sql(
  'orders.update-header',
  `update orders
      set email = $2, note = $3, purchase_order_number = $4, billing_address = $5, shipping_address = $6,
          customer_id = $7, prices_include_tax = $8
    where id = $1`,
);
/** What stands of a draft beside its lines and money. */
export const updateDraft = sql(
  'orders.update-draft',
  `update orders
      set channel_id = $2, customer_id = $3, contact_id = $4, email = $5, purchase_order_number = $6, note = $7,
          billing_address = $8, shipping_address = $9, requested_delivery_at = $10, allow_backorder = $11
    where id = $1`,
);
export const deleteLines = sql('orders.delete-lines', `delete from order_line where order_id = $1`);
export const deleteParts = sql(
  'orders.delete-parts',
  `delete from order_line_part where order_line_id in (select id from order_line where order_id = $1)`,
);

/** Of a customer that became one with another. */
export const moveOrdersToCustomer = sql<{
  id: string;
  number: string;
  status: OrderStatus;
  event_count: number;
  channel_code: string;
}>(
  'orders.move-to-customer',
  `update orders o
      set customer_id = $2, updated_at = $3, event_count = o.event_count + 1, version = o.version + 1
     from channel c where c.id = o.channel_id and o.customer_id = $1
   returning o.id, o.number, o.status, o.event_count, c.code as channel_code`,
);
export const moveOrdersToContact = sql(
  'orders.move-to-contact',
  `update orders set contact_id = $2 where contact_id = $1`,
);
