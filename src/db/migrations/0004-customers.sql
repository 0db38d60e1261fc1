create table customer (
  id bigint primary key,
  number text not null unique,
  kind text not null,
  name text not null,
  email text,
  phone text,
  tax_id text,
  is_active boolean not null default true,
  price_list_id bigint,
  billing_address jsonb,
  shipping_addresses jsonb not null default '[]',
  tags text[] not null default '{}',
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1
);
create sequence customer_number start 10001;
create index customer_name on customer (name, id);
create index customer_created on customer (created_at, id);
create index customer_updated on customer (updated_at, id);
create index customer_email on customer (lower(email));

create table contact (
  id bigint primary key,
  customer_id bigint not null references customer (id),
  position integer not null,
  name text not null,
  email text,
  phone text,
  role text,
  is_primary boolean not null default false
);
create index contact_customer on contact (customer_id, position);
alter table api_key add foreign key (customer_id) references customer (id);
