-- Rules as data: when to look at an order, what must hold of it, and what is then done. Written as people wrote it, in their
-- order: json, not jsonb.
create table automation_rule (
  id bigint primary key,
  code text not null unique,
  name text not null,
  description text not null,
  triggers json not null,
  -- Null: it holds of every order.
  condition json,
  actions json not null,
  -- Of rules that one event sets off, the smaller goes first.
  priority integer not null,
  is_active boolean not null,
  -- What happened before does not set it off.
  active_since timestamptz(3) not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  version integer not null
);

-- Up to where events have set off rules. Moved in the transaction that writes the runs, so that each event does once.
create table automation_place (
  only_row boolean primary key default true check (only_row),
  position bigint not null
);
insert into automation_place (position) select coalesce(max(position), 0) from event_position;

-- One look of a rule at an order, because of an event: what it does stands in the same transaction as its outcome.
create table automation_run (
  id bigint primary key,
  rule_id bigint not null references automation_rule (id),
  order_id bigint not null references orders (id),
  -- No foreign key: the log refuses by itself that anything of it goes.
  event_id bigint not null,
  event_type text not null,
  event_at timestamptz(3) not null,
  event_sequence integer not null,
  -- How long the order has to stand in the status that it came to with the event; 0: at once.
  after_minutes integer not null check (after_minutes >= 0),
  -- How many runs stand behind the event, one setting off the other.
  depth integer not null check (depth >= 0),
  status text not null check (status in ('DUE', 'DONE', 'SKIPPED', 'REFUSED', 'FAILED', 'CUT')),
  due_at timestamptz(3) not null,
  tries integer not null default 0,
  reason text,
  ran_at timestamptz(3),
  -- The events of the order that it wrote: those behind the first, up to the last.
  first_sequence integer,
  last_sequence integer,
  unique (rule_id, event_id, after_minutes),
  check ((status = 'DUE') = (ran_at is null)),
  check ((first_sequence is null) = (last_sequence is null))
);
create index automation_run_due on automation_run (due_at, id) where status = 'DUE';
create index automation_run_open on automation_run (order_id, due_at, id) where status = 'DUE';
create index automation_run_at on automation_run (due_at, id);
create index automation_run_order on automation_run (order_id, rule_id, ran_at);
