-- Up to where events have made records due. Moved in the transaction that makes them due, so that each event does once.
create table push_position (
  only_row boolean primary key default true check (only_row),
  position bigint not null
);
insert into push_position (position) select coalesce(max(position), 0) from event_position;

-- What an integration is told: from the event on that connected it. The walk over what was there before is in sync_stream.
create table push_stream (
  integration_id bigint not null references integration (id),
  stream text not null,
  record_kind text not null,
  -- The system asked to be left alone until then, or did not answer so many times.
  waits_until timestamptz(3),
  failures integer not null default 0,
  primary key (integration_id, stream)
);

-- What is due at a system: a record once, however often it changed.
create table push_item (
  integration_id bigint not null references integration (id),
  stream text not null,
  record_kind text not null,
  record_id bigint not null,
  state text not null check (state in ('DUE', 'SENDING', 'DONE', 'DEAD')),
  -- Of what was there when the system was connected: what changes now goes before it.
  is_initial boolean not null default false,
  -- It came to nothing together with others: it is tried by itself.
  is_alone boolean not null default false,
  due_at timestamptz(3) not null,
  -- Since when the system is behind.
  first_due_at timestamptz(3) not null,
  -- The record changed while it was being sent.
  again_at timestamptz(3),
  attempts integer not null default 0,
  -- Part of the key under which a state is told: the same state is told anew where a person asks for it.
  round integer not null default 0,
  -- Set before a record is sent, and cleared by an answer.
  may_have_arrived boolean not null default false,
  last_error text,
  lease text,
  leased_by text,
  leased_at timestamptz(3),
  told_version bigint,
  told_at timestamptz(3),
  primary key (integration_id, stream, record_id),
  check ((state = 'SENDING') = (lease is not null)),
  check ((lease is null) = (leased_by is null) and (lease is null) = (leased_at is null))
);
create index push_item_due on push_item (integration_id, stream, is_alone, is_initial, due_at, record_id) where state = 'DUE';
create index push_item_sending on push_item (leased_by) where state = 'SENDING';
create index push_item_open on push_item (record_kind, record_id) where state <> 'DONE';

-- The state that the system's record has by the hub's own writing: a message that tells it is an echo.
alter table external_reference
  add column echo_version text,
  add column echo_modified_at timestamptz(3);

-- What could not be told has the record that was to be told.
alter table dead_letter add column record_id bigint;
create index dead_letter_untold on dead_letter (integration_id, stream, record_id)
  where direction = 'PUSH' and settled_at is null;
