import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { Refusals } from '../../../shared/failures.js';
import {
  assertOrderMove,
  eventsOf,
  lockOrderAnd,
  moveOrder,
  refuseOnHold,
  selectLinesToChange,
  type OrderActionInput,
} from '../../orders/index.js';
import { refuseEmpty } from '../confirmation.rules.js';

/** From DRAFT to RECEIVED. */
export async function placeOrder(scope: ActionScope, input: OrderActionInput): Promise<{ orderId: string }> {
  const { order, rows } = await lockOrderAnd(scope, input, (id) => [selectLinesToChange([id])]);
  assertOrderMove(order, 'RECEIVED');
  refuseOnHold(order);
  const refusals = new Refusals();
  refuseEmpty(order, rows[0]!, refusals);
  refusals.throwIfAny();
  const events = eventsOf(order, scope).moved('DRAFT', 'RECEIVED', input.reason);
  scope.tx.defer(moveOrder(order.id, 'RECEIVED', scope.now.toISOString(), events.count));
  await appendEvents(scope.tx, events.events);
  return { orderId: order.id };
}
