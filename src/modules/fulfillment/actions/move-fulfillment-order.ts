import type { ActionScope } from '../../../graph/mutation.js';
import { isPositive, subtractDecimals } from '../../../shared/decimal.js';
import { refuse } from '../../../shared/failures.js';
import { moveReservations, selectLocationByCode, type StockLocationRow } from '../../stock/index.js';
import { takeNumbers } from '../fulfillment-order.queries.js';
import type { MoveFulfillmentOrderInput } from '../fulfillment-order-input.type.js';
import { addUnits, conclude, hasShipped, takeUnits, type Work } from '../fulfillment-order.rules.js';
import {
  lockWork,
  refuseClaimed,
  refuseEnded,
  saveWork,
  shownWork,
  type LockedWork,
  type WorkOutcome,
} from './locked-work.js';

/**
 * Gives the work to another location, and reserves there what was reserved here. Of one of which something has left, the
 * rest becomes one of its own there. Throws INSUFFICIENT_STOCK where the other location has too little.
 */
export async function moveFulfillmentOrder(
  scope: ActionScope,
  input: Omit<MoveFulfillmentOrderInput, 'idempotencyKey'>,
): Promise<WorkOutcome> {
  const { one, ...locked } = await lockWork(scope, input);
  refuseEnded(one);
  const place = await findPlace(scope, one, input.location);
  refuseClaimed(one);
  const ready = one.lines
    .filter((line) => line.isCounted)
    .map((line) => [line.orderLineId, subtractDecimals(line.remaining, line.waiting)] as const)
    .filter(([, units]) => isPositive(units));
  const { order, events } = locked;
  const from = one.locationCode;
  const { released, reserved } = await moveReservations(scope, {
    orderId: order.id,
    units: new Map(ready),
    from: one.locationId,
    to: place.id,
  });
  const moved = hasShipped(one) ? await restOf(scope, locked, one, place) : one;
  if (moved === one) Object.assign(one, { locationId: place.id, locationCode: place.code });
  events
    .stockReleased(released)
    .stockReserved(reserved)
    .add({
      type: 'FULFILLMENT_UPDATED',
      message: `Fulfillment order ${moved.number} moved from ${from} to ${place.code}`,
      changes: locked.work.moves,
      data: { fulfillmentOrder: shownWork(moved), from, to: place.code },
    });
  await saveWork(scope, locked);
  return { fulfillmentOrderId: one.id, newId: moved === one ? null : moved.id, orderId: order.id };
}

async function findPlace({ tx }: ActionScope, one: Work, code: string): Promise<StockLocationRow> {
  const field = ['location'];
  const place = await tx.one(selectLocationByCode(code));
  if (!place) throw refuse('NOT_FOUND', `no stock location has the code "${code}"`, field);
  if (!place.is_active) throw refuse('INVALID', `location: ${code} is not in use`, field);
  if (place.id === one.locationId) throw refuse('INVALID', `location: ${one.number} is at ${code} already`, field);
  return place;
}

/** What has left stays where it left from. */
async function restOf(
  { tx }: ActionScope,
  { work }: LockedWork,
  one: Work,
  { id: locationId, code: locationCode }: StockLocationRow,
): Promise<Work> {
  const [id, [taken]] = [await tx.ids.one(), await tx.query(takeNumbers(1))];
  const { status, hold, number: from } = one;
  const rest = work.add({ id, number: taken!.number, locationId, locationCode, isReleased: true });
  for (const line of one.lines) {
    const { remaining, waiting } = line;
    if (!isPositive(remaining)) continue;
    takeUnits(line, remaining, waiting);
    addUnits(rest, line.orderLineId, line.isCounted, remaining, waiting);
  }
  conclude(one);
  if (one.status !== 'CLOSED') throw new Error(`fulfillment order ${from} is ${one.status} behind all that has left`);
  if (hold && status === 'ON_HOLD') Object.assign(rest, { status, hold });
  return rest;
}
