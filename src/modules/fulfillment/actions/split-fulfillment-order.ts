import type { ActionScope } from '../../../graph/mutation.js';
import { addDecimals, compareDecimals, minDecimal, subtractDecimals } from '../../../shared/decimal.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { readLineQuantities } from '../../orders/index.js';
import { takeNumbers } from '../fulfillment-order.queries.js';
import type { SplitFulfillmentOrderInput } from '../fulfillment-order-input.type.js';
import { addUnits, conclude, freeOf, takeUnits, type Work, type WorkLine } from '../fulfillment-order.rules.js';
import { lockWork, refuseEnded, saveWork, shownWork, type LockedWork, type WorkOutcome } from './locked-work.js';

interface Part {
  line: WorkLine;
  units: string;
}

/** Makes some of a fulfillment order one of its own, at the same location and held like it. */
export async function splitFulfillmentOrder(
  scope: ActionScope,
  input: Omit<SplitFulfillmentOrderInput, 'idempotencyKey'>,
): Promise<WorkOutcome> {
  const { tx } = scope;
  const { one, ...locked } = await lockWork(scope, input);
  refuseEnded(one);
  const parts = partsOf(one, locked, input);
  const [[id], [taken]] = [await tx.ids.take(1), await tx.query(takeNumbers(1))];
  const { number } = taken as { number: string };
  const { locationId, locationCode, hold } = one;
  const made = locked.work.add({ id: id!, number, locationId, locationCode, isReleased: true });
  if (hold) Object.assign(made, { status: 'ON_HOLD', hold: { ...hold } });
  for (const { line, units } of parts) {
    // What is ready first: what waits for stock stays with what has left.
    const waiting = subtractDecimals(units, minDecimal(units, freeOf(line)));
    takeUnits(line, units, waiting);
    addUnits(made, line.orderLineId, line.isCounted, units, waiting);
  }
  conclude(one);
  if (one.status === 'CANCELED')
    throw refuse('INVALID', `lines: expected less than all of fulfillment order ${one.number}`, ['lines']);
  locked.events.add({
    type: 'FULFILLMENT_UPDATED',
    message: `Fulfillment order ${one.number} at ${locationCode} is split: ${number} is new`,
    changes: locked.work.moves,
    data: { fulfillmentOrder: shownWork(made), from: shownWork(one) },
  });
  await saveWork(scope, locked);
  return { fulfillmentOrderId: one.id, newId: made.id, orderId: locked.order.id };
}

/** Throws where more of a line is asked for than has not left and no shipment holds. */
function partsOf(one: Work, { goods }: LockedWork, input: Pick<SplitFulfillmentOrderInput, 'lines'>): Part[] {
  const refusals = new Refusals();
  const ids = new Set(goods.lines.map((line) => line.id));
  const parts: Part[] = [];
  for (const [id, { quantity, field }] of readLineQuantities(input.lines, ids, goods.parts, refusals)) {
    const line = one.lines.find((each) => each.orderLineId === id);
    const there = line ? addDecimals(freeOf(line), line.waiting) : '0';
    if (compareDecimals(quantity, there) > 0)
      refusals.add(
        'INVALID',
        `quantity: ${quantity} asked for, ${one.number} has ${there} that no shipment holds`,
        field,
      );
    else if (line) parts.push({ line, units: quantity });
  }
  refusals.throwIfAny();
  return parts;
}
