import { sql } from '../../db/statement.js';
import type { Run } from './run.rules.js';

export const RECONCILE_TASK = 'reconcile-stream';

const job = (id: string, stream: string, ms: string, mode = 'replace') => `
  ask_for_job('${RECONCILE_TASK}', json_build_object('integrationId', ${id}::text, 'stream', ${stream}),
    'reconcile:' || ${id} || ':' || ${stream}, now() + ${ms} * interval '1 millisecond', '${mode}')`;
/** A job that waits for its time comes at the new one. */
export const addReconcileJob = sql('reconcile.add-job', `select ${job('$1::bigint', '$2::text', '$3::float8')}`);
/** Where a job waits already, somebody asked for it meanwhile. */
export const addLaterReconcileJob = sql(
  'reconcile.add-later-job',
  `select ${job('$1::bigint', '$2::text', '$3::float8', 'preserve_run_at')}`,
);
/** Of the streams named, those that have no job get one; where `$3` says so, only those that have something to do. */
export const addMissingReconcileJobs = sql<{ stream: string }>(
  'reconcile.add-missing-jobs',
  `select s.stream, ${job('s.id', 's.stream', '0')} from unnest($1::bigint[], $2::text[]) as s (id, stream)
    where not exists (select from graphile_worker.jobs j where j.key = 'reconcile:' || s.id || ':' || s.stream)
      and (not $3 or exists (select from reconcile_stream r
                              where r.integration_id = s.id and r.stream = s.stream
                                and (r.run is not null or r.asked_at is not null)))`,
);
/** Somebody asks for a compare now; one that is under way is the one asked for. */
export const askForCompare = sql(
  'reconcile.ask',
  `insert into reconcile_stream (integration_id, stream, asked_at) values ($1, $2, now())
   on conflict (integration_id, stream) do update set asked_at = excluded.asked_at`,
);

export interface ReconcileRow {
  run: Run | null;
  is_asked: boolean;
  last_at: string;
  is_loaded: boolean;
}
/** `is_loaded`: all that there was has been read once, so that what is missing here is missing. */
export const openReconcile = sql<ReconcileRow>(
  'reconcile.open',
  `with opened as (
     insert into reconcile_stream as known (integration_id, stream) values ($1, $2)
     on conflict (integration_id, stream) do update set stream = known.stream
     returning run, asked_at is not null as is_asked, reconciled_at)
   select o.run, o.is_asked, coalesce(o.reconciled_at, i.created_at) as last_at,
          coalesce(s.last_success_at is not null and (s.walk is null or s.walk->>'since' is not null), false) as is_loaded
     from opened o join integration i on i.id = $1
     left join sync_stream s on s.integration_id = $1 and s.stream = $2 and s.direction = 'PULL'`,
);
/** Nothing where another process has begun meanwhile: what that has listed stays. */
export const beginRun = sql<{ stream: string }>(
  'reconcile.begin',
  `with begun as (
     update reconcile_stream set run = $3::jsonb, asked_at = null
      where integration_id = $1 and stream = $2 and run is null returning stream),
   forgotten as (
     delete from census_record where integration_id = $1 and stream = $2 and exists (select from begun))
   select stream from begun`,
);
export const forgetCensus = sql(
  'reconcile.forget-census',
  `delete from census_record where integration_id = $1 and stream = $2`,
);
/** Nothing where another process has moved the run on meanwhile. */
export const moveRun = sql<{ stream: string }>(
  'reconcile.move',
  `update reconcile_stream set run = $3::jsonb, failures = 0
    where integration_id = $1 and stream = $2 and (run->>'step')::int = $4::int returning stream`,
);
export const keepCensus = sql(
  'reconcile.keep-census',
  `insert into census_record (integration_id, stream, external_id, version)
   select distinct on (external_id) $1::bigint, $2, external_id, version
     from unnest($3::text[], $4::text[]) as c (external_id, version) order by external_id
   on conflict (integration_id, stream, external_id) do update set version = excluded.version`,
);
/** `$5`: by how much the compare is the worse for it. */
export const failRun = sql<{ failures: number }>(
  'reconcile.fail',
  `update reconcile_stream set failures = failures + $5::int,
          run = case when $3 and failures + 1 >= $4 then null else run end,
          asked_at = case when $3 and failures + 1 >= $4 then now() else asked_at end
    where integration_id = $1 and stream = $2 returning failures`,
);
export const endRun = sql(
  'reconcile.end',
  `update reconcile_stream set run = null, reconciled_at = $3, compared = $4, failures = 0
    where integration_id = $1 and stream = $2`,
);

/** What the system no longer lists and the hub keeps nothing of. */
export const forgetEnded = sql(
  'reconcile.forget-ended',
  `delete from source_record s
    where s.integration_id = $1 and s.stream = $2
      and not exists (select from census_record c
                       where c.integration_id = $1 and c.stream = $2 and c.external_id = s.external_id)
      and not exists (select from external_reference r
                       where r.integration_id = $1 and r.record_kind = s.record_kind and r.external_id = s.external_id
                         and r.gone_at is null)`,
);
