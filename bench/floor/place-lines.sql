insert into order_line (id, order_id, position, product_id, sku, description, requires_shipping, quantity, unit_price, discount_minor,
  tax_minor, total_minor, tax_lines, ordered_discount_minor, ordered_tax_lines, reserved_quantity)
select l.id, $1, l.position, l.product_id, l.sku, l.description, true, l.quantity, l.unit_price, 0, l.tax, l.total, l.taxes::jsonb, 0,
       l.taxes::jsonb, l.quantity
  from unnest($2::bigint[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::numeric[], $8::numeric[], $9::bigint[], $10::bigint[],
              $11::text[])
    as l (id, position, product_id, sku, description, quantity, unit_price, tax, total, taxes)
