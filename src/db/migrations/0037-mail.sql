-- Mail that came for the orders address, byte for byte: committed before its sender is told that it was taken.
create table inbound_mail (
  id bigint primary key,
  -- Of what a second delivery of the same mail has too: Message-ID and content, not the way that it came.
  key bytea not null unique,
  message_id text,
  -- Empty: a notice of delivery, which names no sender.
  envelope_from text not null,
  envelope_to text[] not null,
  remote_address text not null,
  source bytea not null,
  size_bytes integer not null,
  deliveries integer not null default 1,
  status text not null check (status in ('RECEIVED', 'READ', 'UNREADABLE', 'REFUSED')),
  -- Of the header From, in lower case.
  sender text,
  sender_name text,
  subject text,
  order_id bigint references orders (id),
  -- Why it was refused, or not read as a whole.
  reason text,
  findings jsonb not null default '[]',
  received_at timestamptz(3) not null,
  settled_at timestamptz(3),
  tries integer not null default 0,
  next_try_at timestamptz(3) not null,
  version integer not null default 1
);
create index inbound_mail_open on inbound_mail (next_try_at) where status = 'RECEIVED';
create index inbound_mail_received on inbound_mail (received_at, id);
create index inbound_mail_message on inbound_mail (message_id);
create index inbound_mail_order on inbound_mail (order_id);
create index contact_email on contact (lower(email));

-- What customers and departments are told: a row for an event, a template and an address, and no second one.
create table notification (
  id bigint primary key,
  event_id bigint not null,
  order_id bigint not null references orders (id),
  template text not null,
  audience text not null check (audience in ('CUSTOMER', 'DEPARTMENT')),
  -- In lower case.
  recipient text not null,
  language text not null check (language in ('en', 'it')),
  status text not null check (status in ('QUEUED', 'SENT', 'FAILED', 'OPTED_OUT')),
  -- As it was written when it was tried first; a repeated try sends the same.
  subject text,
  body_text text,
  body_html text,
  -- How often staff had it sent once more: each has a Message-ID of its own.
  repeats integer not null default 0,
  reason text,
  tries integer not null default 0,
  next_try_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  sent_at timestamptz(3),
  version integer not null default 1,
  unique (event_id, template, recipient)
);
create index notification_open on notification (next_try_at) where status = 'QUEUED';
create index notification_order on notification (order_id);
create index notification_created on notification (created_at, id);

-- How far in the event log notifications are; what happened before there were any is not told.
create table notification_position (position bigint not null);
insert into notification_position select coalesce(max(position), 0) from event_position;

-- Where staff decided otherwise than the hub does by itself.
create table notification_setting (
  id bigint generated always as identity unique,
  template text not null,
  channel_kind text not null,
  is_on boolean not null,
  version integer not null default 1,
  primary key (template, channel_kind)
);

-- Addresses that are told nothing, or were not for a time.
create table notification_opt_out (
  id bigint generated always as identity unique,
  address text primary key,
  is_opted_out boolean not null,
  at timestamptz(3) not null,
  version integer not null default 1
);
