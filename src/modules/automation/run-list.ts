import { condition, type Condition, type ListQuery } from '../../graph/list-query.js';
import { badInput } from '../../shared/failures.js';
import { idOf } from '../../shared/ids.js';
import { ORDER_PREFIX } from '../orders/index.js';
import type { AutomationRunFilter } from './automation-run.type.js';
import { RUN } from './run.queries.js';

/** The newest first. */
export function runList(filter: AutomationRunFilter | null | undefined): ListQuery {
  const where: Condition[] = [];
  if (filter?.status) where.push(condition('r.status = any($1::text[])', filter.status));
  if (filter?.orderId != null) {
    const id = idOf(ORDER_PREFIX, filter.orderId);
    if (id === null) throw badInput('filter.orderId', 'the id of an order', filter.orderId);
    where.push(condition('r.order_id = $1::bigint', id));
  }
  if (filter?.rule != null)
    where.push(condition('r.rule_id = (select id from automation_rule where code = $1)', filter.rule));
  return {
    select: RUN,
    from: 'automation_run r',
    where,
    sort: { column: 'r.due_at', type: 'timestamptz' },
    id: 'r.id',
    descending: true,
  };
}
