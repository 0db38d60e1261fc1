create table channel (
  id bigint primary key,
  code text not null unique,
  name text not null,
  kind text not null,
  is_active boolean not null default true,
  integration_id bigint references integration (id)
);

create table orders (
  id bigint primary key,
  number text not null unique,
  channel_id bigint not null references channel (id),
  status text not null,
  customer_id bigint references customer (id),
  contact_id bigint references contact (id) on delete set null,
  email text,
  purchase_order_number text,
  note text,
  currency text not null,
  prices_include_tax boolean not null,
  -- Prices and taxes were stated by the channel; the hub keeps them and never computes its own.
  is_stated boolean not null default false,
  subtotal_minor bigint not null,
  discount_minor bigint not null,
  shipping_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  shipping_lines jsonb not null default '[]',
  adjustments jsonb not null default '[]',
  tax_lines jsonb not null default '[]',
  billing_address jsonb,
  shipping_address jsonb,
  quote_id bigint,
  allow_backorder boolean not null default false,
  requested_delivery_at timestamptz(3),
  placed_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  event_count integer not null,
  version integer not null default 1
);
create sequence order_number start 100001;
create index orders_placed on orders (placed_at, id);
create index orders_updated on orders (updated_at, id);
create index orders_total on orders (total_minor, id);
create index orders_customer_placed on orders (customer_id, placed_at, id);
create index orders_status_placed on orders (status, placed_at, id);
create index orders_channel_placed on orders (channel_id, placed_at, id);
create index orders_quote on orders (quote_id) where quote_id is not null;

create table order_line (
  id bigint primary key,
  order_id bigint not null references orders (id),
  position integer not null,
  product_id bigint references product (id),
  quote_line_id bigint,
  sku text not null,
  description text not null,
  requires_shipping boolean not null,
  quantity numeric not null check (quantity > 0),
  unit_price numeric(28, 10) not null,
  discount_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  tax_lines jsonb not null default '[]',
  -- The line as it was ordered: what a partial cancel takes its share of.
  ordered_discount_minor bigint not null,
  ordered_tax_lines jsonb not null default '[]',
  reserved_quantity numeric not null default 0 check (reserved_quantity >= 0),
  canceled_quantity numeric not null default 0 check (canceled_quantity >= 0),
  backordered_quantity numeric not null default 0 check (backordered_quantity >= 0),
  check (reserved_quantity + backordered_quantity + canceled_quantity <= quantity)
);
create index order_line_order on order_line (order_id, position);
create index order_line_quote_line on order_line (quote_line_id) where quote_line_id is not null;

create table stock_reservation (
  order_line_id bigint not null references order_line (id),
  product_id bigint not null,
  location_id bigint not null,
  quantity numeric not null check (quantity > 0),
  primary key (order_line_id, product_id, location_id),
  foreign key (product_id, location_id) references stock_level (product_id, location_id)
);
create index stock_reservation_level on stock_reservation (product_id, location_id);

insert into channel (id, code, name, kind) values
  (1, 'api', 'API', 'API'),
  (2, 'phone', 'Phone', 'PHONE'),
  (3, 'email', 'E-mail', 'EMAIL'),
  (4, 'web', 'Web shop', 'WEB_SHOP'),
  (5, 'cpq', 'CPQ', 'CPQ');
