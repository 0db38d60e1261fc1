insert into stock_reservation (order_line_id, product_id, location_id, quantity)
select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::numeric[])
