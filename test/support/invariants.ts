import pg from 'pg';

/** Each answers rows only where the database contradicts itself. */
const CONTRADICTIONS: Record<string, string> = {
  'reserved is what the reservations add up to': `
    select l.id, l.reserved, coalesce(sum(r.quantity), 0) as sum from stock_level l
      left join stock_reservation r using (product_id, location_id) group by l.id having l.reserved <> coalesce(sum(r.quantity), 0)`,
  'on hand is what the movements add up to': `
    select l.id, l.on_hand, coalesce(sum(m.quantity), 0) as sum from stock_level l
      left join stock_movement m using (product_id, location_id) group by l.id having l.on_hand <> coalesce(sum(m.quantity), 0)`,
  'nothing is promised that is not there': `select id, on_hand, reserved from stock_level where reserved > on_hand - safety_stock`,
  'a line reserves what its reservations add up to': `
    select l.id from order_line l
      left join (select distinct r.order_line_id, r.location_id, r.quantity / coalesce(part.quantity, 1) as units
                   from stock_reservation r
                   left join order_line_part part on part.order_line_id = r.order_line_id and part.product_id = r.product_id) r
        on r.order_line_id = l.id
     group by l.id having l.reserved_quantity <> coalesce(sum(r.units), 0)`,
  'a bundle reserves the same units of each counted part at a location': `
    select r.order_line_id, r.location_id from stock_reservation r
      join order_line_part part on part.order_line_id = r.order_line_id and part.product_id = r.product_id
     group by r.order_line_id, r.location_id
    having min(r.quantity / part.quantity) <> max(r.quantity / part.quantity)
        or count(*) <> (select count(*) from order_line_part other join product p on p.id = other.product_id
                         where other.order_line_id = r.order_line_id and p.is_stocked)`,
  'a shelf holds what shipments under preparation have claimed': `
    select l.order_line_id, l.product_id from shipment s join shipment_line l on l.shipment_id = s.id
      left join stock_reservation r on r.order_line_id = l.order_line_id and r.product_id = l.product_id and r.location_id = s.location_id
     where s.status in ('PENDING', 'PICKING', 'PACKED') and l.is_reserved
     group by l.order_line_id, l.product_id, s.location_id, r.quantity having sum(l.quantity) > coalesce(r.quantity, 0)`,
  'warehouses have no more of a line to send than it has reserved there, but for what came back': `
    select l.order_line_id, l.product_id, f.location_id from fulfillment_order f join fulfillment_order_line l on l.fulfillment_order_id = f.id
      left join stock_reservation r on r.order_line_id = l.order_line_id and r.product_id = l.product_id and r.location_id = f.location_id
     where f.status in ('OPEN', 'IN_PROGRESS', 'ON_HOLD') and l.is_reserved
     group by l.order_line_id, l.product_id, f.location_id, r.quantity
    having sum((l.remaining_units - l.waiting_units) * l.per_unit) > coalesce(r.quantity, 0)`,
  'warehouses have no more of a line to send than is left of it': `
    select o.id from order_line o
      join (select l.order_line_id, f.id, max(l.remaining_units) as units from fulfillment_order f
              join fulfillment_order_line l on l.fulfillment_order_id = f.id group by l.order_line_id, f.id) w on w.order_line_id = o.id
     group by o.id having sum(w.units) > o.quantity - o.canceled_quantity - o.shipped_quantity`,
  'what a warehouse waits for is backordered': `
    select o.id from order_line o
      join (select l.order_line_id, f.id, max(l.waiting_units) as units from fulfillment_order f
              join fulfillment_order_line l on l.fulfillment_order_id = f.id group by l.order_line_id, f.id) w on w.order_line_id = o.id
     group by o.id having sum(w.units) > o.backordered_quantity`,
  'a fulfillment order has left what its shipments took that left and did not come back': `
    select l.fulfillment_order_id, l.order_line_id, l.units, l.remaining_units from fulfillment_order_line l
      join fulfillment_order f on f.id = l.fulfillment_order_id and f.status <> 'CANCELED'
      left join (select d.fulfillment_order_id, d.order_line_id, sum(d.units) as units from shipment_draw d join shipment s on s.id = d.shipment_id
                  where s.shipped_at is not null and s.status not in ('RETURNED_TO_SENDER', 'LOST') group by 1, 2) d
        on d.fulfillment_order_id = l.fulfillment_order_id and d.order_line_id = l.order_line_id
     where l.units - l.remaining_units <> coalesce(d.units, 0)`,
  'a fulfillment order has what shipments under preparation take of it': `
    select d.fulfillment_order_id, d.order_line_id from shipment_draw d join shipment s on s.id = d.shipment_id
      left join (select fulfillment_order_id, order_line_id, max(remaining_units - waiting_units) as units
                   from fulfillment_order_line group by 1, 2) l
        on l.fulfillment_order_id = d.fulfillment_order_id and l.order_line_id = d.order_line_id
     where s.status in ('PENDING', 'PICKING', 'PACKED')
     group by d.fulfillment_order_id, d.order_line_id, l.units having sum(d.units) > coalesce(l.units, 0)`,
  'a shipment takes all that it holds from fulfillment orders': `
    select h.shipment_id, h.order_line_id from
      (select l.shipment_id, l.order_line_id, max(l.line_quantity) as units from shipment_line l group by 1, 2) h
      left join (select shipment_id, order_line_id, sum(units) as units from shipment_draw group by 1, 2) d
        on d.shipment_id = h.shipment_id and d.order_line_id = h.order_line_id
     where h.units <> coalesce(d.units, 0)`,
  'a fulfillment order’s status is the one that follows from what is left of it': `
    select f.number, f.status from fulfillment_order f join fulfillment_order_line l on l.fulfillment_order_id = f.id
     group by f.id having case f.status when 'CANCELED' then sum(l.remaining_units) > 0
       when 'CLOSED' then sum(l.remaining_units) > 0 or sum(l.units) = 0 else sum(l.remaining_units) = 0 end`,
  'every fulfillment order is for something': `
    select number from fulfillment_order f where not exists (select from fulfillment_order_line l where l.fulfillment_order_id = f.id)`,
  'a shelf has given shipments what left it, and nothing for what left before it was counted there': `
    select g.*, m.quantity as moved from
      (select s.order_id, s.location_id, l.product_id, sum(l.quantity) as quantity from shipment s join shipment_line l on l.shipment_id = s.id
        where s.shipped_at is not null and l.is_reserved group by 1, 2, 3) g
      full join (select order_id, location_id, product_id, -sum(quantity) as quantity from stock_movement
                  where kind = 'SHIPMENT' group by 1, 2, 3) m using (order_id, location_id, product_id)
     where coalesce(g.quantity, 0) <> coalesce(m.quantity, 0)`,
  'only what has left can have left before it was counted': `
    select l.id from shipment_line l join shipment s on s.id = l.shipment_id
     where l.left_uncounted and (s.shipped_at is null or l.product_id is null)`,
  'a line has shipped what its shipments hold that left and did not come back': `
    select o.id from order_line o
      left join (select l.order_line_id, max(l.line_quantity) as quantity from shipment s join shipment_line l on l.shipment_id = s.id
                  where s.shipped_at is not null and s.status not in ('RETURNED_TO_SENDER', 'LOST') group by l.order_line_id, s.id) l
        on l.order_line_id = o.id
     group by o.id having o.shipped_quantity <> coalesce(sum(l.quantity), 0)`,
  'an order’s status is the one that follows from its lines and shipments': `
    with line as (
      select l.order_id, l.requires_shipping, l.quantity - l.canceled_quantity as ordered, l.shipped_quantity, l.delivered_quantity,
             bool_or(l.requires_shipping and l.quantity > l.canceled_quantity) over (partition by l.order_id) as any_to_ship
        from order_line l),
    facts as (
      select order_id, count(*) as lines, bool_and(delivered_quantity >= ordered) as delivered,
             bool_and(shipped_quantity >= ordered) as shipped, bool_or(shipped_quantity > 0) as some
        from line where ordered > 0 and requires_shipping = any_to_ship group by order_id)
    select o.number, o.status from orders o left join facts f on f.order_id = o.id
     where o.status not in ('DRAFT', 'RECEIVED', 'COMPLETED') and o.status <> case
       when f.lines is null then 'CANCELED' when f.delivered then 'DELIVERED' when f.shipped then 'SHIPPED'
       when f.some then 'PARTIALLY_SHIPPED'
       when exists (select from shipment s where s.order_id = o.id
                     and (s.shipped_at is not null or s.status in ('PENDING', 'PICKING', 'PACKED')))
         or exists (select from fulfillment_order f where f.order_id = o.id and f.status in ('OPEN', 'IN_PROGRESS', 'ON_HOLD'))
       then 'PROCESSING'
       else 'CONFIRMED' end`,
  'a level has an event for each of its versions': `
    select l.id, l.version from stock_level l left join event e on e.subject_kind = 'stock_level' and e.subject_id = l.id
     group by l.id having l.version <> 1 + count(e.id) or l.version <> coalesce(max(e.sequence), 1)`,
  'a quote line is converted as far as order lines were made of it': `
    select q.id, q.converted_quantity, coalesce(sum(l.quantity), 0) as sum from quote_line q
      left join order_line l on l.quote_line_id = q.id group by q.id having q.converted_quantity <> coalesce(sum(l.quantity), 0)`,
  'no quote line becomes more than it is': `select id from quote_line where converted_quantity > quantity`,
  'an order has as many events as it counts, numbered without a gap': `
    select o.id from orders o left join event e on e.subject_kind = 'order' and e.subject_id = o.id
     group by o.id having o.event_count <> count(e.id) or o.event_count <> max(e.sequence)`,
  'a quote has as many events as it counts and versions, numbered without a gap': `
    select q.id from quote q left join event e on e.subject_kind = 'quote' and e.subject_id = q.id
     group by q.id having q.event_count <> count(e.id) or q.event_count <> max(e.sequence) or q.event_count <> q.version`,
  'a quote totals what its lines and shipping do': `
    select q.id from quote q join quote_line l on l.quote_id = q.id
      cross join lateral (select coalesce(sum((t->>'amount')::bigint), 0) as tax from jsonb_array_elements(q.shipping_tax_lines) t) s
     group by q.id, s.tax
    having q.total_minor <> sum(l.total_minor + l.tax_minor) + q.shipping_minor + s.tax
        or q.tax_minor <> sum(l.tax_minor) + s.tax
        or q.total_minor <> q.subtotal_minor - q.discount_minor + q.shipping_minor + q.tax_minor`,
  'an order totals what its lines and shipping do': `
    select o.id from orders o join order_line l on l.order_id = o.id
      cross join lateral (
        select coalesce(sum((s->>'price_minor')::bigint + coalesce(
                 (select sum((t->>'amount')::bigint) from jsonb_array_elements(s->'tax_lines') t), 0)), 0) as total
          from jsonb_array_elements(o.shipping_lines) s) s
     where o.adjustments = '[]' and not o.prices_include_tax and (o.shipping_lines = '[]' or not o.is_stated)
     group by o.id, s.total having o.total_minor <> sum(l.total_minor + l.tax_minor) + s.total`,
  'an order’s tax is that of its lines, shipping and fees, and what its taxes add up to': `
    with part as (
      select o.id, (select coalesce(sum(l.tax_minor), 0) from order_line l where l.order_id = o.id)
                 + (select coalesce(sum((t->>'amount')::bigint), 0)
                      from jsonb_array_elements(o.shipping_lines || o.adjustments) p, jsonb_array_elements(p->'tax_lines') t) as parts,
             (select coalesce(sum((t->>'amount')::bigint), 0) from jsonb_array_elements(o.tax_lines) t) as taxes
        from orders o)
    select o.number, o.tax_minor, p.parts, p.taxes from orders o join part p using (id)
     where o.tax_minor <> p.taxes or o.tax_minor <> p.parts`,
  'a line’s tax is what its taxes add up to': `
    select l.id from order_line l
     where l.tax_minor <> (select coalesce(sum((t->>'amount')::bigint), 0) from jsonb_array_elements(l.tax_lines) t)`,
  'one order of a quote charges its shipping, unless one was canceled': `
    select q.id from quote q join orders o on o.quote_id = q.id
     group by q.id
    having count(*) filter (where o.shipping_lines <> '[]') > 1
        or (not bool_or(o.status = 'CANCELED') and sum(o.shipping_minor) <> q.shipping_minor)`,
  'a payment is what its ledger adds up to': `
    select p.id from payment p left join payment_transaction t on t.payment_id = p.id group by p.id
    having p.authorized_minor <> coalesce(sum(t.amount_minor) filter (where t.kind = 'AUTHORIZATION'), 0)
        or p.captured_minor <> coalesce(sum(t.amount_minor) filter (where t.kind = 'CAPTURE'), 0)
        or p.refunded_minor <> coalesce(sum(t.amount_minor) filter (where t.kind = 'REFUND'), 0)
        or p.voided_minor <> coalesce(sum(t.amount_minor) filter (where t.kind = 'VOID'), 0)`,
  'what was carried out at a provider stands in the payment': `
    select p.id from payment p join payment_attempt a on a.payment_id = p.id and a.status = 'SUCCEEDED' group by p.id
    having p.captured_minor < coalesce(sum(a.amount_minor) filter (where a.kind = 'CAPTURE'), 0)
        or p.refunded_minor < coalesce(sum(a.amount_minor) filter (where a.kind = 'REFUND'), 0)`,
  'no payment that the hub moves gives back more than it took': `
    select id from payment where acts_through is not null and refunded_minor > captured_minor`,
  'an order is paid as its payments add up': `
    select o.number from orders o left join payment p on p.order_id = o.id group by o.id
    having o.paid_minor <> coalesce(sum(p.captured_minor), 0) or o.refunded_minor <> coalesce(sum(p.refunded_minor), 0)`,
  'an order’s payment status follows from its sums': `
    select number, payment_status from orders where payment_status <> case
      when paid_minor > refunded_minor then case
        when paid_minor - refunded_minor > total_minor then 'OVERPAID' when refunded_minor > 0 then 'PARTIALLY_REFUNDED'
        when paid_minor >= total_minor then 'PAID' else 'PARTIALLY_PAID' end
      when authorized_minor > 0 then 'AUTHORIZED' when refunded_minor > 0 then 'REFUNDED'
      when total_minor > 0 then unpaid_status else 'NOT_REQUIRED' end`,
  'documents of a kind and year are numbered from one without a gap, none older than the one before': `
    select c.kind, c.year from invoice_counter c left join invoice i using (kind, year) group by c.kind, c.year
    having count(i.id) <> c.last_number or min(i.sequence) <> 1 or max(i.sequence) <> c.last_number
    union all
    select kind, year from (select kind, year, issued_at, lag(issued_at) over (partition by kind, year order by sequence) as before
                              from invoice) i where issued_at < before`,
  'an invoice totals what its lines do': `
    select i.number from invoice i left join invoice_line l on l.invoice_id = i.id group by i.id
    having i.tax_minor <> coalesce(sum(l.tax_minor), 0)
        or i.total_minor <> coalesce(sum(l.total_minor + case when i.prices_include_tax then 0 else l.tax_minor end), 0)`,
  'no part of an order is invoiced twice': `
    select i.order_id, l.source, l.source_id from invoice_line l join invoice i on i.id = l.invoice_id
      left join order_line o on l.source = 'LINE' and o.id = l.source_id
     where i.kind = 'INVOICE' or i.is_reopening
     group by i.order_id, l.source, l.source_id, o.quantity
    having sum(case i.kind when 'INVOICE' then l.quantity else -l.quantity end) > coalesce(o.quantity, 1)`,
  'no more is credited than was invoiced': `
    select l.id from invoice_line l join invoice_line c on c.credits_id = l.id group by l.id
    having sum(c.quantity) > l.quantity or sum(c.total_minor) > l.total_minor or sum(c.tax_minor) > l.tax_minor`,
  'orders are counted as they are': `
    with counted as (select day, status, channel_id, fulfillment_status, is_held, sum(orders) as orders
                       from (select * from order_count union all select * from order_count_change) c group by 1, 2, 3, 4, 5),
    actual as (select (placed_at at time zone 'UTC')::date as day, status, channel_id, fulfillment_status,
                      open_holds > 0 as is_held, count(*) as orders from orders group by 1, 2, 3, 4, 5)
    select * from actual a full join counted c using (day, status, channel_id, fulfillment_status, is_held)
     where coalesce(a.orders, 0) <> coalesce(c.orders, 0)`,
  'every order is found by its words': `
    select o.number from orders o left join order_words w on w.order_id = o.id
     where w.words is distinct from order_words_of(o.number, o.purchase_order_number, o.email)`,
  'events have dense positions': `select count(*) from event_position having count(*) <> coalesce(max(position), 0)`,
};

/** Names every invariant that does not hold, with the rows that break it. */
export async function brokenInvariants(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const broken: string[] = [];
    for (const [name, text] of Object.entries(CONTRADICTIONS)) {
      const { rows } = await client.query(text);
      if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows.slice(0, 3))}`);
    }
    return broken;
  } finally {
    await client.end();
  }
}

export async function queryDatabase<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
