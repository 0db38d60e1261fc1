-- In which version of a system's record the hub and the system were last known to say the same, and what the hub's own
-- record looked like then (a hash over the fields that systems state; empty where the hub keeps nothing of it). Where both
-- are as noted, nobody has to read either.
create table source_record (
  integration_id bigint not null references integration (id),
  stream text not null,
  external_id text not null,
  record_kind text not null,
  version text not null,
  digest text,
  -- The window it is counted in.
  bucket smallint generated always as (hashtextextended(external_id, 0) & 255) stored,
  primary key (integration_id, stream, external_id)
);
create index source_record_named on source_record (integration_id, record_kind, external_id);

-- What a census that is under way has found, until it is compared.
create table census_record (
  integration_id bigint not null references integration (id),
  stream text not null,
  external_id text not null,
  version text not null,
  bucket smallint generated always as (hashtextextended(external_id, 0) & 255) stored,
  primary key (integration_id, stream, external_id)
);

-- How each stream stands with its compares. `run` is the one under way, so that it goes on where it was.
create table reconcile_stream (
  integration_id bigint not null references integration (id),
  stream text not null,
  run jsonb,
  -- A person asked for a compare: it does not wait for its time.
  asked_at timestamptz(3),
  reconciled_at timestamptz(3),
  compared bigint not null default 0,
  failures integer not null default 0,
  primary key (integration_id, stream)
);

-- A field of which hub and system say different things. Closed rows hold what may name persons: they are forgotten after a
-- while.
create table drift_item (
  id bigint primary key,
  integration_id bigint not null references integration (id),
  stream text not null,
  -- By which stream the system can be told of the record, if by any.
  push_stream text,
  record_kind text not null,
  record_id bigint,
  external_id text not null,
  field text not null,
  hub_value jsonb not null,
  source_value jsonb not null,
  hub_value_at timestamptz(3),
  source_value_at timestamptz(3),
  -- Why the system's word could not be taken, where that was tried.
  reason text,
  proposed_repair text check (proposed_repair in ('TAKE_SOURCE', 'TELL_SOURCE')),
  status text not null default 'OPEN' check (status in ('OPEN', 'REPAIRED', 'SETTLED', 'IGNORED')),
  found_at timestamptz(3) not null,
  closed_at timestamptz(3),
  repair text check (repair in ('TAKE_SOURCE', 'TELL_SOURCE', 'IGNORE')),
  decided_kind text,
  decided_id text,
  decided_name text,
  check ((status = 'OPEN') = (closed_at is null)),
  check ((repair is null) = (decided_name is null))
);
create unique index drift_item_open on drift_item (integration_id, stream, external_id, field) where status = 'OPEN';
create index drift_item_found on drift_item (found_at, id) where status = 'OPEN';
create index drift_item_ignored on drift_item (integration_id, stream, external_id) where status = 'IGNORED';
create index drift_item_closed on drift_item (closed_at) where status in ('REPAIRED', 'SETTLED');
