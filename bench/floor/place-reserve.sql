update stock_level l set reserved = l.reserved + d.quantity, version = l.version + 1, updated_at = $4
  from unnest($1::bigint[], $2::bigint[], $3::numeric[]) as d (product_id, location_id, quantity)
 where l.product_id = d.product_id and l.location_id = d.location_id
