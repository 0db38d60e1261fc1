import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { changeHolds, releaseHolds, selectOpenHolds } from '../order-hold.queries.js';
import { HOLD_PREFIX, type HoldRow, type ReleaseOrderInput } from '../order-hold.type.js';
import { eventsOf, lockOrderForAction } from './change-order-figures.js';

/** Ends one hold of an order, or all of them; where there is none any more, nothing changes. */
export async function releaseOrder(scope: ActionScope, input: ReleaseOrderInput): Promise<{ orderId: string }> {
  const { tx, now } = scope;
  const order = await lockOrderForAction(scope, input);
  const holds = chosen(await tx.query(selectOpenHolds([order.id])), input, order.number);
  if (holds.length === 0) return { orderId: order.id };
  const events = eventsOf(order, scope);
  for (const { reason } of holds) {
    events.add({
      type: 'HOLD_RELEASED',
      message: 'Hold released',
      data: { reason, ...(input.note != null && { note: input.note }) },
    });
  }
  tx.defer(
    releaseHolds(
      holds.map(({ id }) => id),
      now.toISOString(),
    ),
    changeHolds(order.id, -holds.length, now.toISOString(), events.count),
  );
  await appendEvents(tx, events.events);
  return { orderId: order.id };
}

function chosen(open: HoldRow[], { holdId }: ReleaseOrderInput, number: string): HoldRow[] {
  if (holdId == null) return open;
  const id = idOf(HOLD_PREFIX, holdId);
  const hold = open.find((candidate) => candidate.id === id);
  if (!hold) throw refuse('NOT_FOUND', `order ${number} has no open hold ${holdId}`, ['holdId']);
  return [hold];
}
