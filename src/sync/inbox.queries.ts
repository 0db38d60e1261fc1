import { sql } from '../db/statement.js';

export const PROCESS_TASK = 'process-inbox';
export const MAX_ATTEMPTS = 8;

// A message's job is known by its key. Messages of one record share a queue, so that they run one after the other; few
// queues for many records, since the worker never forgets a queue.
const ADD_JOB = `graphile_worker.add_job(
  identifier => '${PROCESS_TASK}', payload => json_build_object('id', m.id::text), max_attempts => ${MAX_ATTEMPTS},
  queue_name => 'inbox:' || m.integration_id || ':' || (hashtext(coalesce(m.external_id, '')) & 15), job_key => 'inbox:' || m.id)`;

/** Keeps the message and gives it its job, both or neither; no row where the message is known already. */
export const receiveMessage = sql<{ id: string }>(
  'inbox.receive',
  `with m as (
     insert into inbox_message (integration_id, topic, event_id, external_id, body, occurred_at, received_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (integration_id, topic, event_id) do nothing
     returning id, integration_id, external_id)
   select m.id, (${ADD_JOB}).id as job_id from m`,
);

export interface InboxRow {
  id: string;
  integration_id: string;
  topic: string;
  external_id: string | null;
  body: Buffer;
  occurred_at: string | null;
  received_at: string;
  status: string;
}
export const lockMessage = sql<InboxRow>(
  'inbox.lock',
  `select id, integration_id, topic, external_id, body, occurred_at, received_at, status
     from inbox_message where id = $1 for update`,
);
export const finishMessage = sql(
  'inbox.finish',
  `update inbox_message set status = $2, detail = $3, attempts = $4, finished_at = $5 where id = $1`,
);

export const addMissingJobs = sql<{ id: string }>(
  'inbox.add-missing-jobs',
  `select m.id, (${ADD_JOB}).id as job_id from inbox_message m
    where m.status = 'RECEIVED' and not exists (select from graphile_worker.jobs j where j.key = 'inbox:' || m.id)`,
);
/** Messages whose job will not run again: the process died at it on the last attempt. */
export const selectExhausted = sql<{ id: string; job_id: string; attempts: number; last_error: string | null }>(
  'inbox.exhausted',
  `select m.id, j.id as job_id, j.attempts, j.last_error
     from inbox_message m join graphile_worker.jobs j on j.key = 'inbox:' || m.id
    where m.status = 'RECEIVED' and j.attempts >= j.max_attempts and j.locked_at is null`,
);
export const removeJob = sql('inbox.remove-job', `select from graphile_worker.complete_jobs(array[$1::bigint])`);

/** Of the workers that hold jobs, those for which no process holds the lock of the living. */
export const selectDeadWorkers = sql<{ worker: string }>(
  'inbox.dead-workers',
  `with holders as materialized (select distinct locked_by as worker from graphile_worker.jobs where locked_by is not null)
   select worker from holders where pg_try_advisory_xact_lock($1::int, hashtext(worker))`,
);
export const unlockWorkers = sql('inbox.unlock-workers', `select graphile_worker.force_unlock_workers($1::text[])`);
