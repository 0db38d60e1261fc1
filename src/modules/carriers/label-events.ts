import { appendEvents } from '../../events/append.js';
import type { ActionScope } from '../../graph/mutation.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor } from '../../shared/money.js';
import { SHIPMENT_PREFIX } from '../fulfillment/index.js';
import { countEvents, eventsOf, type LockedOrder } from '../orders/index.js';
import type { LabelRow, LabelStatus } from './label.queries.js';

type ToldLabel = Pick<LabelRow, 'shipment_id' | 'carrier' | 'service' | 'price_minor' | 'currency'>;

interface Told {
  label: ToldLabel;
  status: LabelStatus;
  words: string;
  /** The provider’s, where it has said no. */
  reason?: string | null;
}

/** Writes into the order’s timeline what became of a label; the order is locked, and nothing of it is deferred. */
export async function tellLabel(
  scope: ActionScope,
  order: LockedOrder,
  shipmentNumber: string,
  { label, status, words, reason = null }: Told,
): Promise<void> {
  const { carrier, service, shipment_id: shipmentId } = label;
  const events = eventsOf(order, scope).add({
    type: 'SHIPMENT_UPDATED',
    message: `Shipment ${shipmentNumber}: a label of ${carrier} ${service} ${words}`,
    data: {
      shipment: typeId(SHIPMENT_PREFIX, shipmentId),
      number: shipmentNumber,
      // Not for customers, and so in no message either.
      label: { carrier, service, status, cost: moneyOfMinor(label.price_minor, label.currency), reason },
    },
  });
  scope.tx.defer(countEvents(order.id, events.count));
  await appendEvents(scope.tx, events.events);
}
