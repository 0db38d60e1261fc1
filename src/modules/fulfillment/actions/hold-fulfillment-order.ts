import type { ActionScope } from '../../../graph/mutation.js';
import type { HoldFulfillmentOrderInput } from '../fulfillment-order-input.type.js';
import { assertFulfillmentOrderMove } from '../fulfillment-order.states.js';
import { lockWork, saveWork, shownWork, type WorkOutcome } from './locked-work.js';

/** Nothing of it leaves until it is released; shipments that are under preparation wait too. */
export async function holdFulfillmentOrder(
  scope: ActionScope,
  input: Omit<HoldFulfillmentOrderInput, 'idempotencyKey'>,
): Promise<WorkOutcome> {
  const { now, actor } = scope;
  const { one, ...locked } = await lockWork(scope, input);
  assertFulfillmentOrderMove(one, 'ON_HOLD');
  const note = input.note ?? null;
  one.status = 'ON_HOLD';
  one.hold = { reason: input.reason, note, by: actor, at: now.toISOString() };
  locked.events.add({
    type: 'FULFILLMENT_UPDATED',
    message: `Fulfillment order ${one.number} at ${one.locationCode} is put on hold`,
    changes: locked.work.moves,
    data: { fulfillmentOrder: shownWork(one), reason: input.reason, ...(note !== null && { note }) },
  });
  await saveWork(scope, locked);
  return { fulfillmentOrderId: one.id, newId: null, orderId: locked.order.id };
}
