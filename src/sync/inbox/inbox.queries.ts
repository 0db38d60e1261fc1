import { sql } from '../../db/statement.js';

export const LANE_TASK = 'work-off-lane';
/** After so many failures that are the hub's own, a message is given up. */
export const MAX_ATTEMPTS = 8;

/**
 * The job of a lane: one at a time, and one at most that waits. Messages are spread over more lanes than are worked off
 * apart from each other, so that those which come at the same time share a job.
 */
const APART = 4;
const LANE = `(lane % ${APART})`;
function laneJob(lane: string, when = 'now()'): string {
  return `ask_for_job('${LANE_TASK}', json_build_object('integrationId', $1::bigint::text, 'lane', ${lane}),
    'inbox:' || $1::bigint || ':' || ${lane}, ${when})`;
}

export interface KeptRow {
  topic: string;
  event_id: string;
}
/**
 * Keeps messages that are new, which come back, and gives their lanes a job, all or nothing. One that became a dead letter
 * and comes again with another body is taken up again.
 */
export const receiveMessages = sql<KeptRow>(
  'inbox.receive',
  `with m as (
     insert into inbox_message (integration_id, origin, received_at, topic, event_id, external_id, body, occurred_at)
     select $1::bigint, $2, received_at, topic, event_id, external_id, body, occurred_at
       from unnest($3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::timestamptz[])
            with ordinality as g (received_at, topic, event_id, external_id, body, occurred_at, place) order by place
     on conflict on constraint inbox_message_once do update
       set body = excluded.body, received_at = excluded.received_at, status = 'RECEIVED', finished_at = null,
           detail = null, attempts = 0, crashes = 0
       where inbox_message.status = 'DEAD' and inbox_message.body <> excluded.body
     returning id, lane, topic, event_id, received_at),
   settled as (
     update dead_letter d set settled_at = m.received_at, settled_by = 'it came again in another shape'
       from m where d.inbox_message_id = m.id and d.settled_at is null),
   jobs as (select ${laneJob('lane')} from (select distinct ${LANE} as lane from m order by 1) lanes)
   select m.topic, m.event_id, (select count(*)::int from jobs) as lanes from m`,
);

export interface InboxRow {
  id: string;
  topic: string;
  event_id: string;
  origin: 'WEBHOOK' | 'PULL' | 'CENSUS' | 'HUB';
  external_id: string | null;
  body: Buffer;
  occurred_at: string | null;
  received_at: string;
  attempts: number;
  crashes: number;
}
const ROW =
  'm.id, m.topic, m.event_id, m.origin, m.external_id, m.body, m.occurred_at, m.received_at, m.attempts, m.crashes';
/** Those that share the job of a lane. */
const LANES = `generate_series($2::int % ${APART}, 15, ${APART})`;
/** The next of a lane's job that may be taken: not what is to be tried later, nor what comes behind that for the same record. */
export const selectNextMessages = sql<InboxRow>(
  'inbox.next',
  `select ${ROW} from ${LANES} as own, lateral (
     select m.* from inbox_message m
      where m.integration_id = $1 and m.lane = own and m.status = 'RECEIVED' and (m.due_at is null or m.due_at <= $3)
        and not exists (
          select from inbox_message e
           where e.integration_id = m.integration_id and e.lane = m.lane and e.status = 'RECEIVED' and e.id < m.id
             and e.external_id = m.external_id and e.due_at > $3)
      order by m.id limit $4) m
    order by m.id limit $4`,
);
/** `leaves_behind`: something older of its record waits for what has not come. */
export type LockedRow = InboxRow & { integration_id: string; status: string; leaves_behind: boolean };
export const lockMessage = sql<LockedRow>(
  'inbox.lock',
  `select ${ROW}, m.integration_id, m.status,
          exists (select from inbox_message w
                   where w.integration_id = m.integration_id and w.external_id = m.external_id and w.status = 'WAITING'
                     and w.id < m.id) as leaves_behind
     from inbox_message m where m.id = $1 for update`,
);
export const lockMessages = sql<{ id: string }>(
  'inbox.lock-many',
  `select id from inbox_message where id = any($1::bigint[]) and status = 'RECEIVED' order by id for update`,
);
export const finishMessage = sql(
  'inbox.finish',
  `update inbox_message
      set status = $2, detail = $3, attempts = $4, finished_at = $5, due_at = null, awaited_kind = null, awaited_id = null
    where id = $1`,
);
/** Of messages that came to the same. */
export const finishMessages = sql(
  'inbox.finish-many',
  `update inbox_message
      set status = $2, detail = $3, attempts = attempts + 1, finished_at = $4, due_at = null
    where id = any($1::bigint[])`,
);
/** What webhooks told later of the same record, in the same lane, and is still to be worked off. */
export const selectBehind = sql<InboxRow>(
  'inbox.behind',
  `select ${ROW} from inbox_message m
    where m.integration_id = $1 and m.external_id = $2 and m.id > $3 and m.origin = 'WEBHOOK' and m.status = 'RECEIVED'
      and m.status not in ('APPLIED', 'STALE', 'ECHO') and m.lane = (select lane from inbox_message where id = $3)
    order by m.id limit $4`,
);
/** They asked for a record that was read for another message, when they were there already. */
export const finishAnswered = sql(
  'inbox.finish-answered',
  `update inbox_message set status = 'STALE', detail = $2, finished_at = $3, due_at = null
    where id in (select id from inbox_message where id = any($1::bigint[]) and status = 'RECEIVED' order by id for update)`,
);
export const countCrash = sql('inbox.count-crash', `update inbox_message set crashes = $2 where id = $1`);
/** The process has survived it. */
export const postponeMessage = sql(
  'inbox.postpone',
  `update inbox_message set attempts = $2, due_at = $3, detail = $4, crashes = 0 where id = $1 and status = 'RECEIVED'`,
);
export const parkMessage = sql(
  'inbox.park',
  `update inbox_message
      set status = 'WAITING', awaited_kind = $2, awaited_id = $3, due_at = $4, detail = $5, crashes = 0
    where id = $1 and status = 'RECEIVED'`,
);

