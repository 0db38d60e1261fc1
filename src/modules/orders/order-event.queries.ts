import { sql } from '../../db/statement.js';
import type { EventRow } from '../../events/streamed-event.js';
import { condition, type ListQuery } from '../../graph/list-query.js';
import { ORDER, type OrderEventTypeName } from './order.events.js';

const EVENT =
  'p.position::text, e.id::text, e.subject_kind, e.subject_id::text, e.sequence, e.type, e.at::text, e.actor_kind, e.actor_id, ' +
  'e.actor_name, e.message, e.changes::text, e.data::text, e.channel, e.customer_id::text, e.status_from, e.status_to, ' +
  's.payload::text as personal';
const FROM =
  'event e left join event_position p on p.event_id = e.id left join event_personal s on s.id = e.personal_id';

/** An event as it was written: its position follows within milliseconds. */
export type OrderEventRow = Omit<EventRow, 'position'> & { position: string | null };

export const selectOrderEvents = sql<OrderEventRow>(
  'orders.events-by-id',
  `select ${EVENT} from ${FROM} where e.id = any($1::bigint[]) and e.subject_kind = '${ORDER}'`,
);

export function timelineList(
  orderId: string,
  types: OrderEventTypeName[] | null | undefined,
  newestFirst: boolean,
): ListQuery {
  return {
    select: EVENT,
    from: FROM,
    where: [condition(`e.subject_kind = '${ORDER}'`), ...(types ? [condition('e.type = any($1::text[])', types)] : [])],
    parent: { columns: ['e.subject_id'], keys: [orderId] },
    sort: { column: 'e.sequence', type: 'bigint' },
    id: 'e.id',
    descending: newestFirst,
  };
}
