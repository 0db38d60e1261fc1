import type { RecordKind } from '../../connect/index.js';
import { sql, type Statement } from '../../db/statement.js';

/**
 * As SQL, by kind: a hash over what a system states of the hub's record that its reference `r` means; null where there is
 * none. Where people are a stream of their own, they are no part of their customer.
 */
export const DIGESTS: Record<RecordKind, string> = {
  customer: `select md5(row(c.name, c.kind, c.email, c.phone, c.tax_id, c.is_active, c.billing_address, c.shipping_addresses,
      c.tags, (select array_agg(row(t.name, t.email, t.phone, t.role, t.is_primary)::text order by t.position, t.id)
                 from contact t
                where t.customer_id = c.id
                  and not exists (select from source_record p
                                   where p.integration_id = r.integration_id and p.record_kind = 'contact')))::text)
    from customer c where c.id = r.record_id`,
  contact: `select md5(row(t.customer_id, t.name, t.email, t.phone, t.role, t.is_primary)::text)
    from contact t where t.id = r.record_id`,
  product: `select md5(row(p.sku, p.name, p.description, p.weight_grams, p.is_active, p.is_stocked, p.requires_shipping)::text)
    from product p where p.id = r.record_id`,
  stock: `select md5(row(l.on_hand, l.reserved, l.safety_stock)::text) from stock_level l where l.id = r.record_id`,
  order: `select md5(row(o.customer_id, o.email, o.purchase_order_number, o.note, o.currency, o.prices_include_tax,
      o.status = 'CANCELED', o.billing_address, o.shipping_address, o.shipping_lines, o.adjustments,
      (select array_agg(row(l.external_id, l.sku, l.quantity, l.unit_price, l.ordered_discount_minor)::text
                        order by l.position, l.id) from order_line l where l.order_id = o.id))::text)
    from orders o where o.id = r.record_id`,
  quote: `select md5(row(q.status, q.customer_id, q.currency, q.valid_until, q.billing_address, q.shipping_address,
      (select array_agg(row(l.external_line_id, l.sku, l.quantity, l.unit_price, l.discount_rate)::text
                        order by l.position, l.id) from quote_line l where l.quote_id = q.id))::text)
    from quote q where q.id = r.record_id`,
  shipment: `select md5(row(s.status, s.carrier, s.service, s.tracking_number, s.tracking_url)::text)
    from shipment s where s.id = r.record_id`,
  payment: `select null::text`,
};

/** One statement for each kind of record. */
export function byKind<Row>(
  name: string,
  text: (digest: string, kind: RecordKind) => string,
): (kind: RecordKind, ...values: unknown[]) => Statement<Row> {
  const statements = Object.entries(DIGESTS).map(([kind, digest]) => {
    const statement = sql<Row>(`reconcile.${name}-${kind}`, text(digest, kind as RecordKind));
    return [kind, statement] as const;
  });
  const known = new Map(statements);
  return (kind, ...values) => known.get(kind)!(...values);
}

/**
 * Notes that hub and system say the same: of the ids `$3` in the versions `$4`; `$5`: only of what the hub has no record
 * of.
 */
export const noteSource = byKind(
  'note',
  (digest, kind) => `
  insert into source_record (integration_id, stream, external_id, record_kind, version, digest)
  select $1, $2, n.external_id, '${kind}', n.version, (${digest})
    from (select distinct on (external_id) * from unnest($3::text[], $4::text[]) as n (external_id, version)) n
    left join external_reference r
      on r.integration_id = $1 and r.record_kind = '${kind}' and r.external_id = n.external_id and r.gone_at is null
   where not $5 or r.record_id is null
   order by n.external_id
  on conflict (integration_id, stream, external_id) do update
    set record_kind = excluded.record_kind, version = excluded.version, digest = excluded.digest`,
);

/** The system no longer has the record. */
export const forgetSource = sql(
  'reconcile.forget',
  `delete from source_record where integration_id = $1 and record_kind = $2 and external_id = $3`,
);
