-- How many orders there are by what dashboards ask for. A change of an order adds a row to order_count_change and touches
-- no row that another transaction may hold; upkeep folds those rows into order_count. A count is the sum of both.
create table order_count (
  day date not null,
  status text not null,
  channel_id bigint not null,
  fulfillment_status text not null,
  is_held boolean not null,
  orders bigint not null,
  primary key (day, status, channel_id, fulfillment_status, is_held)
);
create table order_count_change (
  day date not null,
  status text not null,
  channel_id bigint not null,
  fulfillment_status text not null,
  is_held boolean not null,
  orders bigint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

create function count_added_orders() returns trigger language plpgsql as $$
begin
  insert into order_count_change (day, status, channel_id, fulfillment_status, is_held, orders)
  select (placed_at at time zone 'UTC')::date, status, channel_id, fulfillment_status, open_holds > 0, count(*)
    from added group by 1, 2, 3, 4, 5;
  return null;
end $$;
create function count_changed_order() returns trigger language plpgsql as $$
begin
  insert into order_count_change (day, status, channel_id, fulfillment_status, is_held, orders)
  values ((old.placed_at at time zone 'UTC')::date, old.status, old.channel_id, old.fulfillment_status, old.open_holds > 0, -1),
         ((new.placed_at at time zone 'UTC')::date, new.status, new.channel_id, new.fulfillment_status, new.open_holds > 0, 1);
  return null;
end $$;
create function count_removed_order() returns trigger language plpgsql as $$
begin
  insert into order_count_change (day, status, channel_id, fulfillment_status, is_held, orders)
  values ((old.placed_at at time zone 'UTC')::date, old.status, old.channel_id, old.fulfillment_status, old.open_holds > 0, -1);
  return null;
end $$;

create trigger orders_counted after insert on orders
  referencing new table as added for each statement execute function count_added_orders();
create trigger orders_counted_anew after update of placed_at, status, channel_id, fulfillment_status, open_holds on orders
  for each row
  when ((old.placed_at, old.status, old.channel_id, old.fulfillment_status, old.open_holds > 0)
        is distinct from (new.placed_at, new.status, new.channel_id, new.fulfillment_status, new.open_holds > 0))
  execute function count_changed_order();
create trigger orders_no_longer_counted after delete on orders for each row execute function count_removed_order();

-- Behind the triggers, whose making waits for every writer: nothing is counted twice or missed.
insert into order_count (day, status, channel_id, fulfillment_status, is_held, orders)
select (placed_at at time zone 'UTC')::date, status, channel_id, fulfillment_status, open_holds > 0, count(*)
  from orders group by 1, 2, 3, 4, 5;
