import type { ActionScope } from '../../../graph/mutation.js';
import { refuse, Refusals } from '../../../shared/failures.js';
import { idOf } from '../../../shared/ids.js';
import { isPreparing, SHIPMENT_PREFIX } from '../../fulfillment/index.js';
import { parcelOf } from '../parcel.rules.js';
import { insertRating, selectRatedShipment } from '../rating.queries.js';
import type { RateShipmentInput } from '../shipping-input.type.js';

type Input = Omit<RateShipmentInput, 'idempotencyKey'>;

/**
 * Asks what a shipment that is being prepared would cost. No more than the question is written: carriers are asked behind
 * the transaction, by `carryOutRating`.
 */
export async function rateShipment(
  { tx, now }: ActionScope,
  input: Input,
): Promise<{ shipmentId: string; ratingId: string }> {
  const id = idOf(SHIPMENT_PREFIX, input.shipmentId);
  const shipment = id === null ? undefined : await tx.one(selectRatedShipment(id));
  if (!shipment) throw refuse('NOT_FOUND', `no shipment has the id ${input.shipmentId}`, ['shipmentId']);
  const { number, status } = shipment;
  if (!isPreparing(status))
    throw refuse('CONFLICT', `shipment ${number} is ${status}: how it leaves is decided`, ['shipmentId']);
  const refusals = new Refusals();
  const parcel = parcelOf(shipment.content_grams, { ...shipment.sides, ...input.parcel }, refusals);
  if (!shipment.to_address)
    refusals.add('REQUIRED', `the order of shipment ${number} has no shipping address`, ['shipmentId']);
  refusals.throwIfAny();
  const ratingId = await tx.ids.one();
  tx.defer(insertRating(ratingId, id, JSON.stringify(parcel), now.toISOString()));
  return { shipmentId: id!, ratingId };
}
