select l.id, l.product_id, l.location_id, s.code as location, p.sku, p.name, price.unit_price, l.on_hand, l.reserved, l.safety_stock, l.version
  from stock_level l
  join product p on p.id = l.product_id
  join stock_location s on s.id = l.location_id
  join price on price.product_id = p.id and price.minimum_quantity = 1 and price.valid_from is null
 where p.sku = any ($1::text[]) and p.is_active and s.is_active
 order by l.product_id, l.location_id
   for no key update of l
