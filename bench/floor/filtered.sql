select coalesce(json_agg(page), '[]')::text as json
  from (
    select o.id, o.number, o.status, o.placed_at, o.email, o.currency, o.subtotal_minor, o.tax_minor, o.total_minor,
           channel.code as channel,
           (select customer from (select id, name, email from customer where id = o.customer_id) customer) as customer,
           (select json_agg(line)
              from (select id, sku, quantity, unit_price, total_minor from order_line where order_id = o.id order by position) line
           ) as lines
      from (
        select id, number, status, placed_at, email, currency, subtotal_minor, tax_minor, total_minor, channel_id, customer_id
          from orders
         where status = $2 and channel_id = (select id from channel where code = $3) and placed_at < $4
         order by placed_at desc, id desc limit $1
      ) o
      join channel on channel.id = o.channel_id
     order by o.placed_at desc, o.id desc
  ) page
