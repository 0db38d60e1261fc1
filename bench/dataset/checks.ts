import type pg from 'pg';

/** Rules that the hub keeps at all times; each counts the records that break it. */
const RULES: Record<string, string> = {
  'on-hand stock is the sum of its movements': `
    select count(*) from stock_level l
     where on_hand <> (select coalesce(sum(quantity), 0) from stock_movement m
                        where m.product_id = l.product_id and m.location_id = l.location_id)`,
  'what is promised of a level is the sum of its reservations': `
    select count(*) from stock_level l
      left join (select product_id, location_id, sum(quantity) as held from stock_reservation group by 1, 2) r using (product_id, location_id)
     where l.reserved <> coalesce(r.held, 0) or l.reserved > l.on_hand - l.safety_stock`,
  'a line holds what its reservations hold': `
    select count(*) from order_line l
      left join (select order_line_id, sum(quantity) as held from stock_reservation group by 1) r on r.order_line_id = l.id
     where l.reserved_quantity <> coalesce(r.held, 0)`,
  'an order is worth what its lines are worth': `
    select count(*) from orders o
      join (select order_id, sum(total_minor) as net, sum(tax_minor) as tax from order_line group by 1) l on l.order_id = o.id
     where o.total_minor <> l.net + l.tax + o.shipping_minor or o.tax_minor <> l.tax`,
  'an order counts its events, 1, 2, 3 …': `
    select count(*) from orders o
      left join (select subject_id, count(*) as events, max(sequence) as last from event where subject_kind = 'order' group by 1) e
        on e.subject_id = o.id
     where o.event_count is distinct from e.events or o.event_count is distinct from e.last`,
  'positions are dense and every event has one': `
    select (select count(*) from event) - (select count(*) from event_position)
         + (select coalesce(max(position), 0) from event_position) - (select count(*) from event_position) as count`,
};

/** Throws where the database breaks a rule of the hub, and names the rule. */
export async function checkRules(client: pg.ClientBase): Promise<void> {
  const broken: string[] = [];
  for (const [rule, text] of Object.entries(RULES)) {
    const { rows } = await client.query<{ count: string }>(text);
    if (Number(rows[0]!.count) !== 0) broken.push(`${rule}: ${rows[0]!.count} do not`);
  }
  if (broken.length > 0) throw new Error(`the database breaks rules of the hub:\n${broken.join('\n')}`);
}
