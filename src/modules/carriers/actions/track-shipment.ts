import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { carrierProviders } from '../provider.js';
import type { TrackShipmentInput } from '../shipping-input.type.js';
import { lookNow, selectWatch, watchShipment } from '../watch.queries.js';
import { lockShipmentForAction } from './lock-shipment.js';

type Input = Omit<TrackShipmentInput, 'idempotencyKey'>;

/**
 * Has a shipment followed from now on, by its label or by the number that it was given. The carrier is asked behind the
 * transaction, by `followShipment`.
 */
export async function trackShipment(scope: ActionScope, input: Input): Promise<{ shipmentId: string }> {
  const { shipment } = await lockShipmentForAction(scope, input);
  const { id, number, tracking_number: trackingNumber } = shipment;
  const at = scope.now.toISOString();
  if (await scope.tx.one(selectWatch(id))) {
    scope.tx.defer(lookNow(id, at));
    return { shipmentId: id };
  }
  if (trackingNumber === null)
    throw refuse('CONFLICT', `shipment ${number} has no number of a carrier: nobody can say where it is`, [
      'shipmentId',
    ]);
  const [code] = [...scope.service(carrierProviders).keys()];
  if (code === undefined) throw refuse('CONFLICT', 'the hub asks no carrier where its shipments are', ['shipmentId']);
  scope.tx.defer(watchShipment(id, code, null, at, at));
  return { shipmentId: id };
}
