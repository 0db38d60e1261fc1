import { ConnectorFailure, readWire, show, type Change, type StatedShipment } from '#connect';
import { hubLocation, type Settings } from '../settings.js';
import { fulfillmentShape, type Fulfillment } from '../wire/shipments.js';
import { textOf } from './people.js';

type Status = StatedShipment['status'];

const BY_STATUS: Readonly<Record<Fulfillment['status'], Status | null>> = {
  pending: 'PENDING',
  open: 'PICKING',
  success: 'SHIPPED',
  cancelled: 'CANCELED',
  // A third party was asked to send it and could not: nothing has left.
  error: null,
  failure: null,
};
/** Of what was sent, where it is; in the words of webhooks and of GraphQL. Others say no more than that it was sent. */
const UNDERWAY: Readonly<Record<string, Status>> = {
  in_transit: 'IN_TRANSIT',
  carrier_picked_up: 'IN_TRANSIT',
  delayed: 'IN_TRANSIT',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  delivered: 'DELIVERED',
  picked_up: 'DELIVERED',
  attempted_delivery: 'EXCEPTION',
  failure: 'DELIVERY_FAILED',
  not_delivered: 'DELIVERY_FAILED',
};
const JUST_SENT = new Set([
  'confirmed',
  'fulfilled',
  'marked_as_fulfilled',
  'submitted',
  'label_printed',
  'label_purchased',
  'label_voided',
  'ready_for_pickup',
  'canceled',
]);

export function fulfillmentChanges(payload: unknown, { settings }: { settings: Settings }): Change[] {
  return shipmentChanges(readWire(fulfillmentShape, payload), settings);
}

export function shipmentChanges(fulfillment: Fulfillment, settings: Settings): Change[] {
  const status = statusOf(fulfillment);
  if (status === null || fulfillment.line_items.length === 0) return [];
  const location = fulfillment.location_id ? hubLocation(settings, fulfillment.location_id) : undefined;
  const shipment: StatedShipment = {
    externalId: fulfillment.id,
    sourceVersion: fulfillment.updated_at,
    orderExternalId: fulfillment.order_id,
    status,
    ...(location !== undefined && { location }),
    carrier: textOf(fulfillment.tracking_company),
    trackingNumber: textOf(fulfillment.tracking_number),
    trackingUrl: textOf(fulfillment.tracking_url),
    at: status === 'SHIPPED' ? fulfillment.created_at : fulfillment.updated_at,
    stockLeftAt: fulfillment.created_at,
    lines: fulfillment.line_items.map(({ id, sku, quantity }) => ({
      lineExternalId: id,
      ...(textOf(sku) && { sku: textOf(sku) }),
      quantity,
    })),
  };
  return [{ kind: 'shipment', shipment }];
}

function statusOf({ status, shipment_status: where }: Fulfillment): Status | null {
  const word = textOf(where);
  if (status !== 'success' || word === undefined || JUST_SENT.has(word)) return BY_STATUS[status];
  const underway = UNDERWAY[word];
  if (underway) return underway;
  const words = [...Object.keys(UNDERWAY), ...JUST_SENT].join(', ');
  throw new ConnectorFailure('unexpected_shape', `shipment_status: expected one of ${words}, got ${show(where)}`);
}
