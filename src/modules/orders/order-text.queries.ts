import { unnamed, type Statement } from '../../db/statement.js';
import { condition, type Condition } from '../../graph/list-query.js';

const PATTERN = 'lower($1::text)';

/** Per table: which rows a text finds, by the expressions of the indexes. A shipment’s row is read here by its words alone. */
const WORDS = `w.words like ${PATTERN}`;
const CUSTOMER = `chr(10) || lower(c.number || chr(10) || c.name || chr(10) || coalesce(c.email, '')) like ${PATTERN}`;
const SHIPMENT = `s.tracking_number is not null and chr(10) || lower(s.tracking_number) like ${PATTERN}`;
const KNOWN_SKUS = `select p.sku from product p
  where chr(10) || lower(p.sku || chr(10) || p.name) like ${PATTERN} and chr(10) || lower(p.sku) like ${PATTERN}`;
const UNKNOWN_SKU = `l.product_id is null and chr(10) || lower(l.sku) like ${PATTERN}`;

/** A union of ids reads the index of each table, where an OR over joined tables would read all of them. */
const HITS = `
  select w.order_id from order_words w where ${WORDS}
  union all
  select b.id from orders b join customer c on c.id = b.customer_id where ${CUSTOMER}
  union all
  select s.order_id from shipment s where ${SHIPMENT}
  union all
  select l.order_id from order_line l where l.sku in (${KNOWN_SKUS})
  union all
  select l.order_id from order_line l where ${UNKNOWN_SKU}`;

/** From the texts to the orders. Materialized, or the search could be run again for each order. */
export function foundByText(pattern: string): Condition {
  return condition(`o.id in (with hit as materialized (${HITS}) select order_id from hit)`, pattern);
}

/** From the orders to their texts, for few orders, or a page of those that nearly every order is one of. */
export function hasText(pattern: string): Condition {
  // An offset keeps PostgreSQL from reading each table whole into a hash instead.
  const parts = [
    `exists (select from order_words w where w.order_id = o.id and ${WORDS} offset 0)`,
    `exists (select from customer c where c.id = o.customer_id and ${CUSTOMER} offset 0)`,
    `exists (select from shipment s where s.order_id = o.id and ${SHIPMENT} offset 0)`,
    `exists (select from order_line l where l.order_id = o.id
              and (chr(10) || lower(l.sku) like ${PATTERN}) offset 0)`,
  ];
  return condition(`(${parts.join(' or ')})`, pattern);
}

/** So many hits that a page is found sooner among the orders themselves. */
export const COMMON_HITS = 20_000;
export const countTextHits = (pattern: string): Statement<{ hits: number }> =>
  unnamed(`select count(*)::int as hits from (select from (${HITS}) hit limit ${COMMON_HITS}) some_hits`, [pattern]);
