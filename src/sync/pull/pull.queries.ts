import { sql } from '../../db/statement.js';
import type { Walk } from './walk.rules.js';

export const PULL_TASK = 'pull-stream';

const job = (mode: 'replace' | 'preserve_run_at') => `ask_for_job('${PULL_TASK}',
  json_build_object('integrationId', $1::bigint::text, 'stream', $2::text), 'pull:' || $1::bigint || ':' || $2::text,
  now() + $3::int * interval '1 millisecond', '${mode}')`;
/** A job that waits for its time comes at the new one. */
export const addPullJob = sql('pull.add-job', `select ${job('replace')}`);
/** Where a job waits already, somebody asked for it meanwhile. */
export const addLaterPullJob = sql('pull.add-later-job', `select ${job('preserve_run_at')}`);

export interface StreamRow {
  checkpoint: string | null;
  walk: Walk | null;
}
export const openStream = sql<StreamRow>(
  'pull.open-stream',
  `insert into sync_stream (integration_id, stream, direction, last_run_at) values ($1, $2, 'PULL', $3)
   on conflict (integration_id, stream, direction) do update set last_run_at = excluded.last_run_at
   returning checkpoint, walk`,
);
export const beginStream = sql(
  'pull.begin-stream',
  `update sync_stream set walk = $3::jsonb where integration_id = $1 and stream = $2 and direction = 'PULL' and walk is null`,
);
/** Nothing where another process has moved the walk on meanwhile. */
export const moveStream = sql<{ processed: string }>(
  'pull.move-stream',
  `update sync_stream set checkpoint = coalesce($3, checkpoint), walk = $4::jsonb, processed = processed + $5, last_success_at = coalesce($6, last_success_at)
    where integration_id = $1 and stream = $2 and direction = 'PULL' and (walk->>'step')::int = $7::int
   returning processed`,
);
/**
 * Whether one of the streams has not been read to its end yet, and whether what they brought is not all taken over. One that
 * fails time and again keeps nobody waiting, nor does what is to be tried later.
 */
export const selectAwaited = sql<{ isUnread: boolean; isUntaken: boolean }>(
  'pull.awaited',
  `select exists (
       select from unnest($2::text[]) as g (stream)
         left join sync_stream s on s.integration_id = $1 and s.stream = g.stream and s.direction = 'PULL'
        where s.last_success_at is null and coalesce(s.failed, 0) < 5) as "isUnread",
     exists (
       select from inbox_message m
        where m.integration_id = $1 and m.finished_at is null and m.status = 'RECEIVED' and m.due_at is null
          and m.origin = 'PULL' and m.topic = any($2)) as "isUntaken"`,
);
/** `$5`: by how much the walk is the worse for it. */
export const failStream = sql<{ failures: number | null }>(
  'pull.fail-stream',
  `update sync_stream
      set failed = failed + 1,
          walk = case when $3 and (walk->>'failures')::int >= $4 then null
                      else jsonb_set(walk, '{failures}', to_jsonb((walk->>'failures')::int + $5::int)) end
    where integration_id = $1 and stream = $2 and direction = 'PULL' returning (walk->>'failures')::int as failures`,
);
export const selectActiveIntegrations = sql<{ id: string; connector: string }>(
  'pull.active-integrations',
  `select id, connector from integration where status not in ('PAUSED', 'DISCONNECTED', 'UNAUTHORIZED') and not only_listens`,
);
/** Of the streams named, those that have no job get one. */
export const addMissingPullJobs = sql<{ stream: string }>(
  'pull.add-missing-jobs',
  `select s.stream,
          ask_for_job('${PULL_TASK}', json_build_object('integrationId', s.id::text, 'stream', s.stream), s.key)
     from (select id, stream, 'pull:' || id || ':' || stream as key
             from unnest($1::bigint[], $2::text[]) as g (id, stream)) s
    where not exists (select from graphile_worker.jobs j where j.key = s.key)`,
);
