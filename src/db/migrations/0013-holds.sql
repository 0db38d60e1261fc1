-- Reasons why nothing of an order moves on; what is released stays on record.
create table order_hold (
  id bigint primary key,
  order_id bigint not null references orders (id),
  reason text not null,
  note text,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  placed_at timestamptz(3) not null,
  released_at timestamptz(3)
);
create index order_hold_open on order_hold (order_id, id) where released_at is null;

-- Stands on the order, so that whoever has locked the order knows it.
alter table orders add column open_holds integer not null default 0 check (open_holds >= 0);
create index orders_on_hold on orders (placed_at, id) where open_holds > 0;
