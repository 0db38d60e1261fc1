import { sql } from '../../db/statement.js';
import type { Department } from '../orders/index.js';

export interface AssigneeRow {
  id: string;
  name: string;
}

/** Whoever may be given work of a department ($1) now ($2); $3 narrows it to one key. */
export const selectAssignees = sql<AssigneeRow>(
  'departments.assignees',
  `select id, name from api_key
    where roles && array[$1, 'ADMIN']::text[] and customer_id is null and revoked_at is null
      and (expires_at is null or expires_at > $2) and ($3::bigint is null or id = $3)
    order by name, id`,
);
export const selectKeyNames = sql<AssigneeRow>(
  'departments.key-names',
  `select id, name from api_key where id = any($1::bigint[])`,
);
export const assignRow = sql(
  'departments.assign',
  `update orders
      set department = $2, assignee_id = $3, assigned_at = $4, updated_at = $5, event_count = $6, version = version + 1
    where id = $1`,
);
/** Who has an order; where nobody was asked, who is on turn. */
export const selectWhoseOrder = sql<{ department: Department }>(
  'departments.whose-order',
  `select coalesce(department, case when status in ('DRAFT', 'RECEIVED') then 'SALES' else 'WAREHOUSE' end) as department
     from orders where id = $1`,
);
