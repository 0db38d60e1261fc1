import { sql } from '../../db/statement.js';
import type { ChannelKind, FulfillmentStatus, OrderPaymentStatus, OrderStatus } from '../orders/index.js';

/** An order as rules look at it. */
export interface OrderFactsRow {
  id: string;
  number: string;
  status: OrderStatus;
  fulfillment_status: FulfillmentStatus;
  payment_status: OrderPaymentStatus;
  currency: string;
  total_minor: string;
  paid_minor: string;
  refunded_minor: string;
  authorized_minor: string;
  needs_funds: boolean;
  email: string | null;
  purchase_order_number: string | null;
  placed_at: string;
  status_since: string;
  shipping_country: string | null;
  channel_code: string;
  channel_kind: ChannelKind;
  customer_number: string | null;
  customer_kind: string | null;
  customer_tags: string[] | null;
  hold_reasons: string[];
  open_holds: number;
  skus: string[];
  is_backordered: boolean;
  requires_shipping: boolean;
  has_quote: boolean;
  event_count: number;
}

/** To be read behind the lock of the order: a statement behind it sees all that was committed meanwhile. */
export const selectOrderFacts = sql<OrderFactsRow>(
  'automation.order-facts',
  `select o.id, o.number, o.status, o.fulfillment_status, o.payment_status, o.currency, o.total_minor, o.paid_minor,
          o.refunded_minor, o.authorized_minor, o.needs_funds, o.email, o.purchase_order_number, o.placed_at, o.open_holds,
          o.event_count, o.quote_id is not null as has_quote, o.shipping_address ->> 'country' as shipping_country,
          c.code as channel_code, c.kind as channel_kind, cu.number as customer_number, cu.kind as customer_kind,
          cu.tags as customer_tags, lines.skus, lines.is_backordered, lines.requires_shipping,
          array(select distinct h.reason from order_hold h
                 where h.order_id = o.id and h.released_at is null order by 1) as hold_reasons,
          coalesce((select e.at from event e
                     where e.subject_kind = 'order' and e.subject_id = o.id and e.status_to is distinct from e.status_from
                     order by e.sequence desc limit 1), o.created_at) as status_since
     from orders o
     join channel c on c.id = o.channel_id
     left join customer cu on cu.id = o.customer_id
     cross join lateral (
       select coalesce(array_agg(distinct l.sku), '{}') as skus,
              coalesce(bool_or(l.backordered_quantity > 0), false) as is_backordered,
              coalesce(bool_or(l.requires_shipping and l.quantity > l.canceled_quantity), false) as requires_shipping
         from order_line l where l.order_id = o.id) lines
    where o.id = $1`,
);
