insert into orders (id, number, channel_id, status, customer_id, email, currency, prices_include_tax, subtotal_minor, discount_minor,
  shipping_minor, tax_minor, total_minor, tax_lines, billing_address, shipping_address, placed_at, created_at, updated_at, event_count)
values ($1, 'SO-' || nextval('order_number'), $2, 'CONFIRMED', $3, $4, $5, false, $6, 0, 0, $7, $8, $9, $10, $11, $12, $12, $12, 3)
