import { transitionError } from '../../graph/user-errors.js';
import { Refusal } from '../../shared/failures.js';
import { machine } from '../../shared/state-machine.js';

export const ORDER_STATUSES = [
  'DRAFT',
  'RECEIVED',
  'CONFIRMED',
  'PROCESSING',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'DELIVERED',
  'COMPLETED',
  'CANCELED',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What each status of an order may become; walked at start, and the only way a status is written. */
export const orderMachine = machine<OrderStatus>('order', ORDER_STATUSES, {
  initial: ['DRAFT', 'RECEIVED', 'CONFIRMED'],
  moves: {
    DRAFT: ['RECEIVED', 'CONFIRMED', 'CANCELED'],
    RECEIVED: ['CONFIRMED', 'CANCELED'],
    CONFIRMED: ['PROCESSING', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELED'],
    PROCESSING: ['CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'CANCELED'],
    PARTIALLY_SHIPPED: ['SHIPPED', 'DELIVERED', 'PROCESSING'],
    SHIPPED: ['DELIVERED', 'PARTIALLY_SHIPPED', 'PROCESSING'],
    DELIVERED: ['COMPLETED', 'PARTIALLY_SHIPPED'],
    COMPLETED: [],
    CANCELED: [],
  },
});

/** Throws INVALID_TRANSITION with what is allowed, unless the order may go there. */
export function assertOrderMove(order: { number: string; status: OrderStatus }, to: OrderStatus): void {
  if (orderMachine.canMove(order.status, to)) return;
  throw new Refusal([transitionError(`order ${order.number}`, order.status, to, orderMachine.allowed(order.status))]);
}

/** Whether nothing follows the status any more. */
export function isAtItsEnd(status: OrderStatus): boolean {
  return orderMachine.allowed(status).length === 0;
}

/** Whether nobody has confirmed it yet. What its warehouses give back is CONFIRMED again by that alone. */
export function isUnconfirmed(status: OrderStatus): boolean {
  return status === 'DRAFT' || status === 'RECEIVED';
}

/** Throws INVALID_TRANSITION with what is allowed beside that, unless the order is still to be confirmed. */
export function assertUnconfirmed({ number, status }: { number: string; status: OrderStatus }): void {
  if (isUnconfirmed(status)) return;
  const allowed = orderMachine.allowed(status).filter((to) => to !== 'CONFIRMED');
  throw new Refusal([transitionError(`order ${number}`, status, 'CONFIRMED', allowed)]);
}
