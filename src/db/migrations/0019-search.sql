-- Texts are found inside values by their three-letter pieces. Each expression is lower case with every value on a line of
-- its own, so that one index serves several values and no text matches across two of them.
create extension if not exists pg_trgm;

create index customer_words on customer
  using gin ((chr(10) || lower(number || chr(10) || name || chr(10) || coalesce(email, ''))) gin_trgm_ops);
create index contact_email_words on contact using gin ((chr(10) || lower(email)) gin_trgm_ops) where email is not null;
create index product_words on product using gin ((chr(10) || lower(sku || chr(10) || name)) gin_trgm_ops);
create index shipment_tracking_words on shipment
  using gin ((chr(10) || lower(tracking_number)) gin_trgm_ops) where tracking_number is not null;
-- Lines of a known product are found by the product.
create index order_line_unknown_sku_words on order_line
  using gin ((chr(10) || lower(sku)) gin_trgm_ops) where product_id is null;

-- What an order itself is found by stands apart: each step of an order writes its row anew, and would index the same
-- words again.
create table order_words (
  order_id bigint primary key,
  words text not null
);
create function order_words_of(number text, purchase_order_number text, email text) returns text
language sql immutable as $$
  select chr(10) || lower(number || coalesce(chr(10) || purchase_order_number, '') || coalesce(chr(10) || email, ''))
$$;
create function add_order_words() returns trigger language plpgsql as $$
begin
  insert into order_words (order_id, words)
  select id, order_words_of(number, purchase_order_number, email) from added;
  return null;
end $$;
create function change_order_words() returns trigger language plpgsql as $$
begin
  update order_words set words = order_words_of(new.number, new.purchase_order_number, new.email) where order_id = new.id;
  return null;
end $$;
create trigger orders_words_added after insert on orders
  referencing new table as added for each statement execute function add_order_words();
create trigger orders_words_changed after update of number, purchase_order_number, email on orders for each row
  when ((old.number, old.purchase_order_number, old.email) is distinct from (new.number, new.purchase_order_number, new.email))
  execute function change_order_words();
insert into order_words (order_id, words) select id, order_words_of(number, purchase_order_number, email) from orders;
-- What waits to be sorted into the index is read whole by every search: little of it may wait.
create index order_words_words on order_words using gin (words gin_trgm_ops) with (gin_pending_list_limit = 1024);

create index customer_tags on customer using gin (tags);
-- The ledger of a level in its order.
create index stock_movement_ledger on stock_movement (product_id, location_id, at, id);
drop index stock_movement_level;
