import type { ActionScope } from '../../../graph/mutation.js';
import { typeId } from '../../../shared/ids.js';
import {
  HOLD_PREFIX,
  holdOrder,
  HoldReason,
  isAtItsEnd,
  ORDER_PREFIX,
  releaseOrder,
  selectOpenHolds,
  type LockedOrder,
} from '../../orders/index.js';
import { noteHold, selectTroubleHolds } from '../shipment.queries.js';
import { goesOn, isTrouble } from '../shipment.states.js';
import type { Report } from '../shipment-report.rules.js';
import type { ShipmentRow } from '../shipment.type.js';

/**
 * Trouble of a parcel holds its order, whoever reports it, and the hold ends by itself where the parcel goes on. One hold for
 * a parcel at a time: what follows of the same trouble places no other. To be called where a report has moved the
 * shipment, with `shipment` as it was before; what that leaves to the transaction is written first.
 */
export async function followTrouble(
  scope: ActionScope,
  { order, shipment }: { order: LockedOrder; shipment: ShipmentRow },
  report: Report,
): Promise<void> {
  const isBad = isTrouble(report.status) && !isAtItsEnd(order.status);
  const mayEnd = goesOn(report.status) && shipment.hold_id !== null;
  if (!isBad && !mayEnd) return;
  await scope.tx.flush();
  const open = await scope.tx.query(selectOpenHolds([order.id]));
  // Somebody may have released it before.
  const isHeld = open.some(({ id }) => id === shipment.hold_id);
  if (isBad && !isHeld) await placeHold(scope, shipment, report);
  else if (mayEnd && isHeld) await endHold(scope, shipment);
}

async function placeHold(scope: ActionScope, { id, order_id, number }: ShipmentRow, report: Report): Promise<void> {
  const words = report.status.toLowerCase().replaceAll('_', ' ');
  const said = report.description === null ? '' : `: ${report.description}`;
  const { holdId } = await holdOrder(scope, {
    orderId: typeId(ORDER_PREFIX, order_id),
    reason: report.status === 'DELIVERY_FAILED' ? HoldReason.ADDRESS : HoldReason.MANUAL,
    note: `Shipment ${number} is ${words}${said}`,
  });
  scope.tx.defer(noteHold(id, holdId));
}

async function endHold(scope: ActionScope, { id, order_id, number, hold_id }: ShipmentRow): Promise<void> {
  scope.tx.defer(noteHold(id, null));
  const [orderId, holdId] = [typeId(ORDER_PREFIX, order_id), typeId(HOLD_PREFIX, hold_id!)];
  await releaseOrder(scope, { orderId, holdId, note: `Shipment ${number} goes on` });
}

/** The order as it is to a parcel that has left already: what keeps others back is no reason to deny that. */
export async function asSent({ tx }: ActionScope, order: LockedOrder): Promise<LockedOrder> {
  if (order.open_holds === 0) return order;
  const { holds } = (await tx.one(selectTroubleHolds(order.id)))!;
  return { ...order, open_holds: order.open_holds - holds };
}
