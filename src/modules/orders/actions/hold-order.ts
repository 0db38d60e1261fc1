import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusal, type UserErrorFacts } from '../../../shared/failures.js';
import { changeHolds, insertHold } from '../order-hold.queries.js';
import type { HoldOrderInput } from '../order-hold.type.js';
import type { LockedOrder } from '../order.queries.js';
import { orderMachine } from '../order.states.js';
import { eventsOf, lockOrderForAction } from './change-order-figures.js';

/** Nothing of the order moves forward until the hold is released; it can still be canceled. */
export async function holdOrder(
  scope: ActionScope,
  input: HoldOrderInput,
): Promise<{ orderId: string; holdId: string }> {
  const { tx, now, actor } = scope;
  const order = await lockOrderForAction(scope, input);
  if (orderMachine.allowed(order.status).length === 0) {
    throw refuse('CONFLICT', `order ${order.number} is ${order.status}: nothing of it moves on anyway`, ['orderId']);
  }
  const note = input.note ?? null;
  const events = eventsOf(order, scope).add({
    type: 'HOLD_PLACED',
    message: 'Put on hold',
    data: { reason: input.reason, ...(note !== null && { note }) },
  });
  const holdId = await tx.ids.one();
  tx.defer(
    insertHold(holdId, order.id, input.reason, note, actor.kind, actor.id, actor.name, now.toISOString()),
    changeHolds(order.id, 1, now.toISOString(), events.count),
  );
  await appendEvents(tx, events.events);
  return { orderId: order.id, holdId };
}

/** Throws ON_HOLD where a hold is open; called by every step that moves an order forward. */
export function refuseOnHold(order: Pick<LockedOrder, 'number' | 'open_holds'>): void {
  if (order.open_holds > 0) throw new Refusal([holdError(order)]);
}

export function holdError(order: Pick<LockedOrder, 'number' | 'open_holds'>): UserErrorFacts {
  const holds = order.open_holds === 1 ? 'a hold' : `${order.open_holds} holds`;
  return { code: 'ON_HOLD', message: `order ${order.number} has ${holds}: release it first`, field: ['orderId'] };
}
