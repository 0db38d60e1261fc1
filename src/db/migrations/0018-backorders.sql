-- By when delivery was promised, from the confirmation on.
alter table orders add column promised_at timestamptz(3);

-- Lines that wait for stock: few, and looked for whenever some comes in.
create index order_line_waiting on order_line (product_id, order_id) where backordered_quantity > 0;
