-- The audit log reads all events, the newest first, by time or by who did it. Orders make most events: the second index
-- leaves them out, so that a rare change of another record is found without walking past them.
create index event_at on event (at, id);
create index event_at_without_orders on event (at, id) where subject_kind <> 'order';
create index event_actor on event (actor_id, at, id) where actor_id is not null;

-- How often each key was used on each day, from what kind of address and by which program. Refused attempts by keys that
-- nobody knows stand under key 0.
create table api_key_use (
  api_key_id bigint not null,
  day date not null,
  outcome text not null check (outcome in ('ADMITTED', 'UNKNOWN', 'EXPIRED', 'REVOKED')),
  address_kind text not null check (address_kind in ('LOOPBACK', 'PRIVATE', 'PUBLIC')),
  agent text not null,
  uses bigint not null check (uses > 0),
  first_used_at timestamptz(3) not null,
  last_used_at timestamptz(3) not null,
  primary key (api_key_id, day, outcome, address_kind, agent),
  check ((api_key_id = 0) = (outcome = 'UNKNOWN'))
);

-- The settings of the last start, secrets as a fingerprint: what another start is compared with.
create table hub_settings (
  only_row boolean primary key default true check (only_row),
  settings jsonb not null,
  change_count integer not null default 0
);
