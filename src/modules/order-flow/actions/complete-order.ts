import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { instantText, parseInstant } from '../../../shared/clock.js';
import { Refusals } from '../../../shared/failures.js';
import { moneyOfMinor } from '../../../shared/money.js';
import {
  assertOrderMove,
  balanceDueOf,
  eventsOf,
  lockOrderForAction,
  moneyMoved,
  moveOrder,
  refuseOnHold,
  returnWindowClosesAt,
  selectStatusSince,
  sellerSettings,
  type OrderActionInput,
} from '../../orders/index.js';

/** From DELIVERED: nothing is due of it any more, and it can no longer be returned. */
export async function completeOrder(scope: ActionScope, input: OrderActionInput): Promise<{ orderId: string }> {
  const { tx, now } = scope;
  const order = await lockOrderForAction(scope, input);
  assertOrderMove(order, 'COMPLETED');
  refuseOnHold(order);
  const refusals = new Refusals();
  const due = balanceDueOf(BigInt(order.total_minor), moneyMoved(order));
  if (due > 0n) {
    const { amount, currency } = moneyOfMinor(due.toString(), order.currency);
    refusals.add('PAYMENT_REQUIRED', `order ${order.number}: ${amount} ${currency} are still due`, ['orderId']);
  }
  const delivered = parseInstant(instantText((await tx.one(selectStatusSince(order.id)))!.at));
  const closes = returnWindowClosesAt(delivered, scope.service(sellerSettings).returnWindowDays);
  if (now < closes) {
    const message = `order ${order.number}: its goods may be returned until ${closes.toISOString()}`;
    refusals.add('CONFLICT', message, ['orderId']);
  }
  refusals.throwIfAny();
  const events = eventsOf(order, scope).moved('DELIVERED', 'COMPLETED', input.reason);
  tx.defer(moveOrder(order.id, 'COMPLETED', now.toISOString(), events.count));
  await appendEvents(tx, events.events);
  return { orderId: order.id };
}
