import { transitionError } from '../../graph/user-errors.js';
import { Refusal } from '../../shared/failures.js';
import { machine } from '../../shared/state-machine.js';

export const FULFILLMENT_ORDER_STATUSES = ['OPEN', 'IN_PROGRESS', 'ON_HOLD', 'CLOSED', 'CANCELED'] as const;
export type FulfillmentOrderStatus = (typeof FULFILLMENT_ORDER_STATUSES)[number];

/** What each status of a fulfillment order may become; walked at start, and the only way a status is written. */
export const fulfillmentOrderMachine = machine<FulfillmentOrderStatus>(
  'fulfillment order',
  FULFILLMENT_ORDER_STATUSES,
  {
    initial: ['OPEN'],
    moves: {
      OPEN: ['IN_PROGRESS', 'ON_HOLD', 'CLOSED', 'CANCELED'],
      IN_PROGRESS: ['CLOSED', 'ON_HOLD', 'CANCELED'],
      ON_HOLD: ['OPEN', 'IN_PROGRESS', 'CANCELED'],
      CLOSED: ['OPEN'],
      CANCELED: [],
    },
  },
);

/** A warehouse has it: something of it is still to leave. */
export function isActive({ status }: { status: FulfillmentOrderStatus }): boolean {
  return status === 'OPEN' || status === 'IN_PROGRESS' || status === 'ON_HOLD';
}

/** Throws INVALID_TRANSITION with what is allowed, unless the fulfillment order may go there. */
export function assertFulfillmentOrderMove(
  { number, status }: { number: string; status: FulfillmentOrderStatus },
  to: FulfillmentOrderStatus,
): void {
  if (fulfillmentOrderMachine.canMove(status, to)) return;
  const allowed = fulfillmentOrderMachine.allowed(status);
  throw new Refusal([transitionError(`fulfillment order ${number}`, status, to, allowed)]);
}
