-- Somebody said the line's price; else it is the lists', and a draft gets it anew when it is edited.
alter table order_line add column has_own_price boolean not null default false;

-- Orders that may be the same as another: of one customer or e-mail address at about the same time, or under one number of the customer's.
create index orders_email_placed on orders (lower(email), placed_at) where email is not null;
create index orders_purchase_order on orders (customer_id, purchase_order_number) where purchase_order_number is not null;

-- Orders that came in a file, each under the reference that it has there: the same file again makes nothing anew.
create table imported_order (
  channel_id bigint not null references channel (id),
  reference text not null,
  order_id bigint not null references orders (id),
  -- Of its rows, as they were read.
  content_hash text not null,
  imported_at timestamptz(3) not null,
  primary key (channel_id, reference)
);
