-- One row that says which history this database tells. A restored or copied database has another
-- system identifier or timeline; the hub then starts a new epoch, so that older cursors are refused.
create table hub_state (
  only_row boolean primary key default true check (only_row),
  epoch text not null,
  system_identifier text not null,
  timeline_id integer not null
);

-- Ids are handed out in blocks of 1,000 so that a process knows them before it writes.
create sequence record_id as bigint start 1000 increment 1000;

-- What took effect under a caller's key. The primary key makes a concurrent duplicate wait for the first.
create table idempotency (
  caller text not null,
  key text not null,
  operation text not null,
  input_hash text not null,
  outcome jsonb not null,
  created_at timestamptz(3) not null,
  primary key (caller, key)
);
create index idempotency_created_at on idempotency (created_at);

-- Personal values of events stand apart, so that they can be erased while the log stays whole.
create table event_personal (
  id bigint primary key,
  customer_id bigint,
  payload jsonb,
  erased_at timestamptz(3),
  check ((payload is null) = (erased_at is not null))
);
create index event_personal_customer on event_personal (customer_id) where customer_id is not null;

create table event (
  id bigint generated always as identity primary key,
  subject_kind text not null,
  subject_id bigint not null,
  sequence integer not null check (sequence > 0),
  type text not null,
  at timestamptz(3) not null,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  message text not null,
  changes jsonb not null,
  data jsonb,
  personal_id bigint,
  channel text,
  customer_id bigint,
  status_from text,
  status_to text,
  unique (subject_kind, subject_id, sequence)
);

-- The order in which readers see events: dense, given after commit by the one elected sequencer. No foreign key: both
-- tables are append-only, and it would cost a row lock for each event.
create table event_position (
  position bigint primary key,
  event_id bigint not null unique
);

-- Ids up to the horizon all have their position or never will (their transaction was rolled back).
create table event_sequencer (
  only_row boolean primary key default true check (only_row),
  horizon bigint not null
);
insert into event_sequencer (horizon) values (0);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'HU001';
end $$;

create trigger event_append_only before update or delete on event
  for each row execute function refuse_change();
create trigger event_no_truncate before truncate on event
  for each statement execute function refuse_change();
create trigger event_position_append_only before update or delete on event_position
  for each row execute function refuse_change();
create trigger event_position_no_truncate before truncate on event_position
  for each statement execute function refuse_change();

-- Personal values may be erased, never rewritten.
create function refuse_personal_rewrite() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.payload is not null or new.id <> old.id
     or new.customer_id is distinct from old.customer_id then
    raise exception 'event_personal may only be erased' using errcode = 'HU001';
  end if;
  return new;
end $$;
create trigger event_personal_erase_only before update or delete on event_personal
  for each row execute function refuse_personal_rewrite();
create trigger event_personal_no_truncate before truncate on event_personal
  for each statement execute function refuse_change();
