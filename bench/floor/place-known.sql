select channel.id as channel_id, customer.email, customer.billing_address::text as billing_address,
       (customer.shipping_addresses -> 0)::text as shipping_address, rate.name as tax_name, rate.rate as tax_rate
  from channel, customer, tax_rate rate
 where channel.code = $1 and channel.is_active and customer.id = $2 and customer.is_active
   and rate.country = customer.shipping_addresses -> 0 ->> 'country' and rate.category = 'standard'
   and rate.valid_from <= $3::date and (rate.valid_until is null or rate.valid_until > $3::date)
