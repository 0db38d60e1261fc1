import { sql } from '../../db/statement.js';
import { condition, type ListQuery } from '../../graph/list-query.js';
import type { NoteRow } from './note.type.js';

const NOTE = 'n.id, n.order_id, n.customer_id, n.text, n.is_internal, n.actor_kind, n.actor_id, n.actor_name, n.at';

/** With whose they are: the customer, or the customer of the order. */
export const selectNotes = sql<NoteRow & { owner_id: string | null }>(
  'departments.notes',
  `select ${NOTE}, coalesce(n.customer_id, o.customer_id) as owner_id
     from note n left join orders o on o.id = n.order_id where n.id = any($1::bigint[])`,
);
export const insertNote = sql(
  'departments.insert-note',
  `insert into note (id, order_id, customer_id, text, is_internal, actor_kind, actor_id, actor_name, at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
export const lockNoted = sql<{ id: string; number: string }>(
  'departments.lock-noted',
  `select id, number from customer where id = $1 for key share`,
);
/** Of a customer that became one with another. */
export const moveNotesToCustomer = sql(
  'departments.move-notes',
  `update note set customer_id = $2 where customer_id = $1`,
);

export function noteList(
  of: 'order' | 'customer',
  recordId: string,
  withInternal: boolean,
  newestFirst: boolean,
): ListQuery {
  return {
    select: NOTE,
    from: 'note n',
    where: withInternal ? [] : [condition('not n.is_internal')],
    parent: { columns: [of === 'order' ? 'n.order_id' : 'n.customer_id'], keys: [recordId] },
    sort: { column: 'n.at', type: 'timestamptz' },
    id: 'n.id',
    descending: newestFirst,
  };
}
