-- A location's share of an order: the unit of work of a warehouse, from which shipments leave.
create sequence fulfillment_order_number start 100001;
create table fulfillment_order (
  id bigint primary key,
  number text not null unique,
  order_id bigint not null references orders (id),
  location_id bigint not null references stock_location (id),
  status text not null,
  -- Somebody released it. What was not came with a shipment, and goes with it where that never leaves.
  is_released boolean not null,
  hold_reason text,
  hold_note text,
  hold_actor_kind text,
  hold_actor_id text,
  hold_actor_name text,
  held_at timestamptz(3),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1,
  check ((status = 'ON_HOLD') = (hold_reason is not null))
);
create index fulfillment_order_order on fulfillment_order (order_id, id);
create index fulfillment_order_created on fulfillment_order (created_at, id);
create index fulfillment_order_location_created on fulfillment_order (location_id, created_at, id);
-- What warehouses work off: few beside what they have behind them.
create index fulfillment_order_active on fulfillment_order (location_id, created_at, id)
  where status in ('OPEN', 'IN_PROGRESS', 'ON_HOLD');

-- What leaves the shelf: a line's product, or a part of its bundle. Counted in units of the order's line, so that of a
-- bundle each part has the same figures.
create table fulfillment_order_line (
  id bigint primary key,
  fulfillment_order_id bigint not null references fulfillment_order (id),
  order_line_id bigint not null references order_line (id),
  product_id bigint references product (id),
  sku text not null,
  -- How much of the product one unit of the line has.
  per_unit numeric not null check (per_unit > 0),
  units numeric not null check (units >= 0),
  -- What has not left.
  remaining_units numeric not null check (remaining_units between 0 and units),
  -- What of that came back or was lost, and has no stock reserved again.
  waiting_units numeric not null default 0 check (waiting_units between 0 and remaining_units),
  -- Taken from what the line has reserved; otherwise the product is not counted.
  is_reserved boolean not null
);
create index fulfillment_order_line_order on fulfillment_order_line (fulfillment_order_id, order_line_id, id);
create index fulfillment_order_line_line on fulfillment_order_line (order_line_id);

-- What a shipment takes from which fulfillment order. Shipments from before these have none.
create table shipment_draw (
  shipment_id bigint not null references shipment (id),
  fulfillment_order_id bigint not null references fulfillment_order (id),
  order_line_id bigint not null references order_line (id),
  units numeric not null check (units > 0),
  primary key (shipment_id, fulfillment_order_id, order_line_id)
);
create index shipment_draw_fulfillment_order on shipment_draw (fulfillment_order_id);

create table parcel (
  id bigint primary key,
  shipment_id bigint not null references shipment (id),
  position integer not null,
  weight_grams integer check (weight_grams > 0),
  length_mm integer check (length_mm > 0),
  width_mm integer check (width_mm > 0),
  height_mm integer check (height_mm > 0)
);
create index parcel_shipment on parcel (shipment_id, position);
