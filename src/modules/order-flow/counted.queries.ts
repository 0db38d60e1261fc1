import { sql } from '../../db/statement.js';

/**
 * Levels as a system last said what lies there, at the instant given or behind it; at the location given, or wherever it
 * counts. What it says is free to sell holds what an order has reserved, whether or not that has left.
 */
export const selectCountedSince = sql<{ product_id: string; sku: string; location: string }>(
  'order-flow.counted-since',
  `select l.product_id, p.sku, s.code as location
     from external_reference r
     join stock_level l on l.id = r.record_id join product p on p.id = l.product_id
     join stock_location s on s.id = l.location_id
    where r.integration_id = $1 and r.record_kind = 'stock' and r.gone_at is null and r.source_version >= $2
      and r.stated is null and p.is_stocked and l.product_id = any($3::bigint[]) and (s.code = $4 or $4::text is null)
    order by l.product_id, l.location_id`,
);
