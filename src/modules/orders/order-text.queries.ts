import { condition, type Condition } from '../../graph/list-query.js';

const PATTERN = 'lower($1::text)';

/**
 * Orders that a text finds. Each value lies in a table of its own: a union of ids reads the index of each, where an OR
 * over joined tables would read all of them. The expressions are those of the indexes.
 */
const FOUND = `
  select w.order_id from order_words w where w.words like ${PATTERN}
  union all
  select b.id from orders b join customer c on c.id = b.customer_id
   where chr(10) || lower(c.number || chr(10) || c.name || chr(10) || coalesce(c.email, '')) like ${PATTERN}
  union all
  select s.order_id from shipment s
   where s.tracking_number is not null and chr(10) || lower(s.tracking_number) like ${PATTERN}
  union all
  select l.order_id from order_line l
   where l.sku in (select p.sku from product p
                    where chr(10) || lower(p.sku || chr(10) || p.name) like ${PATTERN} and chr(10) || lower(p.sku) like ${PATTERN})
  union all
  select l.order_id from order_line l where l.product_id is null and chr(10) || lower(l.sku) like ${PATTERN}`;

export function foundByText(pattern: string): Condition {
  return condition(`o.id in (${FOUND})`, pattern);
}
