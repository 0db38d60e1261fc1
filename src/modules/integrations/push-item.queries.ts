import { sql } from '../../db/statement.js';

export const PUSH_TASK = 'push-stream';

/** As SQL: the job that works a stream's due items off, one at a time and known by its key. `streams` have id and stream. */
export const addPushJob = (streams: string, seconds: string, mode: 'replace' | 'preserve_run_at') => `
  select ask_for_job('${PUSH_TASK}', json_build_object('integrationId', s.id::text, 'stream', s.stream),
                     'push:' || s.id || ':' || s.stream, now() + make_interval(secs => ${seconds}), '${mode}')
    from ${streams} s`;
const NAMED = 'unnest($1::bigint[], $2::text[]) as named (id, stream)';
export const addPushJobs = sql('push.add-jobs', addPushJob(`(select * from ${NAMED})`, '0', 'replace'));
/** Where a job waits already, whoever added it knew better when something is due. */
export const addLaterPushJobs = sql(
  'push.add-later-jobs',
  addPushJob(`(select * from ${NAMED})`, '$3::float8', 'preserve_run_at'),
);

/** What a change does to an item that is there; `excluded` is the item as it would be made anew. */
export const DUE_AGAIN = `
  state = case when item.state = 'SENDING' then 'SENDING' else 'DUE' end,
  due_at = case when item.state in ('DONE', 'DEAD') then excluded.due_at else item.due_at end,
  first_due_at = case when item.state in ('DONE', 'DEAD') then excluded.first_due_at else item.first_due_at end,
  again_at = case when item.state = 'SENDING' then coalesce(item.again_at, excluded.first_due_at) end,
  attempts = case when item.state in ('DONE', 'DEAD') then 0 else item.attempts end,
  is_initial = excluded.is_initial and (item.is_initial or item.state in ('DONE', 'DEAD'))`;

/** Makes records of one stream due at `$5`, told anew even where the system was told this very state. */
export const makeRecordsDue = sql(
  'push.make-due',
  `insert into push_item as item (integration_id, stream, record_kind, record_id, state, due_at, first_due_at)
   select s.integration_id, s.stream, s.record_kind, r.id, 'DUE', $4, $4
     from push_stream s, unnest($3::bigint[]) as r (id)
    where s.integration_id = $1 and s.stream = $2 order by r.id
   on conflict (integration_id, stream, record_id) do update set ${DUE_AGAIN}, round = item.round + 1, is_alone = false`,
);

export interface UntoldLetter {
  id: string;
  integration_id: string;
  stream: string;
  record_id: string;
}
export const lockUntoldLetters = sql<UntoldLetter>(
  'push.lock-letters',
  `select id, integration_id, stream, record_id from dead_letter
    where id = any($1::bigint[]) and record_id is not null and settled_at is null order by id for update`,
);
export const settleLetters = sql(
  'push.settle-letters',
  `update dead_letter set settled_at = $2, settled_by = $3 where id = any($1::bigint[])`,
);
/** The system was told of the records after all. */
export const settleTold = sql(
  'push.settle-told',
  `update dead_letter set settled_at = $4, settled_by = 'told'
    where integration_id = $1 and stream = $2 and record_id = any($3::bigint[]) and direction = 'PUSH' and settled_at is null`,
);
export const nameUntold = sql(
  'push.name-untold',
  `update dead_letter set direction = 'PUSH', record_id = $2 where id = $1`,
);

/** Age of the oldest change that a stream has not told, for the graph: by stream. */
export const selectPushLags = sql<{ integration_id: string; stream: string; oldest: string }>(
  'push.lags',
  `select integration_id, stream, min(first_due_at) as oldest from push_item
    where state in ('DUE', 'SENDING') and integration_id = any($1::bigint[]) group by integration_id, stream`,
);
