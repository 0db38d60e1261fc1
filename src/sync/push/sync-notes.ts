import { ORDER_PREFIX, type SyncNote } from '../../modules/orders/index.js';
import { idOf } from '../../shared/ids.js';
import type { OutgoingOrder, OutgoingQuote, OutgoingShipment } from '../../shared/outgoing/index.js';
import type { Settled } from './outcomes.js';
import type { OpenStream } from './told-stream.js';

/** What orders' timelines say of records that a system was told of: of orders, and of what belongs to them. */
export function syncNotes({ push, connection }: OpenStream, sent: readonly Settled[]): SyncNote[] {
  return sent.flatMap(({ item, sent: outcome }) => {
    const { snapshot } = item;
    const note = (hubId: string, what: string): SyncNote => ({
      orderId: idOf(ORDER_PREFIX, hubId)!,
      message: `${what} sent to ${connection.name}`,
      data: {
        integration: connection.code,
        externalId: outcome!.externalId ?? snapshot!.externalId,
        version: snapshot!.version,
      },
    });
    switch (push.of) {
      case 'order': {
        const order = snapshot as OutgoingOrder;
        return [note(order.hubId, `Order ${order.number}`)];
      }
      case 'shipment': {
        const { order, number } = snapshot as OutgoingShipment;
        return [note(order.hubId, `Shipment ${number}`)];
      }
      case 'quote': {
        const { orders, number } = snapshot as OutgoingQuote;
        return orders.map((order) => note(order.hubId, `Quote ${number} with this order`));
      }
      default:
        return [];
    }
  });
}
