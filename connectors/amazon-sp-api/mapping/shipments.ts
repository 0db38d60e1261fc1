import type { Change, StatedShipment } from '#connect';
import type { Settings } from '../settings.js';
import type { Order, Pack } from '../wire.js';
import { textOf } from './items.js';

/** Ends the id of what Amazon sends without telling its parcels. */
const BY_AMAZON = '/amazon/';

/** What Amazon sent itself; what the seller sends is the hub's own to tell. */
export function shipmentChanges(order: Order, settings: Settings): Change[] {
  if (order.fulfillment.fulfilledBy !== 'AMAZON') return [];
  const packages = order.packages ?? [];
  const stated = packages.length > 0 ? packages.flatMap((each) => ofPackage(order, each)) : ofItems(order);
  return stated.map((shipment) => ({
    kind: 'shipment',
    shipment: { ...shipment, ...(settings.amazonLocation !== undefined && { location: settings.amazonLocation }) },
  }));
}

export function isAmazons(externalId: string): boolean {
  return externalId.includes(BY_AMAZON);
}

export function packageId(orderId: string, reference: string): string {
  return `${orderId}/${reference}`;
}

/**
 * Of its own parcels Amazon tells only how much of each item has left. A shipment of the hub is what was in it when it was
 * made, so an item is one, once all of it that will be sent has left.
 */
function ofItems({ orderId, lastUpdatedTime, orderItems, fulfillment }: Order): StatedShipment[] {
  return orderItems.flatMap(({ orderItemId, fulfillment: progress }) => {
    const { quantityFulfilled: sent, quantityUnfulfilled: left } = progress ?? {};
    if (sent == null || sent === '0' || (left != null && left !== '0')) return [];
    return [
      {
        externalId: `${orderId}${BY_AMAZON}${orderItemId}`,
        sourceVersion: lastUpdatedTime,
        orderExternalId: orderId,
        status: 'SHIPPED' as const,
        carrier: 'Amazon',
        service: textOf(fulfillment.fulfillmentServiceLevel),
        at: lastUpdatedTime,
        lines: [{ lineExternalId: orderItemId, quantity: sent }],
      },
    ];
  });
}

const BY_STATUS: Readonly<Record<NonNullable<Pack['packageStatus']>['status'], StatedShipment['status']>> = {
  PENDING: 'PACKED',
  SHIPPED: 'SHIPPED',
  IN_TRANSIT: 'IN_TRANSIT',
  DELIVERED: 'DELIVERED',
  CANCELLED: 'CANCELED',
  UNDELIVERABLE: 'DELIVERY_FAILED',
};
/** What says more than the status does; other details say no more. */
const BY_DETAIL: Readonly<Record<string, StatedShipment['status']>> = {
  OUT_FOR_DELIVERY: 'OUT_FOR_DELIVERY',
  REJECTED_BY_BUYER: 'DELIVERY_FAILED',
  RETURNED_TO_SELLER: 'RETURNED_TO_SENDER',
  LOST: 'LOST',
  DAMAGED: 'EXCEPTION',
};

function ofPackage({ orderId, lastUpdatedTime }: Order, pack: Pack): StatedShipment[] {
  const items = pack.packageItems ?? [];
  if (items.length === 0) return [];
  const { status, detailedStatus } = pack.packageStatus ?? { status: 'SHIPPED' as const };
  return [
    {
      externalId: `${orderId}${BY_AMAZON}package-${pack.packageReferenceId}`,
      sourceVersion: lastUpdatedTime,
      orderExternalId: orderId,
      status: BY_DETAIL[detailedStatus ?? ''] ?? BY_STATUS[status],
      carrier: textOf(pack.carrier),
      service: textOf(pack.shippingService),
      trackingNumber: textOf(pack.trackingNumber),
      at: status === 'SHIPPED' ? (pack.shipTime ?? lastUpdatedTime) : lastUpdatedTime,
      lines: items.map(({ orderItemId, quantity }) => ({ lineExternalId: orderItemId, quantity })),
    },
  ];
}
