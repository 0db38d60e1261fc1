create table stock_location (
  id bigint primary key,
  code text not null unique,
  name text not null,
  address jsonb,
  is_active boolean not null default true,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1
);

create table stock_level (
  id bigint primary key,
  product_id bigint not null references product (id),
  location_id bigint not null references stock_location (id),
  on_hand numeric not null default 0 check (on_hand >= 0),
  reserved numeric not null default 0 check (reserved >= 0),
  safety_stock numeric not null default 0 check (safety_stock >= 0),
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  unique (product_id, location_id)
);

create table stock_movement (
  id bigint primary key,
  product_id bigint not null,
  location_id bigint not null,
  kind text not null,
  quantity numeric not null check (quantity <> 0),
  balance_after numeric not null default 0,
  order_id bigint,
  reason text,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  at timestamptz(3) not null,
  foreign key (product_id, location_id) references stock_level (product_id, location_id)
);
create index stock_movement_level on stock_movement (product_id, location_id, id);

-- On-hand is the sum of the movements: only a movement changes it.
create function apply_stock_movement() returns trigger language plpgsql as $$
begin
  update stock_level
     set on_hand = on_hand + new.quantity, updated_at = new.at, version = version + 1
   where product_id = new.product_id and location_id = new.location_id
   returning on_hand into new.balance_after;
  return new;
end $$;
create trigger stock_movement_applied before insert on stock_movement
  for each row execute function apply_stock_movement();
create trigger stock_movement_append_only before update or delete on stock_movement
  for each row execute function refuse_change();
create trigger stock_movement_no_truncate before truncate on stock_movement
  for each statement execute function refuse_change();

create function refuse_direct_on_hand() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or pg_trigger_depth() < 2 then
    raise exception 'on_hand changes only through stock_movement' using errcode = 'HU002';
  end if;
  return new;
end $$;
create trigger stock_level_starts_empty before insert on stock_level
  for each row when (new.on_hand <> 0) execute function refuse_direct_on_hand();
create trigger stock_level_on_hand before update of on_hand on stock_level
  for each row when (new.on_hand <> old.on_hand) execute function refuse_direct_on_hand();

-- The net under the locks: nobody can promise more than is there.
create function refuse_oversell() returns trigger language plpgsql as $$
begin
  raise exception 'stock_level % would promise % of %', new.id, new.reserved, new.on_hand
    using errcode = '23514', constraint = 'stock_level_not_oversold';
end $$;
create trigger stock_level_not_oversold before update of reserved on stock_level
  for each row when (new.reserved > old.reserved and new.reserved > new.on_hand - new.safety_stock)
  execute function refuse_oversell();
