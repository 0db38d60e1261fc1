select json_agg(page)::text as json
  from (
    select c.id, c.number, c.name, c.email,
           coalesce((select json_agg(own)
              from (select id, number, status, placed_at, currency, total_minor
                      from orders where customer_id = c.id order by placed_at desc, id desc limit $2) own
           ), '[]') as orders
      from (select id, number, name, email from customer order by number limit $1) c
     order by c.number
  ) page
