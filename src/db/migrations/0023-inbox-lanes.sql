-- Messages are worked off by lane: all of one record are in one lane, in the order they came in. One job works off a
-- whole lane, so that a message costs no job of its own.
alter table inbox_message
  add column origin text not null default 'WEBHOOK' check (origin in ('WEBHOOK', 'PULL', 'CENSUS', 'HUB')),
  add column lane smallint generated always as (hashtext(coalesce(external_id, topic || event_id)) & 15) stored,
  -- What failed in a way that may pass is tried again then; what comes behind it for the same record waits too.
  add column due_at timestamptz(3),
  -- Tries at which the process ended, as far as that can be told.
  add column crashes smallint not null default 0,
  -- What came before the record it belongs to waits for that one.
  add column awaited_kind text,
  add column awaited_id text,
  drop constraint inbox_message_status_check,
  drop constraint inbox_message_check,
  drop constraint inbox_message_integration_id_topic_event_id_key,
  add constraint inbox_message_once unique (integration_id, topic, event_id, origin),
  add constraint inbox_message_status check (status in ('RECEIVED', 'WAITING', 'APPLIED', 'STALE', 'ECHO', 'DEAD')),
  add constraint inbox_message_finished check ((status in ('RECEIVED', 'WAITING')) = (finished_at is null)),
  add constraint inbox_message_awaits
    check ((status = 'WAITING') = (awaited_kind is not null) and (awaited_kind is null) = (awaited_id is null));
drop index inbox_message_open;
create index inbox_message_lane on inbox_message (integration_id, lane, id) where status = 'RECEIVED';
create index inbox_message_unfinished on inbox_message (integration_id, received_at) where finished_at is null;
create index inbox_message_awaiting on inbox_message (integration_id, awaited_kind, awaited_id) where status = 'WAITING';
create index inbox_message_old on inbox_message (finished_at) where finished_at is not null;

-- A dead letter that was replayed, or whose record came again in a shape that could be taken, is settled.
alter table dead_letter
  drop constraint dead_letter_inbox_message_id_fkey,
  drop constraint dead_letter_inbox_message_id_key,
  add column direction text not null default 'PULL' check (direction in ('PULL', 'PUSH')),
  add column settled_at timestamptz(3),
  add column settled_by text;
create index dead_letter_message on dead_letter (inbox_message_id);
drop index dead_letter_integration;
create index dead_letter_open on dead_letter (integration_id, failed_at, id) where settled_at is null;

-- How far each stream of an integration has come. `walk` is the walk under way, so that it goes on where it was.
create table sync_stream (
  integration_id bigint not null references integration (id),
  stream text not null,
  direction text not null check (direction in ('PULL', 'PUSH')),
  checkpoint text,
  walk jsonb,
  last_run_at timestamptz(3),
  last_success_at timestamptz(3),
  processed bigint not null default 0,
  failed bigint not null default 0,
  primary key (integration_id, stream, direction)
);

-- Jobs of the time when each message had its own: those messages get their lane's job when a hub starts.
do $$ begin
  if to_regclass('graphile_worker.jobs') is not null then
    perform graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs where task_identifier = 'process-inbox' and locked_at is null));
  end if;
end $$;

-- Not every event of an integration changes it: what was read raises the count of its events, not its version.
alter table integration add column event_count integer not null default 0;
update integration set event_count = version;

-- Its credentials suffice to know its webhooks, not to call it: nothing is pulled from it or told to it.
alter table integration add column only_listens boolean not null default false;
