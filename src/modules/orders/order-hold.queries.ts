import { sql } from '../../db/statement.js';
import type { HoldRow } from './order-hold.type.js';

const HOLD = 'h.id, h.order_id, h.reason, h.note, h.actor_kind, h.actor_id, h.actor_name, h.placed_at';

export const selectOpenHolds = sql<HoldRow>(
  'orders.open-holds',
  `select ${HOLD} from order_hold h where h.order_id = any($1::bigint[]) and h.released_at is null
    order by h.order_id, h.id`,
);
/** What somebody has looked at and let go on. */
export const selectReleasedHolds = sql<Pick<HoldRow, 'reason' | 'note'>>(
  'orders.released-holds',
  `select h.reason, h.note from order_hold h where h.order_id = $1 and h.released_at is not null`,
);
export const insertHold = sql(
  'orders.insert-hold',
  `insert into order_hold (id, order_id, reason, note, actor_kind, actor_id, actor_name, placed_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
export const releaseHolds = sql(
  'orders.release-holds',
  `update order_hold set released_at = $2 where id = any($1::bigint[])`,
);
/** The order with so many holds more, or fewer; its version rises. */
export const changeHolds = sql(
  'orders.change-holds',
  `update orders set open_holds = open_holds + $2, updated_at = $3, event_count = $4, version = version + 1 where id = $1`,
);
