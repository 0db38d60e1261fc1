-- How far an order is fulfilled, from its lines: what has left, and what has arrived.
alter table orders add column fulfillment_status text not null default 'UNFULFILLED';
create index orders_fulfillment_placed on orders (fulfillment_status, placed_at, id);

alter table order_line
  add column shipped_quantity numeric not null default 0 check (shipped_quantity >= 0),
  add column delivered_quantity numeric not null default 0 check (delivered_quantity >= 0),
  drop constraint order_line_check,
  add constraint order_line_not_beyond_quantity
    check (reserved_quantity + backordered_quantity + canceled_quantity + shipped_quantity <= quantity),
  add constraint order_line_delivered_of_what_left
    check (delivered_quantity <= case when requires_shipping then shipped_quantity else quantity - canceled_quantity end);

create table shipment (
  id bigint primary key,
  number text not null unique,
  order_id bigint not null references orders (id),
  location_id bigint not null references stock_location (id),
  status text not null,
  -- When what the status says happened, by the carrier's clock.
  status_at timestamptz(3) not null,
  carrier text,
  service text,
  tracking_number text,
  tracking_url text,
  shipped_at timestamptz(3),
  delivered_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1
);
create sequence shipment_number start 100001;
create index shipment_order on shipment (order_id, id);
create index shipment_tracking on shipment (tracking_number) where tracking_number is not null;

-- What leaves the shelf: a line's product, or a part of its bundle.
create table shipment_line (
  id bigint primary key,
  shipment_id bigint not null references shipment (id),
  order_line_id bigint not null references order_line (id),
  product_id bigint references product (id),
  sku text not null,
  quantity numeric not null check (quantity > 0),
  -- The same in units of the order's line.
  line_quantity numeric not null check (line_quantity > 0),
  -- Taken from what the line has reserved; otherwise the product is not counted.
  is_reserved boolean not null
);
create index shipment_line_shipment on shipment_line (shipment_id, id);
create index shipment_line_order_line on shipment_line (order_line_id);

-- What a carrier or staff reported; a repeat is the same report.
create table tracking_event (
  id bigint primary key,
  shipment_id bigint not null references shipment (id),
  status text not null,
  description text,
  place text,
  at timestamptz(3) not null,
  unique (shipment_id, status, at)
);
