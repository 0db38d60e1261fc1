import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { countEvents, lockOrders } from '../order-write.queries.js';
import { selectWholeOrders } from '../order.queries.js';
import { eventsOf } from './change-order-figures.js';

/** What a connected system or a person was told, about an order. */
export interface SyncNote {
  orderId: string;
  message: string;
  data: object;
}

/** Writes into orders' timelines what connected systems were told. Orders stay as they are: no version rises. */
export function noteSynced(scope: ActionScope, notes: readonly SyncNote[]): Promise<void> {
  return noteOnOrders(scope, 'SYNCED', notes);
}

/** The same of what changes nothing of an order. */
export async function noteOnOrders(
  scope: ActionScope,
  type: 'SYNCED' | 'NOTIFICATION_SENT',
  notes: readonly SyncNote[],
): Promise<void> {
  if (notes.length === 0) return;
  const { tx } = scope;
  const ids = notes.map(({ orderId }) => orderId);
  // Together and in one order, so that two batches about the same orders queue up.
  await tx.query(lockOrders(ids));
  for (const order of await tx.query(selectWholeOrders(ids))) {
    const events = eventsOf(order, scope);
    for (const { message, data } of notes.filter(({ orderId }) => orderId === order.id)) {
      events.add({ type, message, data });
    }
    tx.defer(countEvents(order.id, events.count));
    await appendEvents(tx, events.events);
  }
}