/** Takes up what waits of a record, older than a message that was carried out: it may be out of date by that. */
export const wakeOlder = sql(
  'inbox.wake-older',
  `with m as (
     update inbox_message w set status = 'RECEIVED', awaited_kind = null, awaited_id = null, due_at = null
       from inbox_message newer
      where newer.id = $2 and w.integration_id = $1 and w.external_id = newer.external_id and w.status = 'WAITING'
        and w.id < newer.id returning w.lane),
   jobs as (select ${laneJob('lane')} from (select distinct ${LANE} as lane from m order by 1) lanes)
   select (select count(*)::int from jobs) as woken`,
);
/** Takes up what waited for records that are here now. */
const wakeMessages = sql<{ woken: number }>(
  'inbox.wake',
  `with m as (
     update inbox_message set status = 'RECEIVED', awaited_kind = null, awaited_id = null, due_at = null
      where integration_id = $1 and status = 'WAITING'
        and (awaited_kind, awaited_id) in (select * from unnest($2::text[], $3::text[])) returning lane),
   jobs as (select ${laneJob('lane')} from (select distinct ${LANE} as lane from m order by 1) lanes)
   select (select count(*)::int from jobs) as woken`,
);
export function wake(integrationId: string, records: readonly { kind: string; externalId: string }[]) {
  return wakeMessages(
    integrationId,
    records.map(({ kind }) => kind),
    records.map(({ externalId }) => externalId),
  );
}
export const replayMessage = sql<{ woken: number }>(
  'inbox.replay',
  `with m as (
     update inbox_message set status = 'RECEIVED', finished_at = null, detail = null, attempts = 0, crashes = 0, due_at = null
      where integration_id = $1 and id = $2 and status = 'DEAD' returning lane),
   jobs as (select ${laneJob(LANE)} from m)
   select (select count(*)::int from jobs) as woken`,
);

/** Whether something of the lane is to be tried later. */
export const hasLater = sql<{ has_later: boolean }>(
  'inbox.has-later',
  `select exists (select from inbox_message
                   where integration_id = $1 and lane in (select ${LANES}) and status = 'RECEIVED' and due_at > $3) as has_later`,
);
/**
 * A job for the time at which something of the lane is due again; nothing where nothing waits. Where a job waits already,
 * it is for what came meanwhile, and keeps its time.
 */
export const addLaterLaneJob = sql(
  'inbox.add-later-lane-job',
  `select ${laneJob(`($2::int % ${APART})`, "now() + greatest(min(due_at) - $3::timestamptz, interval '0'), 'preserve_run_at'")}
     from inbox_message
    where integration_id = $1 and lane in (select ${LANES}) and status = 'RECEIVED' having min(due_at) is not null`,
);
export const addOpenLaneJobs = sql(
  'inbox.add-open-lane-jobs',
  `select ${laneJob('lane')} from (
     select distinct ${LANE} as lane from inbox_message where integration_id = $1 and status = 'RECEIVED') lanes`,
);
/** Lanes with something to do and nobody to do it, all integrations. */
export const addMissingLaneJobs = sql<{ integration_id: string }>(
  'inbox.add-missing-lane-jobs',
  `select l.integration_id,
          ask_for_job('${LANE_TASK}', json_build_object('integrationId', l.integration_id::text, 'lane', l.lane), l.key)
     from (select distinct m.integration_id, ${LANE} as lane, 'inbox:' || m.integration_id || ':' || ${LANE} as key
             from inbox_message m join integration i on i.id = m.integration_id
            where m.status = 'RECEIVED' and (m.due_at is null or m.due_at <= $1) and i.status <> 'PAUSED') l
    where not exists (select from graphile_worker.jobs j where j.key = l.key)`,
);
/** What waited for a record long enough. */
export const selectForsaken = sql<{ id: string; detail: string }>(
  'inbox.forsaken',
  `select id, detail from inbox_message where status = 'WAITING' and due_at <= $1 order by id limit 500`,
);
/** Finished messages are kept for a while, to look at; how they came out stands in the records themselves. */
export const forgetOldMessages = sql<{ id: string }>(
  'inbox.forget-old',
  `delete from inbox_message where id in (
     select id from inbox_message where finished_at < $1 and status <> 'DEAD' order by finished_at limit 5000)
   returning id`,
);

/** Of the workers that hold jobs, those for which no process holds the lock of the living. */
export const selectDeadWorkers = sql<{ worker: string }>(
  'inbox.dead-workers',
  `with holders as materialized (select distinct locked_by as worker from graphile_worker.jobs where locked_by is not null)
   select worker from holders where pg_try_advisory_xact_lock($1::int, hashtext(worker))`,
);
export const unlockWorkers = sql('inbox.unlock-workers', `select graphile_worker.force_unlock_workers($1::text[])`);
/** Jobs that workers hold and another replaced meanwhile: they would never run again. */
export const selectReplaced = sql<{ id: string }>(
  'inbox.replaced-jobs',
  `select id from graphile_worker.jobs where locked_by = any($1::text[]) and key is null and attempts >= max_attempts`,
);
export const endJobs = sql('inbox.end-jobs', `select id from graphile_worker.complete_jobs($1::bigint[])`);
