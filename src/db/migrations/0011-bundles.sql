-- What a bundle is made of; a product without parts is its own.
create table bundle_component (
  id bigint primary key,
  product_id bigint not null references product (id),
  position integer not null,
  component_id bigint not null references product (id),
  quantity numeric not null check (quantity > 0),
  is_optional boolean not null default false,
  unique (product_id, component_id),
  check (component_id <> product_id)
);
create index bundle_component_of on bundle_component (component_id);

-- The parts of a bundle as it was ordered, per unit of the line: what leaves the shelf. A line without parts is its own.
create table order_line_part (
  order_line_id bigint not null references order_line (id),
  product_id bigint not null references product (id),
  sku text not null,
  quantity numeric not null check (quantity > 0),
  primary key (order_line_id, product_id)
);
