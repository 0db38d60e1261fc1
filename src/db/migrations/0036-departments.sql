-- Who deals with an order: a department, and somebody there.
alter table orders
  add column department text,
  add column assignee_id bigint references api_key (id),
  add column assigned_at timestamptz(3),
  add constraint orders_assigned_check
    check ((department is null) = (assigned_at is null) and (assignee_id is null or department is not null));
create index orders_department on orders (department, placed_at, id) where department is not null;
create index orders_assignee on orders (assignee_id, placed_at, id) where assignee_id is not null;

-- What waits in the departments' queues is derived from the records themselves: each index holds what waits, and no more,
-- in the order in which it waits. Orders to confirm and to release are found by orders_status_placed.
create index orders_handed_over on orders (department, assigned_at, id)
  where department is not null and status not in ('COMPLETED', 'CANCELED');
create index orders_unpaid on orders (placed_at, id)
  where payment_status = 'FAILED' and status not in ('COMPLETED', 'CANCELED');
create index order_hold_waiting on order_hold (placed_at, id) where released_at is null;
create index shipment_preparing on shipment (created_at, id) where status in ('PENDING', 'PICKING', 'PACKED');
create index shipment_troubled on shipment (status_at, id) where status in ('EXCEPTION', 'DELIVERY_FAILED');
create index payment_due on payment (begun_at, id)
  where due_at is not null and status in ('AUTHORIZED', 'PARTIALLY_CAPTURED');

-- Work that follows from no record: somebody, or a rule, has asked for it.
create table work_item (
  id bigint primary key,
  department text not null,
  -- 0 is what comes first.
  priority_rank smallint not null,
  title text not null,
  note text,
  -- Of what asked for it: while one is open, the same is not asked for again.
  key text,
  order_id bigint references orders (id),
  quote_id bigint references quote (id),
  assignee_id bigint references api_key (id),
  due_at timestamptz(3),
  opened_at timestamptz(3) not null,
  opened_by_kind text not null,
  opened_by_id text,
  opened_by_name text not null,
  resolved_at timestamptz(3),
  resolution text,
  check (order_id is null or quote_id is null)
);
create index work_item_open on work_item (department, priority_rank, opened_at, id) where resolved_at is null;
create index work_item_order on work_item (order_id) where order_id is not null and resolved_at is null;
create index work_item_quote on work_item (quote_id) where quote_id is not null and resolved_at is null;
create unique index work_item_key on work_item (key) where resolved_at is null;

-- What people wrote about an order or a customer; never changed, never removed.
create table note (
  id bigint primary key,
  order_id bigint references orders (id),
  customer_id bigint references customer (id),
  text text not null,
  is_internal boolean not null,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  at timestamptz(3) not null,
  check ((order_id is null) <> (customer_id is null))
);
create index note_order on note (order_id, at, id) where order_id is not null;
create index note_customer on note (customer_id, at, id) where customer_id is not null;
