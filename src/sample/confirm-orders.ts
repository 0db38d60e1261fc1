import type { Hub } from '../app.js';
import { sql } from '../db/statement.js';
import { confirmOrder } from '../modules/order-flow/index.js';
import { ORDER_PREFIX, releaseOrder } from '../modules/orders/index.js';
import { Refusal } from '../shared/failures.js';
import { typeId } from '../shared/ids.js';
import { act } from './work.js';

const LOOKED_AT_MS = 4_000;
/** Goods that were short are looked for again. */
const LOOKED_AGAIN_MS = 60_000;

const selectWaiting = sql<{ id: string; is_held: boolean }>(
  'sample.waiting-orders',
  `select o.id, o.open_holds > 0 as is_held from orders o join channel c on c.id = o.channel_id
    where o.status = 'RECEIVED' and c.code = any($1::text[]) and o.created_at < $2
      and (o.open_holds = 0 or o.updated_at < $3)
      and not exists (select from order_hold h
                       where h.order_id = o.id and h.released_at is null and h.reason <> 'STOCK')
    order by o.placed_at, o.id limit 20`,
);

/** Confirms what came from these channels a few seconds ago, as a clerk would. What is held for its stock is tried again. */
export async function confirmOrders(hub: Hub, channels: string[]): Promise<void> {
  const ago = (ms: number) => new Date(hub.clock.now().getTime() - ms).toISOString();
  for (const waiting of await hub.db.read(selectWaiting(channels, ago(LOOKED_AT_MS), ago(LOOKED_AGAIN_MS)))) {
    const orderId = typeId(ORDER_PREFIX, waiting.id);
    try {
      await act(hub, 'confirm', async (scope) => {
        if (waiting.is_held) await releaseOrder(scope, { orderId });
        await scope.tx.flush();
        await confirmOrder(scope, { orderId });
      });
    } catch (error) {
      // Canceled meanwhile, or confirmed by another hub.
      if (!(error instanceof Refusal)) throw error;
      hub.log.debug({ order: waiting.id, reason: error.message }, 'the sample company could not confirm an order');
    }
  }
}
