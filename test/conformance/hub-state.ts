import { CONTACT_PREFIX, CUSTOMER_PREFIX } from '../../src/modules/customers/index.js';
import { SHIPMENT_PREFIX } from '../../src/modules/fulfillment/index.js';
import { ORDER_PREFIX } from '../../src/modules/orders/index.js';
import { QUOTE_PREFIX } from '../../src/modules/quotes/index.js';
import { typeId } from '../../src/shared/ids.js';
import type { ConformanceHub } from './hub.js';

/** What is kept, by kind, and by a name that does not depend on when or in which order it came. */
export type State = Record<string, Record<string, unknown>>;

const named = (kind: string, id: string) => `(
  select string_agg(r.external_id, '+' order by r.external_id) from external_reference r
   where r.record_kind = '${kind}' and r.record_id = ${id} and r.gone_at is null)`;
const customerName = (id: string) => `(
  select case when m.number like 'KIT-%' then m.number
              else coalesce(${named('customer', 'm.id')}, concat_ws(' ', 'of an order', m.name, m.email)) end
    from customer m where m.id = ${id})`;
const quoteName = (id: string) => named('quote', id);
const orderName = (id: string) => `(
  select case when n.quote_id is null then ${named('order', 'n.id')} else 'of quote ' || ${quoteName('n.quote_id')} end
    from orders n where n.id = ${id})`;
const shipmentName = (alias: string) => `concat_ws(' ', ${orderName(`${alias}.order_id`)}, ${alias}.tracking_number)`;

/** Of a row, without what is the hub's own: its ids, its numbers, its times and how often it was written. */
const OWN = `'{id,number,version,event_count,created_at,updated_at,position,status_at,submitted_at,open_holds}'::text[]`;
const plain = (alias: string, less: string[] = []) => `to_jsonb(${alias}) - ${OWN} - '{${less.join(',')}}'::text[]`;
const listOf = (text: string) =>
  `coalesce((select jsonb_agg(each order by each::text) from (${text}) every (each)), '[]')`;

/**
 * A customer of whom no record was ever read has the address of whichever of its orders was taken first; not so one whom
 * the company made, be it read there or recognized as the hub's own.
 */
const IS_OF_AN_ORDER = `c.number not like 'KIT-%' and not exists (
  select from external_reference r join integration i on i.id = r.integration_id
   where r.record_kind = 'customer' and r.record_id = c.id and r.source_version is not null)`;

const HELD: Record<string, string> = {
  orders: `
    select ${orderName('o.id')} as name,
           ${plain('o', ['channel_id', 'customer_id', 'contact_id', 'quote_id', 'placed_at', 'promised_at'])}
           || jsonb_build_object(
                'shipping_lines', ${listOf(`select each - 'id' from jsonb_array_elements(o.shipping_lines) each`)},
                'adjustments', ${listOf(`select each - 'id' from jsonb_array_elements(o.adjustments) each`)},
                'customer', ${customerName('o.customer_id')},
                'contact', (select c.name from contact c where c.id = o.contact_id),
                'placedAt', case when o.quote_id is null then o.placed_at end,
                'holds', ${listOf(`select to_jsonb(h.reason) from order_hold h where h.order_id = o.id and h.released_at is null`)},
                'lines', ${listOf(`
                  select ${plain('l', ['order_id', 'product_id', 'quote_line_id'])} || jsonb_build_object(
                           'isKnown', l.product_id is not null,
                           'quoteLine', (select q.external_line_id from quote_line q where q.id = l.quote_line_id),
                           'reservations', ${listOf(`
                             select to_jsonb(concat_ws(' ', r.quantity, p.sku, s.code)) from stock_reservation r
                               join product p on p.id = r.product_id join stock_location s on s.id = r.location_id
                              where r.order_line_id = l.id`)})
                    from order_line l where l.order_id = o.id`)}) as value
      from orders o`,
  customers: `
    select ${customerName('c.id')} as name,
           ${plain('c', ['price_list_id', 'merged_into_id'])} - case when ${IS_OF_AN_ORDER} then '{billing_address,shipping_addresses,phone}'::text[] else '{}' end
           || jsonb_build_object(
             'mergedInto', ${customerName('c.merged_into_id')},
             'contacts', ${listOf(`select ${plain('k', ['customer_id'])} from contact k where k.customer_id = c.id`)}) as value
      from customer c`,
  products: `
    select p.sku as name, ${plain('p')} || jsonb_build_object('references', ${named('product', 'p.id')}) as value
      from product p`,
  levels: `
    select p.sku || ' at ' || s.code as name, ${plain('l', ['product_id', 'location_id'])} as value
      from stock_level l join product p on p.id = l.product_id join stock_location s on s.id = l.location_id`,
  quotes: `
    select ${quoteName('q.id')} || ' revision ' || q.revision as name,
           ${plain('q', ['customer_id', 'contact_id', 'owner_id'])} || jsonb_build_object(
             'customer', ${customerName('q.customer_id')},
             'contact', (select c.name from contact c where c.id = q.contact_id),
             'lines', ${listOf(`select ${plain('l', ['quote_id', 'product_id'])} from quote_line l where l.quote_id = q.id`)}) as value
      from quote q`,
  shipments: `
    select ${shipmentName('s')} as name,
           ${plain('s', ['order_id', 'location_id', 'shipped_at', 'delivered_at'])} || jsonb_build_object(
             'order', ${orderName('s.order_id')},
             'location', (select code from stock_location l where l.id = s.location_id),
             'hasLeft', s.shipped_at is not null, 'hasArrived', s.delivered_at is not null,
             'lines', ${listOf(`
               select ${plain('l', ['shipment_id', 'order_line_id', 'product_id'])} || jsonb_build_object('line', o.external_id)
                 from shipment_line l join order_line o on o.id = l.order_line_id where l.shipment_id = s.id`)}) as value
      from shipment s`,
  // In how many steps money moved depends on which states were heard of.
  payments: `
    select ${named('payment', 'p.id')} as name,
           ${plain('p', ['order_id'])} || jsonb_build_object(
             'order', ${orderName('p.order_id')},
             'moved', ${listOf(`
               select jsonb_build_object(t.kind, sum(t.amount_minor)) from payment_transaction t
                where t.payment_id = p.id group by t.kind`)}) as value
      from payment p`,
  gone: `
    select r.record_kind || ' ' || r.external_id as name, to_jsonb(true) as value
      from external_reference r where r.gone_at is not null`,
  endings: `
    select e.record_kind || ' ' || e.external_id as name, to_jsonb(coalesce(e.merged_into, 'deleted')) as value
      from foreign_ending e`,
  deadLetters: `
    select concat_ws(' ', d.direction, d.stream, case when d.direction = 'PULL' then d.external_id else d.error end) as name, to_jsonb(d.error) as value
      from dead_letter d where d.settled_at is null order by d.error`,
  integration: `select code as name, to_jsonb(status) as value from integration`,
};

