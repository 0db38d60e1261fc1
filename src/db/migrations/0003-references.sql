create table integration (
  id bigint primary key,
  code text not null unique,
  connector text not null,
  name text not null,
  settings jsonb not null,
  credentials bytea,
  status text not null,
  last_error text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null default 1
);

-- Who knows a record elsewhere, under which id. `source_version` is the newest state of the foreign
-- record that was applied; what is older is stale and dropped.
create table external_reference (
  integration_id bigint not null references integration (id),
  record_kind text not null,
  external_id text not null,
  record_id bigint not null,
  external_url text,
  source_version timestamptz(3),
  synced_at timestamptz(3),
  pending_push boolean not null default false,
  primary key (integration_id, record_kind, external_id)
);
create index external_reference_record on external_reference (record_kind, record_id);

-- Where each synced value came from, when it was observed, and by which rule it stands.
create table field_provenance (
  record_kind text not null,
  record_id bigint not null,
  field text not null,
  integration_id bigint references integration (id),
  observed_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  rule text not null,
  primary key (record_kind, record_id, field)
);
