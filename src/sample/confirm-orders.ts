import type { Hub } from '../app.js';
import { sql } from '../db/statement.js';
import { confirmOrder } from '../modules/order-flow/index.js';
import { ORDER_PREFIX } from '../modules/orders/index.js';
import { Refusal } from '../shared/failures.js';
import { typeId } from '../shared/ids.js';
import { act } from './work.js';

const LOOKED_AT_MS = 4_000;

const selectWaiting = sql<{ id: string }>(
  'sample.waiting-orders',
  `select o.id from orders o join channel c on c.id = o.channel_id
    where o.status = 'RECEIVED' and c.code = any($1::text[]) and o.created_at < $2 and o.open_holds = 0
    order by o.placed_at, o.id limit 20`,
);

/** Confirms what came from these channels a few seconds ago, as a clerk would. */
export async function confirmOrders(hub: Hub, channels: string[]): Promise<void> {
  const before = new Date(hub.clock.now().getTime() - LOOKED_AT_MS).toISOString();
  for (const { id } of await hub.db.read(selectWaiting(channels, before))) {
    try {
      await act(hub, 'confirm', (scope) => confirmOrder(scope, { orderId: typeId(ORDER_PREFIX, id) }));
    } catch (error) {
      // Canceled meanwhile, or confirmed by another hub; stock that is short is there at the next turn.
      if (!(error instanceof Refusal)) throw error;
      hub.log.debug({ order: id, reason: error.message }, 'the sample company could not confirm an order');
    }
  }
}
