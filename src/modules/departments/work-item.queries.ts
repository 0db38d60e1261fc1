import { sql } from '../../db/statement.js';
import type { Department } from '../orders/index.js';
import type { WorkRow } from './work-item.type.js';

/** A task as it is kept. */
export interface TaskRow {
  id: string;
  department: Department;
  title: string;
  order_id: string | null;
  quote_id: string | null;
  resolved_at: string | null;
}

/** Nothing where one with the same key is open. */
export const insertTask = sql<{ id: string }>(
  'departments.insert-task',
  `insert into work_item (id, department, priority_rank, title, note, key, order_id, quote_id, assignee_id, due_at,
     opened_at, opened_by_kind, opened_by_id, opened_by_name)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
   on conflict (key) where resolved_at is null do nothing returning id`,
);
export const selectOpenTask = sql<{ id: string }>(
  'departments.open-task',
  `select id from work_item where key = $1 and resolved_at is null`,
);
export const lockTask = sql<TaskRow>(
  'departments.lock-task',
  `select id, department, title, order_id, quote_id, resolved_at from work_item where id = $1 for update`,
);
export const resolveTask = sql(
  'departments.resolve-task',
  `update work_item set resolved_at = $2, resolution = $3 where id = $1`,
);
/** As a queue shows them; those that are done too. */
export const selectTasks = sql<WorkRow & { department: Department }>(
  'departments.tasks',
  `select 'TASK' as kind, w.id, w.department, w.priority_rank::int as rank, w.opened_at, w.due_at, w.order_id, w.quote_id,
          null::bigint as shipment_id, w.assignee_id, null as number, w.title as detail, w.note, w.resolved_at, w.resolution
     from work_item w where w.id = any($1::bigint[])`,
);
export const selectQuoteExists = sql<{ id: string }>('departments.quote', `select id from quote where id = $1`);
export const selectOrderExists = sql<{ id: string }>('departments.order', `select id from orders where id = $1`);
