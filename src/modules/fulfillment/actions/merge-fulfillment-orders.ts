import type { ActionScope } from '../../../graph/mutation.js';
import { addDecimals } from '../../../shared/decimal.js';
import { Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { moveDraws } from '../fulfillment-order.queries.js';
import type { MergeFulfillmentOrdersInput } from '../fulfillment-order-input.type.js';
import type { Work } from '../fulfillment-order.rules.js';
import { FULFILLMENT_ORDER_PREFIX } from '../fulfillment-order.type.js';
import { lockWork, saveWork, shownWork, type LockedWork, type WorkOutcome } from './locked-work.js';

const MOST = 100;

/** Makes fulfillment orders of one order at one location one; a hold of any of them is the hold of all. */
export async function mergeFulfillmentOrders(
  scope: ActionScope,
  input: Omit<MergeFulfillmentOrdersInput, 'idempotencyKey'>,
): Promise<WorkOutcome> {
  const { one, ...locked } = await lockWork(scope, input);
  const others = othersOf(one, locked, input.otherIds);
  for (const other of others) {
    take(one, other);
    scope.tx.defer(moveDraws(other.id, one.id));
  }
  locked.events.add({
    type: 'FULFILLMENT_UPDATED',
    message: `Fulfillment order ${others.map(({ number }) => number).join(', ')} is part of ${one.number} now`,
    changes: locked.work.moves,
    data: { fulfillmentOrder: shownWork(one), merged: others.map(shownWork) },
  });
  await saveWork(scope, locked);
  return { fulfillmentOrderId: one.id, newId: null, orderId: locked.order.id };
}

function othersOf(one: Work, { work, order }: LockedWork, otherIds: string[]): Work[] {
  const refusals = new Refusals();
  if (otherIds.length === 0 || otherIds.length > MOST)
    refusals.add('INVALID', `otherIds: expected 1 to ${MOST}, got ${otherIds.length}`, ['otherIds']);
  refuseBusy(one, ['fulfillmentOrderId'], refusals);
  const others = new Set<Work>();
  otherIds.forEach((otherId, index) => {
    const field = ['otherIds', String(index)];
    const id = idOf(FULFILLMENT_ORDER_PREFIX, otherId);
    const other = work.works.find((each) => each.id === id);
    if (!other) {
      refusals.add(
        'NOT_FOUND',
        `order ${order.number} has no fulfillment order ${otherId} that could be merged`,
        field,
      );
    } else if (other === one || others.has(other)) {
      refusals.add('INVALID', `otherIds: ${other.number} is named twice`, field);
    } else if (other.locationId !== one.locationId) {
      const places = `${other.number} is at ${other.locationCode}, ${one.number} at ${one.locationCode}`;
      refusals.add('CONFLICT', `${places}: move one of them first`, field);
    } else {
      refuseBusy(other, field, refusals);
      others.add(other);
    }
  });
  refusals.throwIfAny();
  return [...others];
}

function refuseBusy({ number, status }: Work, field: string[], refusals: Refusals): void {
  if (status !== 'OPEN' && status !== 'ON_HOLD')
    refusals.add('CONFLICT', `fulfillment order ${number} is ${status}, expected OPEN or ON_HOLD`, field);
}

function take(one: Work, other: Work): void {
  for (const line of other.lines) {
    const own = one.lines.find(({ orderLineId }) => orderLineId === line.orderLineId);
    if (!own) {
      one.lines.push({ ...line });
      continue;
    }
    for (const figure of ['units', 'remaining', 'waiting', 'claimed'] as const)
      own[figure] = addDecimals(own[figure], line[figure]);
  }
  if (other.hold && !one.hold) Object.assign(one, { status: 'ON_HOLD', hold: other.hold });
  one.hasLeft ||= other.hasLeft;
  other.status = 'CANCELED';
  other.hold = null;
}
