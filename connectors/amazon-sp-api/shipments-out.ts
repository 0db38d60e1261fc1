import { createHash } from 'node:crypto';
import {
  ConnectorFailure,
  exact,
  readWire,
  rejected,
  type ConnectorHttp,
  type OutgoingShipment,
  type PushDefinition,
  type Sent,
} from '#connect';
import { confirmShipment, getOrder } from './client.js';
import { isAmazons, packageId } from './mapping/shipments.js';
import type { Credentials, Settings } from './settings.js';
import { orderShape, type Order } from './wire.js';

/** Before it has left there is nothing to confirm. */
const NOT_YET = new Set(['PENDING', 'PICKING', 'PACKED']);
const NEEDED = ['FULFILLMENT', 'PACKAGES'];

/** Parcels that the hub sends for orders of the marketplace. */
export const shipments: PushDefinition<Settings, Credentials, 'shipment'> = {
  of: 'shipment',
  most: 10,

  concerns: ({ order, status, externalId }) =>
    order.externalId !== null && !NOT_YET.has(status) && (externalId === null || !isAmazons(externalId)),

  async send({ http, settings }, batch) {
    const outcomes: (Sent | ConnectorFailure)[] = [];
    for (const { record } of batch) {
      try {
        outcomes.push(await tell(http, settings, record));
      } catch (error) {
        if (!(error instanceof ConnectorFailure)) throw error;
        outcomes.push(error);
      }
    }
    return outcomes;
  },
};

async function tell(http: ConnectorHttp, settings: Settings, shipment: OutgoingShipment): Promise<Sent> {
  const orderId = shipment.order.externalId!;
  const raw = await getOrder(http, orderId, NEEDED);
  if (!raw) throw rejected(`shipment ${shipment.number}: Amazon has no order ${orderId}`);
  const order = readWire(orderShape, raw);
  if (order.fulfillment.fulfilledBy === 'AMAZON') {
    throw rejected(`shipment ${shipment.number}: Amazon sends order ${orderId} itself and takes no confirmation`);
  }
  const reference = referenceOf(shipment.hubId);
  const there = (order.packages ?? []).find(({ packageReferenceId }) => packageReferenceId === reference);
  if (shipment.status === 'CANCELED') {
    if (!there) return { externalId: null };
    throw rejected(`shipment ${shipment.number}: a confirmation cannot be taken back at Amazon`);
  }
  const detail = detailOf(shipment, settings, reference);
  // A confirmation that came through without its answer is known by the reference: the same again is not sent.
  if (!there || !isSame(there, detail)) {
    await confirmShipment(http, orderId, { marketplaceId: marketplaceOf(order), packageDetail: detail });
  }
  return { externalId: packageId(orderId, reference) };
}

/** Amazon takes digits only, unique within the order; lasting, so that the same parcel is the same package. */
export function referenceOf(hubId: string): string {
  const digest = createHash('sha256').update(hubId).digest();
  return String((digest.readUInt32BE(0) >>> 1) + 1);
}

function detailOf(shipment: OutgoingShipment, settings: Settings, packageReferenceId: string) {
  const { number, carrier, service, trackingNumber, shippedAt, lines } = shipment;
  if (trackingNumber === null)
    throw rejected(`shipment ${number}: expected a tracking number, Amazon takes none without`);
  if (shippedAt === null) throw rejected(`shipment ${number}: expected when it left, got nothing`);
  const carrierCode = carrier === null ? undefined : settings.carriers?.[carrier];
  return {
    packageReferenceId,
    carrierCode: carrierCode ?? 'Other',
    ...(carrierCode === undefined && { carrierName: carrier ?? 'Other' }),
    ...(service !== null && { shippingMethod: service }),
    trackingNumber,
    shipDate: shippedAt.toISOString(),
    orderItems: lines
      .filter(({ lineExternalId }) => !lineExternalId?.endsWith(':gift-wrap'))
      .map(({ lineExternalId, sku, quantity }) => {
        if (lineExternalId === null) throw rejected(`shipment ${number}: Amazon did not order "${sku}"`);
        if (!exact(quantity).isInteger()) throw rejected(`shipment ${number}: expected whole pieces, got ${quantity}`);
        return { orderItemId: lineExternalId, quantity: exact(quantity).toNumber() };
      }),
  };
}
type Detail = ReturnType<typeof detailOf>;

function isSame(there: NonNullable<Order['packages']>[number], detail: Detail): boolean {
  const byId = (items: { orderItemId: string; quantity: string | number }[]) =>
    items
      .map(({ orderItemId, quantity }) => `${orderItemId} ${quantity}`)
      .sort()
      .join();
  return (
    there.trackingNumber === detail.trackingNumber &&
    [detail.carrierCode, detail.carrierName].includes(there.carrier ?? '') &&
    byId(there.packageItems ?? []) === byId(detail.orderItems)
  );
}

function marketplaceOf({ orderId, salesChannel }: Order): string {
  if (!salesChannel.marketplaceId) throw rejected(`order ${orderId}: expected its marketplace, got none`);
  return salesChannel.marketplaceId;
}
