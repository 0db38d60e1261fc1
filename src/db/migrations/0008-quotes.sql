create table quote (
  id bigint primary key,
  number text not null,
  revision integer not null default 1,
  status text not null,
  customer_id bigint not null references customer (id),
  contact_id bigint references contact (id) on delete set null,
  owner_kind text,
  owner_id text,
  owner_name text,
  currency text not null,
  valid_until timestamptz(3) not null,
  subtotal_minor bigint not null,
  discount_minor bigint not null,
  tax_minor bigint not null,
  total_minor bigint not null,
  billing_address jsonb,
  shipping_address jsonb,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  event_count integer not null,
  version integer not null default 1,
  unique (number, revision)
);
create sequence quote_number start 100001;
create index quote_customer on quote (customer_id, created_at, id);
create index quote_created on quote (created_at, id);
create index quote_updated on quote (updated_at, id);
create index quote_valid_until on quote (valid_until, id);
create index quote_total on quote (total_minor, id);

create table quote_line (
  id bigint primary key,
  quote_id bigint not null references quote (id),
  position integer not null,
  product_id bigint not null references product (id),
  sku text not null,
  description text not null,
  requires_shipping boolean not null,
  quantity numeric not null check (quantity > 0),
  unit_price numeric(28, 10) not null check (unit_price >= 0),
  list_price numeric(28, 10),
  discount_rate numeric(9, 6) not null check (discount_rate between 0 and 1),
  tax_minor bigint not null,
  total_minor bigint not null,
  tax_lines jsonb not null,
  converted_quantity numeric not null default 0,
  -- A unit of a quote becomes an order once: no retry, key or race gets past this.
  constraint quote_line_converted_once check (converted_quantity >= 0 and converted_quantity <= quantity)
);
create index quote_line_quote on quote_line (quote_id, position);

alter table orders add foreign key (quote_id) references quote (id);
alter table order_line add foreign key (quote_line_id) references quote_line (id);
