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

/**
 * Those of the products that are counted, but were not yet at the instant given: nothing had moved of them at the location
 * given, or anywhere. What the system counts there itself, and is not only told of, is left out: of that it says what it holds.
 */
export const selectUncountedAt = sql<{ id: string }>(
  'order-flow.uncounted-at',
  `select p.id from product p
    where p.id = any($1::bigint[]) and p.is_stocked and not exists (
      select from stock_level l join stock_location s on s.id = l.location_id
       where l.product_id = p.id and (s.code = $3 or $3::text is null)
         and (exists (select from stock_movement m
                       where m.product_id = l.product_id and m.location_id = l.location_id and m.at <= $2)
              or exists (select from external_reference r
                          where r.integration_id = $4 and r.record_kind = 'stock' and r.record_id = l.id
                            and r.gone_at is null and r.stated is null and r.source_version is not null)))`,
);
