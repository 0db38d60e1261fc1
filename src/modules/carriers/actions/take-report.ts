import type { ActionScope } from '../../../graph/mutation.js';
import { typeId } from '../../../shared/ids.js';
import { isPreparing, SHIPMENT_PREFIX, updateShipment } from '../../fulfillment/index.js';
import {
  HOLD_PREFIX,
  HoldReason,
  holdOrder,
  ORDER_PREFIX,
  orderMachine,
  releaseOrder,
  selectOpenHolds,
} from '../../orders/index.js';
import type { CarrierReport } from '../provider.js';
import { goesOn, isTrouble } from '../tracking.rules.js';
import { noteHold, selectWatch, type WatchRow } from '../watch.queries.js';
import { lockShipmentForAction } from './lock-shipment.js';

/**
 * Takes what a carrier reports of a shipment that is followed. A parcel that the carrier has is SHIPPED first. Trouble
 * holds the order, and the hold ends by itself where the parcel goes on. Throws a Refusal where the goods must not have
 * left, for a hold say; what is late or comes again moves nothing.
 */
export async function takeReport(scope: ActionScope, watch: WatchRow, report: CarrierReport): Promise<void> {
  const shipmentId = typeId(SHIPMENT_PREFIX, watch.shipment_id);
  const { shipment: before } = await lockShipmentForAction(scope, { shipmentId });
  const known = await scope.tx.one(selectWatch(watch.shipment_id));
  // Its label was given back meanwhile, or another one was bought: what was said is of a parcel that is not this one.
  if (!known || known.tracker !== watch.tracker || before.status === 'CANCELED') return;
  const { status, at, description, place } = report;
  if (isPreparing(before.status)) {
    await updateShipment(scope, { shipmentId, status: 'SHIPPED', at });
    await scope.tx.flush();
  }
  await updateShipment(scope, { shipmentId, status, at, description, place });
  await scope.tx.flush();
  const { shipment: after, order } = await lockShipmentForAction(scope, { shipmentId });
  if (after.status === before.status) return;
  const open = await scope.tx.query(selectOpenHolds([order.id]));
  // Somebody may have released it before.
  const isHeld = open.some(({ id }) => id === known.hold_id);
  const movesOn = orderMachine.allowed(order.status).length > 0;
  if (isTrouble(after.status) && !isHeld && movesOn) await placeHold(scope, known, report);
  else if (goesOn(after.status) && isHeld) await endHold(scope, known);
}

async function placeHold(scope: ActionScope, watch: WatchRow, report: CarrierReport): Promise<void> {
  const words = report.status.toLowerCase().replaceAll('_', ' ');
  const said = report.description === null ? '' : `: ${report.description}`;
  const { holdId } = await holdOrder(scope, {
    orderId: typeId(ORDER_PREFIX, watch.order_id),
    reason: report.status === 'DELIVERY_FAILED' ? HoldReason.ADDRESS : HoldReason.MANUAL,
    note: `Shipment ${watch.number} is ${words}${said}`,
  });
  scope.tx.defer(noteHold(watch.shipment_id, holdId));
}

async function endHold(scope: ActionScope, { shipment_id, order_id, number, hold_id }: WatchRow): Promise<void> {
  scope.tx.defer(noteHold(shipment_id, null));
  const [orderId, holdId] = [typeId(ORDER_PREFIX, order_id), typeId(HOLD_PREFIX, hold_id!)];
  await releaseOrder(scope, { orderId, holdId, note: `Shipment ${number} goes on` });
}
