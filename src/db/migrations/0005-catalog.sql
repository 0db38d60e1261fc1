create table product (
  id bigint primary key,
  sku text not null unique,
  name text not null,
  description text,
  unit text not null default 'piece',
  weight_grams integer check (weight_grams >= 0),
  tax_category text not null default 'standard',
  is_active boolean not null default true,
  is_stocked boolean not null default true,
  requires_shipping boolean not null default true,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1
);
create index product_name on product (name, id);
create index product_updated on product (updated_at, id);

create table price_list (
  id bigint primary key,
  code text not null unique,
  name text not null,
  currency text not null,
  is_default boolean not null default false
);
create unique index price_list_default on price_list (currency) where is_default;
alter table customer add foreign key (price_list_id) references price_list (id);

-- Unit prices carry up to six digits more than their currency.
create table price (
  id bigint primary key,
  product_id bigint not null references product (id),
  price_list_id bigint not null references price_list (id),
  minimum_quantity numeric not null default 1 check (minimum_quantity > 0),
  unit_price numeric(28, 10) not null check (unit_price >= 0),
  valid_from timestamptz(3),
  valid_until timestamptz(3),
  created_at timestamptz(3) not null,
  check (valid_until > valid_from)
);
create unique index price_slot on price (product_id, price_list_id, minimum_quantity, valid_from) nulls not distinct;

-- Dated rates per country and category, as fractions. No rate is never read as zero.
create table tax_rate (
  country text not null,
  category text not null,
  name text not null,
  rate numeric(9, 6) not null check (rate >= 0),
  valid_from date not null,
  valid_until date,
  primary key (country, category, valid_from)
);
