import type { GraphServices } from '../../../graph/context.js';
import { idOf } from '../../../shared/ids.js';
import { moneyOfMinor, type Money } from '../../../shared/money.js';
import { oneLine } from '../../../shared/one-line.js';
import { trackingLinks } from '../../carriers/index.js';
import { SHIPMENT_PREFIX } from '../../fulfillment/index.js';
import { selectOrdered, selectPacked, selectParcel, type ClaimedRow } from '../notification.queries.js';
import type { Facts } from '../templates/index.js';

const LONGEST = 200;

/** What the letter may tell, as it is now. */
export async function gatherFacts(hub: GraphServices, row: ClaimedRow): Promise<Facts> {
  const { db } = hub;
  const data = row.event_data ?? {};
  const shipmentId = typeof data.shipment === 'string' ? idOf(SHIPMENT_PREFIX, data.shipment) : null;
  const lines = row.template === 'ORDER_CONFIRMED' ? await db.read(selectOrdered(row.order_id)) : [];
  return {
    language: row.language,
    order: {
      number: row.order_number,
      purchaseOrderNumber: row.purchase_order_number && oneLine(row.purchase_order_number, LONGEST),
      customerName: row.customer_name && oneLine(row.customer_name, LONGEST),
      total: moneyOfMinor(String(row.total_minor), row.currency),
    },
    lines: lines.map(goods),
    shipment: shipmentId === null ? null : await parcel(hub, shipmentId),
    refunded: row.template === 'REFUNDED' ? (data.amount as Money) : null,
    hold:
      row.template === 'HOLD_PLACED'
        ? { reason: String(data.reason), note: typeof data.note === 'string' ? data.note : null }
        : null,
  };
}

function goods({ sku, quantity, description }: Facts['lines'][number]): Facts['lines'][number] {
  return { sku, quantity, description: oneLine(description, LONGEST) };
}

async function parcel({ db, services }: GraphServices, id: string): Promise<Facts['shipment']> {
  const [found, lines] = await Promise.all([db.readOne(selectParcel(id)), db.read(selectPacked(id))]);
  if (!found) return null;
  const { number, status, carrier, tracking_number: trackingNumber, tracking_url: trackingUrl } = found;
  const pageUrl = services.get(trackingLinks).urlOf({ kind: 'shipment', id });
  return { number, status, carrier, trackingNumber, trackingUrl, pageUrl, lines: lines.map(goods) };
}
