import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusal, type UserErrorFacts } from '../../../shared/failures.js';
import { changeHolds, insertHold } from '../order-hold.queries.js';
import type { HoldOrderInput, HoldReason } from '../order-hold.type.js';
import type { LockedOrder } from '../order.queries.js';
import { orderMachine } from '../order.states.js';
import { eventsOf, lockOrderForAction } from './change-order-figures.js';

/** Nothing of the order moves forward until the hold is released; it can still be canceled. */
export async function holdOrder(
  scope: ActionScope,
  input: HoldOrderInput,
): Promise<{ orderId: string; holdId: string }> {
  const order = await lockOrderForAction(scope, input);
  if (orderMachine.allowed(order.status).length === 0) {
    throw refuse('CONFLICT', `order ${order.number} is ${order.status}: nothing of it moves on anyway`, ['orderId']);
  }
  const [holdId] = await placeHolds(scope, order, [{ reason: input.reason, note: input.note ?? null }]);
  return { orderId: order.id, holdId: holdId! };
}

/** Leaves the holds and their events to the transaction's last trip; the order is locked, and its version rises by one. Returns the holds' ids. */
export async function placeHolds(
  scope: ActionScope,
  order: LockedOrder,
  holds: readonly { reason: HoldReason; note: string | null }[],
): Promise<readonly string[]> {
  const { tx, now, actor } = scope;
  const at = now.toISOString();
  const ids = await tx.ids.take(holds.length);
  const events = eventsOf(order, scope);
  for (const { reason, note } of holds) {
    events.add({ type: 'HOLD_PLACED', message: 'Put on hold', data: { reason, ...(note !== null && { note }) } });
  }
  tx.defer(
    ...holds.map(({ reason, note }, index) =>
      insertHold(ids[index], order.id, reason, note, actor.kind, actor.id, actor.name, at),
    ),
    changeHolds(order.id, holds.length, at, events.count),
  );
  await appendEvents(tx, events.events);
  return ids;
}

/** Throws ON_HOLD where a hold is open; called by every step that moves an order forward. */
export function refuseOnHold(order: Pick<LockedOrder, 'number' | 'open_holds'>): void {
  if (order.open_holds > 0) throw new Refusal([holdError(order)]);
}

export function holdError(order: Pick<LockedOrder, 'number' | 'open_holds'>): UserErrorFacts {
  const holds = order.open_holds === 1 ? 'a hold' : `${order.open_holds} holds`;
  return { code: 'ON_HOLD', message: `order ${order.number} has ${holds}: release it first`, field: ['orderId'] };
}
