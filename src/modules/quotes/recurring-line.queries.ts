import { sql } from '../../db/statement.js';
import type { Configured } from './quote-line.type.js';
import type { RecurrenceInterval } from './recurrence.type.js';

/** What an order's line has of the quote's line that it was made of. */
export interface OfferedRow {
  id: string;
  configuration: Configured[];
  recurrence_interval: RecurrenceInterval | null;
  recurrence_terms: number | null;
  placed_at: string;
  is_canceled: boolean;
}
export const selectOffered = sql<OfferedRow>(
  'quotes.offered',
  `select l.id, q.configuration, q.recurrence_interval, q.recurrence_terms, o.placed_at,
          l.canceled_quantity >= l.quantity as is_canceled
     from order_line l join orders o on o.id = l.order_id join quote_line q on q.id = l.quote_line_id
    where l.id = any($1::bigint[])`,
);

/** Of lines of quotes, when the first order was made of them that still stands. */
export const selectFirstOrdered = sql<{ id: string; placed_at: string }>(
  'quotes.first-ordered',
  `select l.quote_line_id as id, min(o.placed_at) as placed_at
     from order_line l join orders o on o.id = l.order_id
    where l.quote_line_id = any($1::bigint[]) and l.canceled_quantity < l.quantity
    group by l.quote_line_id`,
);
