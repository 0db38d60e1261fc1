import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import {
  assertOrderMove,
  eventsOf,
  lockOrderForAction,
  moveOrder,
  refuseOnHold,
  type OrderActionInput,
} from '../../orders/index.js';

/** From DRAFT to RECEIVED. */
export async function placeOrder(scope: ActionScope, input: OrderActionInput): Promise<{ orderId: string }> {
  const order = await lockOrderForAction(scope, input);
  assertOrderMove(order, 'RECEIVED');
  refuseOnHold(order);
  const events = eventsOf(order, scope).moved('DRAFT', 'RECEIVED', input.reason);
  scope.tx.defer(moveOrder(order.id, 'RECEIVED', scope.now.toISOString(), events.count));
  await appendEvents(scope.tx, events.events);
  return { orderId: order.id };
}
