import { CLOCKS_DIFFER_MS } from '../../../shared/clock.js';

/**
 * As SQL, of a line `p` of a parcel `s`: its goods had left before the integration `$1` was connected, or before the hub
 * first counted them. What left shortly before is not meant: clocks differ.
 */
export const LEFT_BEFORE = `(p.left_uncounted or coalesce(
  s.shipped_at < (select i.created_at - interval '${CLOCKS_DIFFER_MS} milliseconds' from integration i where i.id = $1), false))`;

const LEFT_OF_LINE = `
  select coalesce(sum(parcel.quantity), 0)
    from (select max(p.line_quantity) as quantity
            from shipment_line p join shipment s on s.id = p.shipment_id
           where p.order_line_id = l.id and s.status <> 'CANCELED' group by s.id having bool_and${LEFT_BEFORE}) parcel`;

/**
 * As SQL, of an order `o`: there is something to be sent of it, and all of that had left before. What was lost or came back
 * counts as shipped no more, and is to be sent again.
 */
export const HAS_LEFT_BEFORE = `(
  select coalesce(bool_and(l.quantity - l.canceled_quantity <= l.shipped_quantity
                           and l.quantity - l.canceled_quantity <= (${LEFT_OF_LINE})), false)
    from order_line l where l.order_id = o.id and l.requires_shipping and l.quantity > l.canceled_quantity)`;
