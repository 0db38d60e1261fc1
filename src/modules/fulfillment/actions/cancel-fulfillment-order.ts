import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import type { FulfillmentOrderActionInput } from '../fulfillment-order-input.type.js';
import { hasShipped } from '../fulfillment-order.rules.js';
import { assertFulfillmentOrderMove } from '../fulfillment-order.states.js';
import { lockWork, refuseClaimed, saveWork, shownWork, type WorkOutcome } from './locked-work.js';

/**
 * Takes its work from a warehouse. What it was for stays reserved for the order and can be released again; where nothing is
 * released any more, the order is CONFIRMED again.
 */
export async function cancelFulfillmentOrder(
  scope: ActionScope,
  input: Omit<FulfillmentOrderActionInput, 'idempotencyKey'>,
): Promise<WorkOutcome> {
  const { one, ...locked } = await lockWork(scope, input);
  assertFulfillmentOrderMove(one, 'CANCELED');
  refuseClaimed(one);
  if (hasShipped(one))
    throw refuse(
      'CONFLICT',
      `some of fulfillment order ${one.number} has left: split the rest off and cancel that, or move it`,
      ['fulfillmentOrderId'],
    );
  one.status = 'CANCELED';
  one.hold = null;
  locked.events.add({
    type: 'FULFILLMENT_UPDATED',
    message: `Fulfillment order ${one.number} at ${one.locationCode} is canceled`,
    changes: locked.work.moves,
    data: { fulfillmentOrder: shownWork(one), ...(input.reason && { reason: input.reason }) },
  });
  await saveWork(scope, locked);
  return { fulfillmentOrderId: one.id, newId: null, orderId: locked.order.id };
}
