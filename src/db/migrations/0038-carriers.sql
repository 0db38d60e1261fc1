-- Own prices of carriers that nobody asks over the network: by country, up to and including a weight.
create table carrier_rate (
  id bigint generated always as identity primary key,
  carrier text not null,
  service text not null,
  country text not null,
  most_grams integer not null check (most_grams > 0),
  currency text not null,
  price_minor bigint not null check (price_minor >= 0),
  delivery_days integer check (delivery_days >= 0),
  is_active boolean not null default true,
  version integer not null default 1,
  constraint carrier_rate_slot unique (carrier, service, country, most_grams, currency)
);

-- Which offers are dropped and which is chosen, for which shipments. `conditions` and `effect` have the graph's names.
create table carrier_rule (
  id bigint generated always as identity primary key,
  code text not null constraint carrier_rule_code unique,
  name text not null,
  -- The smallest goes first.
  priority integer not null,
  conditions jsonb not null,
  effect jsonb not null,
  is_active boolean not null default true,
  version integer not null default 1
);

-- A question what a shipment would cost: written before carriers are asked, answered behind it.
create table carrier_rating (
  id bigint primary key,
  shipment_id bigint not null references shipment (id),
  parcel jsonb not null,
  -- Who did not answer, in words.
  silent text[] not null default '{}',
  created_at timestamptz(3) not null,
  rated_at timestamptz(3)
);
create index carrier_rating_shipment on carrier_rating (shipment_id, id);
create index carrier_rating_open on carrier_rating (created_at) where rated_at is null;

create table carrier_offer (
  id bigint primary key,
  rating_id bigint not null references carrier_rating (id),
  provider text not null,
  -- The provider's ids of what was asked and of the offer; null where nobody was asked.
  asked text,
  rate text,
  carrier text not null,
  service text not null,
  price_minor bigint not null,
  currency text not null,
  delivery_days integer,
  is_kept boolean not null,
  is_chosen boolean not null,
  reasons text[] not null
);
create index carrier_offer_rating on carrier_offer (rating_id);

-- A label that was asked for: written before the call, settled by what it answered, in two transactions.
create table shipping_label (
  id bigint primary key,
  shipment_id bigint not null references shipment (id),
  offer_id bigint not null references carrier_offer (id),
  status text not null check (status in ('REQUESTED', 'BOUGHT', 'FAILED', 'CANCELING', 'CANCELED')),
  url text,
  tracking_number text,
  tracking_url text,
  -- Why it was not bought, or not canceled.
  reason text,
  tries integer not null default 0,
  next_try_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  settled_at timestamptz(3)
);
create index shipping_label_shipment on shipping_label (shipment_id, id);
-- A shipment has one label at a time.
create unique index shipping_label_one on shipping_label (shipment_id)
  where status in ('REQUESTED', 'BOUGHT', 'CANCELING');
create index shipping_label_due on shipping_label (next_try_at) where status in ('REQUESTED', 'CANCELING');

-- Shipments whose carrier is asked where they are.
create table shipment_watch (
  shipment_id bigint primary key references shipment (id),
  provider text not null,
  -- The provider's id of what it follows.
  tracker text,
  -- Null: nothing more is expected of it.
  next_look_at timestamptz(3),
  looked_at timestamptz(3),
  tries integer not null default 0,
  -- The last notice that was taken: the same again is nothing new.
  notice text,
  -- The hold that an exception has placed, while the parcel may still go on.
  hold_id bigint,
  created_at timestamptz(3) not null
);
create index shipment_watch_tracker on shipment_watch (provider, tracker);
create index shipment_watch_due on shipment_watch (next_look_at) where next_look_at is not null;
