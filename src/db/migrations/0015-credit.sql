-- Up to what value a customer's open orders may go; both empty where there is no limit.
alter table customer
  add column credit_limit_minor bigint check (credit_limit_minor >= 0),
  add column credit_limit_currency text,
  add check ((credit_limit_minor is null) = (credit_limit_currency is null));

-- What of a customer's orders counts against the limit.
create index orders_credit on orders (customer_id, currency) include (total_minor)
  where status in ('CONFIRMED', 'PROCESSING', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED');
