import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { idOf, typeId } from '../../../shared/ids.js';
import { isPreparing, SHIPMENT_PREFIX, updateShipment } from '../../fulfillment/index.js';
import { refuseOnHold, refuseUncovered } from '../../orders/index.js';
import { insertLabel } from '../label.queries.js';
import { isStanding, nextTry } from '../label.rules.js';
import { tellLabel } from '../label-events.js';
import { MANUAL } from '../provider.js';
import { selectOffers, selectOffersOfShipments, type OfferRow } from '../rating.queries.js';
import { OFFER_PREFIX } from '../shipping.type.js';
import type { BuyLabelInput } from '../shipping-input.type.js';
import { lockShipmentForAction } from './lock-shipment.js';

type Input = Omit<BuyLabelInput, 'idempotencyKey'>;

/**
 * Takes an offer for a shipment, or the one that the rules have chosen. Of a provider that is asked over the network no
 * more is written than that a label is asked for: `carryOutLabel` buys it behind the transaction. An offer of one’s own
 * prices asks nobody, and is settled here.
 */
export async function buyLabel(scope: ActionScope, input: Input): Promise<{ shipmentId: string; labelId: string }> {
  const { order, shipment, label } = await lockShipmentForAction(scope, input);
  const { number } = shipment;
  if (!isPreparing(shipment.status))
    throw refuse('CONFLICT', `shipment ${number} is ${shipment.status}: its label would come too late`, ['shipmentId']);
  if (label && isStanding(label.status))
    throw refuse('CONFLICT', `shipment ${number} has a label that is ${label.status}: cancel it first`, ['shipmentId']);
  refuseOnHold(order);
  refuseUncovered(order);
  const offer = await offerOf(scope, input, shipment);
  if (offer.asked !== null && label?.status === 'CANCELED' && label.asked === offer.asked)
    throw refuse('CONFLICT', `the offers of shipment ${number} are used up: rate it again`, ['offerId']);
  const { tx, now } = scope;
  const isOwn = offer.provider === MANUAL;
  const labelId = await tx.ids.one();
  const [at, next] = [now.toISOString(), nextTry(now, 0).toISOString()];
  const status = isOwn ? 'BOUGHT' : 'REQUESTED';
  tx.defer(insertLabel(labelId, shipment.id, offer.id, status, next, at, isOwn ? at : null));
  await tellLabel(scope, order, number, { label: offer, status, words: isOwn ? 'is to be made' : 'is asked for' });
  if (!isOwn) return { shipmentId: shipment.id, labelId };
  await tx.flush();
  const { carrier, service } = offer;
  await updateShipment(scope, { shipmentId: typeId(SHIPMENT_PREFIX, shipment.id), carrier, service });
  return { shipmentId: shipment.id, labelId };
}

async function offerOf(
  { tx }: ActionScope,
  { offerId }: Input,
  shipment: { id: string; number: string },
): Promise<OfferRow> {
  if (offerId != null) {
    const id = idOf(OFFER_PREFIX, offerId);
    const offer = id === null ? undefined : await tx.one(selectOffers([id]));
    if (offer?.shipment_id === shipment.id) return offer;
    throw refuse('NOT_FOUND', `shipment ${shipment.number} has no offer ${offerId}`, ['offerId']);
  }
  const offers = await tx.query(selectOffersOfShipments([shipment.id]));
  const chosen = offers.find((offer) => offer.is_chosen);
  if (chosen) return chosen;
  const reason = offers.length === 0 ? 'has no offers: rate it first' : 'has no offer that the rules leave';
  throw refuse('REQUIRED', `offerId: shipment ${shipment.number} ${reason}`, ['offerId']);
}
