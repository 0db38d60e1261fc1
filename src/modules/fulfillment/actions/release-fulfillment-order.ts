import type { ActionScope } from '../../../graph/mutation.js';
import type { FulfillmentOrderActionInput } from '../fulfillment-order-input.type.js';
import { isClaimed } from '../fulfillment-order.rules.js';
import { lockWork, saveWork, shownWork, type WorkOutcome } from './locked-work.js';

/** Ends the hold of a fulfillment order: it goes on where it was. Where there is none, nothing changes. */
export async function releaseFulfillmentOrder(
  scope: ActionScope,
  input: Omit<FulfillmentOrderActionInput, 'idempotencyKey'>,
): Promise<WorkOutcome> {
  const { one, ...locked } = await lockWork(scope, input);
  const outcome = { fulfillmentOrderId: one.id, newId: null, orderId: locked.order.id };
  if (one.hold === null) return outcome;
  const { reason } = one.hold;
  one.status = isClaimed(one) || one.hasLeft ? 'IN_PROGRESS' : 'OPEN';
  one.hold = null;
  locked.events.add({
    type: 'FULFILLMENT_UPDATED',
    message: `Fulfillment order ${one.number} at ${one.locationCode} goes on`,
    changes: locked.work.moves,
    data: { fulfillmentOrder: shownWork(one), released: reason, ...(input.reason && { reason: input.reason }) },
  });
  await saveWork(scope, locked);
  return outcome;
}
