import { sql } from '../../db/statement.js';
import type { OutgoingKind } from '../../shared/outgoing/index.js';
import { IS_THEIRS } from './snapshots/order.js';

/** What a record rests on that an integration takes and does not know yet. */
export interface RestRow {
  record_id: string;
  kind: OutgoingKind;
  id: string;
  /** By which people know it. */
  name: string;
  stream: string;
  /** It is due already, and not only because all there is is told at first. */
  is_next: boolean;
}
/**
 * Of orders: their customers, and the products of their lines. What was told, or was not to be told, is waited for no
 * longer; who brings an order knows what it rests on.
 */
export const selectUntoldRests = sql<RestRow>(
  'push.untold-rests',
  `with rests (record_id, kind, id, name) as (
     select o.id, 'customer', cu.id, cu.number
       from orders o join channel c on c.id = o.channel_id join customer cu on cu.id = o.customer_id
      where o.id = any($2::bigint[]) and not ${IS_THEIRS}
     union
     select o.id, 'product', p.id, p.sku
       from orders o join channel c on c.id = o.channel_id
       join order_line l on l.order_id = o.id join product p on p.id = l.product_id
      where o.id = any($2::bigint[]) and not ${IS_THEIRS})
   select r.record_id, r.kind, r.id, r.name, s.stream, coalesce(not item.is_initial, false) as is_next
     from rests r join push_stream s on s.integration_id = $1 and s.record_kind = r.kind
     left join push_item item on item.integration_id = $1 and item.stream = s.stream and item.record_id = r.id
    where coalesce(item.state in ('DUE', 'SENDING'), true)
      and not exists (select from external_reference known
                       where known.integration_id = $1 and known.record_kind = r.kind and known.record_id = r.id)
    order by r.record_id, r.kind, r.id`,
);

/** Makes them due, before all that is told only because the system was connected. */
export const makeRestsDue = sql(
  'push.make-rests-due',
  `insert into push_item as item (integration_id, stream, record_kind, record_id, state, due_at, first_due_at)
   select distinct $1::bigint, r.stream, r.kind, r.id, 'DUE', $5::timestamptz, $5::timestamptz
     from unnest($2::text[], $3::text[], $4::bigint[]) as r (stream, kind, id) order by 2, 4
   on conflict (integration_id, stream, record_id) do update set is_initial = false
    where item.state = 'DUE' and item.is_initial`,
);
