import type { ActionScope } from '../../../graph/mutation.js';
import { versionConflict } from '../../../graph/user-errors.js';
import { refuse, Refusal } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import { lockShipment, selectOrderOfShipment, SHIPMENT_PREFIX, type ShipmentRow } from '../../fulfillment/index.js';
import { lockOrderAnd, ORDER_PREFIX, type LockedOrder } from '../../orders/index.js';
import { selectLabelsOfShipments, type LabelRow } from '../label.queries.js';

export interface LockedShipment {
  order: LockedOrder;
  shipment: ShipmentRow;
  /** Its last label. */
  label: LabelRow | undefined;
}

/** Locks the order of a shipment, then the shipment. Throws NOT_FOUND and VERSION_CONFLICT. */
export async function lockShipmentForAction(
  scope: ActionScope,
  input: { shipmentId: string; expectedVersion?: number | null },
): Promise<LockedShipment> {
  const id = idOf(SHIPMENT_PREFIX, input.shipmentId);
  const found = id === null ? undefined : await scope.tx.one(selectOrderOfShipment(id));
  if (!found) throw refuse('NOT_FOUND', `no shipment has the id ${input.shipmentId}`, ['shipmentId']);
  const orderId = typeId(ORDER_PREFIX, found.order_id);
  const { order, rows } = await lockOrderAnd(scope, { orderId }, () => [
    lockShipment(id!),
    selectLabelsOfShipments([id!]),
  ]);
  const [[shipment], [label]] = rows as [[ShipmentRow], LabelRow[]];
  if (input.expectedVersion != null && input.expectedVersion !== shipment.version)
    throw new Refusal([versionConflict(`shipment ${shipment.number}`, input.expectedVersion, shipment.version)]);
  return { order, shipment, label };
}
