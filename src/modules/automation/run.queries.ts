import { sql } from '../../db/statement.js';

export const RUN_STATUSES = ['DUE', 'DONE', 'SKIPPED', 'REFUSED', 'FAILED', 'CUT'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface RunRow {
  id: string;
  rule_id: string;
  order_id: string;
  event_type: string;
  event_at: string;
  event_sequence: number;
  after_minutes: number;
  depth: number;
  status: RunStatus;
  due_at: string;
  tries: number;
  reason: string | null;
  ran_at: string | null;
}
export const RUN =
  'r.id, r.rule_id, r.order_id, r.event_type, r.event_at, r.event_sequence, r.after_minutes, r.depth, r.status, r.due_at, ' +
  'r.tries, r.reason, r.ran_at';

export const selectRuns = sql<RunRow>(
  'automation.runs',
  `select ${RUN} from automation_run r where r.id = any($1::bigint[])`,
);
export const insertRuns = sql(
  'automation.insert-runs',
  `insert into automation_run (id, rule_id, order_id, event_id, event_type, event_at, event_sequence, after_minutes, depth,
                               status, due_at)
   select r.id, r.rule_id, r.order_id, r.event_id, r.event_type, r.event_at, r.event_sequence, r.after_minutes, r.depth, 'DUE',
          r.event_at + make_interval(mins => r.after_minutes)
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[], $7::int[], $8::int[],
                 $9::int[])
       as r (id, rule_id, order_id, event_id, event_type, event_at, event_sequence, after_minutes, depth)
   on conflict (rule_id, event_id, after_minutes) do nothing`,
);
export const selectDueRuns = sql<{ id: string }>(
  'automation.due-runs',
  `select id from automation_run where status = 'DUE' and due_at <= $1 order by due_at, id limit $2`,
);
/**
 * Nobody else carries it out meanwhile; nothing where somebody does, or has, or where another of the order has its turn
 * before it: so priorities hold over all processes.
 */
export const lockRun = sql<RunRow>(
  'automation.lock-run',
  `select ${RUN} from automation_run r
    where r.id = $1 and r.status = 'DUE'
      and not exists (select from automation_run before where before.order_id = r.order_id and before.status = 'DUE'
                         and (before.due_at, before.id) < (r.due_at, r.id))
      for update skip locked`,
);
/** Whether the order has come to another status behind that event. */
export const selectHasMoved = sql<{ has_moved: boolean }>(
  'automation.has-moved',
  `select exists (select from event where subject_kind = 'order' and subject_id = $1 and sequence > $2
                     and status_to is distinct from status_from) as has_moved`,
);
export const countRecentRuns = sql<{ count: number }>(
  'automation.recent-runs',
  `select count(*)::int as count from automation_run
    where order_id = $1 and rule_id = $2 and ran_at > $3 and status = 'DONE'`,
);
/** What became of it. Sent behind all that the run has written of its order, which had `$5` events before. */
export const settleRun = sql(
  'automation.settle-run',
  `update automation_run r
      set status = $2, reason = $3, ran_at = $4, first_sequence = $5, last_sequence = o.event_count
     from orders o where r.id = $1 and o.id = r.order_id`,
);
export const postponeRun = sql(
  'automation.postpone-run',
  `update automation_run set tries = $2, due_at = $3 where id = $1 and status = 'DUE'`,
);
/** A wait that came to nothing: the order moved on by itself. */
export const forgetRun = sql('automation.forget-run', `delete from automation_run where id = $1`);
/** Whether a rule holds the order for this already. */
export const selectIsHeldFor = sql<{ is_held: boolean }>(
  'automation.is-held-for',
  `select exists (select from order_hold where order_id = $1 and released_at is null and actor_kind = 'RULE' and actor_id = $2
                     and reason = $3) as is_held`,
);
