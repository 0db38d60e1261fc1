select row_to_json(one)::text as json
  from (
    select o.id, o.number, o.status, o.placed_at, o.email, o.currency, o.subtotal_minor, o.tax_minor, o.total_minor,
           o.billing_address, o.shipping_address, channel.code as channel,
           (select customer from (select id, name, email from customer where id = o.customer_id) customer) as customer,
           (select json_agg(line)
              from (select id, sku, quantity, unit_price, total_minor from order_line where order_id = o.id order by position) line
           ) as lines
      from orders o
      join channel on channel.id = o.channel_id
     where o.id = $1
  ) one
