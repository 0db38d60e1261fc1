-- What was paid for an order, as its payments add up: lists show and filter it without a join.
alter table orders
  add column paid_minor bigint not null default 0 check (paid_minor >= 0),
  add column refunded_minor bigint not null default 0 check (refunded_minor >= 0),
  -- Authorized, and neither taken nor given up.
  add column authorized_minor bigint not null default 0 check (authorized_minor >= 0),
  -- What its payments come to while no money stands behind them.
  add column unpaid_status text not null default 'PENDING',
  add column payment_status text not null default 'PENDING';
update orders set payment_status = 'NOT_REQUIRED' where total_minor <= 0;
create index orders_payment_placed on orders (payment_status, placed_at, id);

create table payment (
  id bigint primary key,
  order_id bigint not null references orders (id),
  status text not null,
  provider text not null,
  method text,
  -- Safe to show: no card number is ever kept.
  display_name text,
  currency text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  authorized_minor bigint not null check (authorized_minor >= 0),
  captured_minor bigint not null check (captured_minor >= 0),
  refunded_minor bigint not null check (refunded_minor >= 0),
  voided_minor bigint not null check (voided_minor >= 0),
  -- By the clock of whoever took it.
  begun_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  constraint payment_takes_what_is_authorized check (captured_minor + voided_minor <= authorized_minor)
);
create index payment_order on payment (order_id, begun_at, id);

-- Each time money was promised, taken, given back or let go: a payment's amounts are the sums of these.
create table payment_transaction (
  id bigint primary key,
  payment_id bigint not null references payment (id),
  kind text not null check (kind in ('AUTHORIZATION', 'CAPTURE', 'REFUND', 'VOID')),
  amount_minor bigint not null check (amount_minor > 0),
  -- The provider's id of it; empty where a channel states sums alone.
  external_id text,
  at timestamptz(3) not null,
  constraint payment_transaction_once unique (payment_id, kind, external_id)
);
