-- `observed_at` is when the newest state that was applied was seen there; empty where the system never stated the record.
-- `gone_at`: the record is no longer there, or goes by another id since.
alter table external_reference
  add column observed_at timestamptz(3),
  add column gone_at timestamptz(3);
update external_reference set observed_at = synced_at where source_version is not null or stated_version is not null;

-- What ended before the hub came to know of it: an older message must not bring it back. `merged_into` is the id that
-- stands for it since.
create table foreign_ending (
  integration_id bigint not null references integration (id),
  record_kind text not null,
  external_id text not null,
  source_version timestamptz(3) not null,
  merged_into text,
  primary key (integration_id, record_kind, external_id)
);

-- What each system, and the hub's users (no integration), said last of a field: since when, and when it was seen last.
-- Which of these stands is decided by policy; field_provenance says which. Holds what names persons: rows go when a
-- person is erased.
create table field_claim (
  record_kind text not null,
  record_id bigint not null,
  field text not null,
  integration_id bigint references integration (id),
  value jsonb not null,
  said_at timestamptz(3) not null,
  observed_at timestamptz(3) not null,
  constraint field_claim_once unique nulls not distinct (record_kind, record_id, field, integration_id)
);

-- Policies that the company chose in place of the connector's own.
create table field_policy (
  integration_id bigint not null references integration (id),
  record_kind text not null,
  field text not null,
  policy text not null check (policy in ('SOURCE_WINS', 'LATEST', 'NON_EMPTY', 'HUMAN_DECIDES')),
  primary key (integration_id, record_kind, field)
);

-- What differs and waits for a person. The values are claims.
create table field_conflict (
  id bigint primary key,
  record_kind text not null,
  record_id bigint not null,
  field text not null,
  opened_at timestamptz(3) not null,
  closed_at timestamptz(3)
);
create unique index field_conflict_open on field_conflict (record_kind, record_id, field) where closed_at is null;
create index field_conflict_opened on field_conflict (opened_at, id) where closed_at is null;

-- Two customers that are one: this one is kept for its history alone.
alter table customer add column merged_into_id bigint references customer (id);
create index customer_merged on customer (merged_into_id) where merged_into_id is not null;
create index customer_tax_id on customer (upper(regexp_replace(tax_id, '[^[:alnum:]]', '', 'g'))) where tax_id is not null;

create index inbox_message_unapplied on inbox_message (integration_id, external_id) where status not in ('APPLIED', 'STALE', 'ECHO');