/** What a hub calls by names of its own and systems are told, with the lasting name of each. */
const ALIASES = `
  select number as alias, 'number of customer ' || ${customerName('c.id')} as name from customer c where number not like 'KIT-%'
  union all select number, 'number of order ' || ${orderName('o.id')} from orders o
  union all select number, 'number of shipment ' || ${shipmentName('s')} from shipment s
  union all select r.external_id, 'id of order ' || ${orderName('o.id')}
              from external_reference r join orders o on o.id = r.record_id
             where r.record_kind = 'order' and o.quote_id is not null
  union all select r.external_id, 'id of customer ' || ${customerName('c.id')}
              from external_reference r join customer c on c.id = r.record_id
             where r.record_kind = 'customer' and c.number like 'KIT-%'`;

const IDS = `
  select '${ORDER_PREFIX}' as prefix, id::text, 'order ' || ${orderName('o.id')} as name from orders o
  union all select '${CUSTOMER_PREFIX}', id::text, 'customer ' || ${customerName('c.id')} from customer c
  union all select '${CONTACT_PREFIX}', k.id::text, concat_ws(' ', 'contact', ${customerName('k.customer_id')}, k.name, k.email) from contact k
  union all select '${QUOTE_PREFIX}', id::text, 'quote ' || ${quoteName('q.id')} from quote q
  union all select '${SHIPMENT_PREFIX}', id::text, 'shipment ' || ${shipmentName('s')} from shipment s`;

/**
 * All that the hub keeps of records, field by field; not who was heard first where several say the same: a system that the
 * hub wrote to before it was read says of all that it is as new as that write.
 */
export async function hubState(hub: ConformanceHub): Promise<State> {
  const state: State = {};
  for (const [kind, text] of Object.entries(HELD)) {
    const rows = await hub.rows<{ name: string | null; value: unknown }>(text);
    const held: Record<string, unknown> = {};
    for (const { name, value } of rows) {
      // Two of one name are two all the same.
      let free = name ?? 'without a name';
      while (free in held) free += "'";
      held[free] = value;
    }
    state[kind] = sorted(held);
  }
  return lasting(hub, state);
}

/** What the system keeps, the hub's own names in it replaced by lasting ones. */
export function systemState(hub: ConformanceHub, told: State): Promise<State> {
  return lasting(hub, told);
}

async function lasting(hub: ConformanceHub, state: State): Promise<State> {
  const rows = await hub.rows<{ alias: string; name: string | null }>(ALIASES);
  const names = new Map(rows.map(({ alias, name }) => [alias, name ?? 'without a name']));
  const ids = await hub.rows<{ prefix: string; id: string; name: string | null }>(IDS);
  for (const { prefix, id, name } of ids) names.set(typeId(prefix, id), name ?? 'without a name');
  const rename = (text: string) => text.replaceAll(/[\w-]+/g, (word) => names.get(word) ?? word);
  return renamed(state, (text) => rename(text).replaceAll(TAKEN_BACK, 'a number')) as State;
}

/** How much has happened in the hub: nothing may be added where nothing has changed. */
export async function happened(hub: ConformanceHub): Promise<Record<string, string>> {
  const [row] = await hub.rows<Record<string, string>>(`
    select (select count(*) from event where subject_kind <> 'integration') as events,
           (select sum(version) from orders) as orders, (select sum(version) from customer) as customers,
           (select sum(version) from product) as products, (select sum(version) from stock_level) as levels,
           (select sum(version) from quote) as quotes, (select sum(version) from shipment) as shipments,
           (select sum(version) from payment) as payments, (select count(*) from stock_movement) as movements,
           (select count(*) from stock_movement where kind = 'SHIPMENT') as sent, (select count(*) from external_reference) as references`);
  return row!;
}

/** Of a record that a refusal took back with all else. */
const TAKEN_BACK = /\b(SO|SH|C|Q)-\d+\b/g;

function renamed(value: unknown, rename: (text: string) => string): unknown {
  if (typeof value === 'string') return rename(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename));
  return sorted(Object.fromEntries(Object.entries(value).map(([name, each]) => [rename(name), renamed(each, rename)])));
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
