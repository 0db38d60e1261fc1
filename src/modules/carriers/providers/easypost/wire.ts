import { parseInstant } from '../../../../shared/clock.js';
import { isCurrency, minorOfAmount } from '../../../../shared/money.js';
import { isDecimalText } from '../../../../shared/decimal.js';
import type { ShipmentStatus } from '../../../fulfillment/index.js';
import type { BoughtLabel, CarrierReport, Quoted, Tracked } from '../../provider.js';

export interface WireShipment {
  id: string;
  rates: Quoted[];
  label: BoughtLabel | null;
  refundStatus: string | null;
}

/**
 * What the vendor’s words are to a shipment (https://docs.easypost.com/docs/trackers). Those that are missing tell nothing of
 * a parcel that has left: it is announced, nobody knows, or the label was given back.
 */
const STATUS: Readonly<Record<string, ShipmentStatus>> = {
  in_transit: 'IN_TRANSIT',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  available_for_pickup: 'OUT_FOR_DELIVERY',
  delivered: 'DELIVERED',
  return_to_sender: 'RETURNED_TO_SENDER',
  failure: 'DELIVERY_FAILED',
};
/** And where the detail says more than the status does of a parcel on its way. */
const DETAIL: Readonly<Record<string, ShipmentStatus>> = {
  address_correction: 'EXCEPTION',
  awaiting_information: 'EXCEPTION',
  damaged: 'EXCEPTION',
  delivery_exception: 'EXCEPTION',
  transit_exception: 'EXCEPTION',
  lost: 'LOST',
  refused: 'DELIVERY_FAILED',
};

/** Throws where the answer is not of the shape that is expected. */
export function readShipment(value: unknown): WireShipment {
  const shipment = record(value, 'the shipment');
  const id = text(shipment.id, 'shipment.id');
  const postage = shipment.postage_label == null ? null : record(shipment.postage_label, 'postage_label');
  const tracker = shipment.tracker == null ? null : record(shipment.tracker, 'tracker');
  return {
    id,
    rates: list(shipment.rates, 'rates').map((rate) => readRate(id, record(rate, 'a rate'))),
    label: postage && {
      url: textOrNull(postage.label_url, LONGEST_URL),
      trackingNumber: textOrNull(shipment.tracking_code),
      trackingUrl: textOrNull(tracker?.public_url, LONGEST_URL),
      tracker: textOrNull(tracker?.id),
    },
    refundStatus: textOrNull(shipment.refund_status),
  };
}

function readRate(asked: string, rate: Record<string, unknown>): Quoted {
  const [amount, currency] = [text(rate.rate, 'rate.rate'), text(rate.currency, 'rate.currency')];
  const priceMinor = isDecimalText(amount) && isCurrency(currency) ? minorOfAmount(amount, currency) : null;
  if (priceMinor === null) throw new Error(`rate.rate: expected an amount of ${currency}, got "${amount}"`);
  return {
    asked,
    rate: text(rate.id, 'rate.id'),
    carrier: text(rate.carrier, 'rate.carrier'),
    service: text(rate.service, 'rate.service'),
    priceMinor,
    currency,
    deliveryDays: Number.isInteger(rate.delivery_days) ? (rate.delivery_days as number) : null,
  };
}

/** Throws where the answer is not of the shape that is expected. */
export function readTracker(value: unknown): Tracked {
  const tracker = record(value, 'the tracker');
  const details = list(tracker.tracking_details, 'tracking_details').map((each) => record(each, 'a detail'));
  return { tracker: text(tracker.id, 'tracker.id'), reports: details.flatMap(readDetail) };
}

function readDetail(detail: Record<string, unknown>): CarrierReport[] {
  const named = text(detail.status, 'detail.status');
  const known = STATUS[named];
  const status = known === 'IN_TRANSIT' ? (DETAIL[textOrNull(detail.status_detail) ?? ''] ?? known) : known;
  const at = parseInstant(text(detail.datetime, 'detail.datetime'));
  if (!status || Number.isNaN(at.getTime())) return [];
  const place = detail.tracking_location == null ? {} : record(detail.tracking_location, 'tracking_location');
  const words = [place.city, place.state, place.country]
    .map((word) => textOrNull(word))
    .filter((word) => word !== null);
  return [{ status, at, description: textOrNull(detail.message), place: words.join(', ') || null }];
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (value !== null && typeof value === 'object') return value as Record<string, unknown>;
  throw new Error(`${what}: expected an object, got ${typeof value}`);
}

function list(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${what}: expected a list, got ${typeof value}`);
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`${what}: expected some text, got ${typeof value}`);
}

const LONGEST_URL = 2000;

/** What is kept and shown of the vendor’s words; the database takes no NUL. */
function textOrNull(value: unknown, longest = 500): string | null {
  return typeof value === 'string' && value !== '' ? value.replaceAll('\0', '').slice(0, longest) : null;
}
