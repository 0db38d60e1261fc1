-- What other systems delivered, kept until it took effect: a message comes once however often it is sent.
create table inbox_message (
  id bigint generated always as identity primary key,
  integration_id bigint not null references integration (id),
  topic text not null,
  event_id text not null,
  external_id text,
  -- The bytes that were signed. jsonb would refuse some of what JSON allows, and a message refused here is lost.
  body bytea not null,
  occurred_at timestamptz(3),
  received_at timestamptz(3) not null,
  status text not null default 'RECEIVED' check (status in ('RECEIVED', 'APPLIED', 'STALE', 'DEAD')),
  attempts integer not null default 0,
  detail text,
  finished_at timestamptz(3),
  unique (integration_id, topic, event_id),
  check ((status = 'RECEIVED') = (finished_at is null))
);
create index inbox_message_open on inbox_message (integration_id, received_at) where status = 'RECEIVED';

create table dead_letter (
  id bigint primary key,
  integration_id bigint not null references integration (id),
  stream text not null,
  external_id text,
  error text not null,
  attempts integer not null,
  body bytea,
  failed_at timestamptz(3) not null,
  inbox_message_id bigint unique references inbox_message (id)
);
create index dead_letter_integration on dead_letter (integration_id, failed_at, id);
