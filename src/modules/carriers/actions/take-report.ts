import type { ActionScope } from '../../../graph/mutation.js';
import { typeId } from '../../../shared/ids.js';
import { isPreparing, SHIPMENT_PREFIX, updateShipment } from '../../fulfillment/index.js';
import type { CarrierReport } from '../provider.js';
import { selectWatch, type WatchRow } from '../watch.queries.js';
import { lockShipmentForAction } from './lock-shipment.js';

/**
 * Takes what a carrier reports of a shipment that is followed. A parcel that the carrier has is SHIPPED first. Throws a
 * Refusal where the goods must not have left, for a hold say; what is late or comes again moves nothing.
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
}
