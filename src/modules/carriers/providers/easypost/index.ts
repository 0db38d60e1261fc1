import type { Address } from '../../../../graph/values.type.js';
import { exact } from '../../../../shared/decimal.js';
import type { Parcel } from '../../parcel.rules.js';
import type { CarrierProvider, LabelAnswer, LabelCall, RatesCall, TrackCall } from '../../provider.js';
import { clientOf, refusalOf, type EasyPostClient } from './client.js';
import { noticeOf } from './notice.js';
import { readShipment, readTracker, type WireShipment } from './wire.js';

export interface EasyPostSettings {
  apiKey: string;
  /** Several while one replaces another. */
  webhookSecrets: readonly string[];
  /** Another than the vendor's own for tests. */
  url: string;
}

export const EASYPOST = 'easypost';
const GRAMS_OF_AN_OUNCE = '28.349523125';
const MM_OF_AN_INCH = '25.4';
const REFUNDED: readonly unknown[] = ['submitted', 'refunded'];

/**
 * Labels of many carriers. Its API knows no idempotency keys; but one Shipment of it is sold one label, and a rating makes
 * one: buying again answers an error, and the Shipment says what there is.
 */
export function easyPost({ apiKey, webhookSecrets, url }: EasyPostSettings): CarrierProvider {
  const client = clientOf(apiKey, url);
  return {
    code: EASYPOST,
    rates: (call) => rates(client, call),
    buyLabel: (call) => buyLabel(client, call),
    cancelLabel: (call) => cancelLabel(client, call),
    track: (call) => track(client, call),
    notice: (body, headers) => noticeOf(webhookSecrets, body, headers['x-hmac-signature']),
  };
}

async function rates(client: EasyPostClient, { reference, from, to, parcel }: RatesCall) {
  const made = await client.Shipment.create({
    reference,
    from_address: addressOf(from),
    to_address: addressOf(to),
    parcel: parcelIn(parcel),
  });
  return readShipment(made).rates;
}

/** Whatever the call answers, the Shipment has the last word. */
async function buyLabel(client: EasyPostClient, { asked, rate }: LabelCall): Promise<LabelAnswer> {
  const before = await retrieve(client, asked);
  if (REFUNDED.includes(before.refundStatus))
    return { kind: 'refused', reason: 'its label was given back: rate the shipment again' };
  if (before.label) return { kind: 'bought', label: before.label };
  try {
    const { label } = readShipment(await client.Shipment.buy(asked, rate));
    if (label) return { kind: 'bought', label };
    throw new Error(`${asked} was bought and has no label yet`);
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === null) throw error;
    const { label } = await retrieve(client, asked);
    return label ? { kind: 'bought', label } : { kind: 'refused', reason };
  }
}

async function cancelLabel(client: EasyPostClient, { asked }: LabelCall): Promise<LabelAnswer> {
  if (REFUNDED.includes((await retrieve(client, asked)).refundStatus)) return { kind: 'canceled' };
  try {
    const { refundStatus } = readShipment(await client.Shipment.refund(asked));
    if (REFUNDED.includes(refundStatus)) return { kind: 'canceled' };
    return { kind: 'refused', reason: `the refund is ${refundStatus ?? 'not asked for'}` };
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === null) throw error;
    return { kind: 'refused', reason };
  }
}

async function retrieve(client: EasyPostClient, id: string): Promise<WireShipment> {
  return readShipment(await client.Shipment.retrieve(id));
}

/** A tracker of the same number and carrier is not made twice: the vendor answers the one that is there. */
async function track(client: EasyPostClient, { tracker, trackingNumber, carrier }: TrackCall) {
  if (tracker !== null) return readTracker(await client.Tracker.retrieve(tracker));
  return readTracker(
    await client.Tracker.create({ tracking_code: trackingNumber, ...(carrier !== null && { carrier }) }),
  );
}

function addressOf(address: Address): object {
  const { name, company, line1, line2, city, region, postalCode, country, phone } = address;
  return { name, company, street1: line1, street2: line2, city, state: region, zip: postalCode, country, phone };
}

/** In ounces and inches, a tenth rounded up. */
function parcelIn({ weightGrams, lengthMm, widthMm, heightMm }: Parcel): object {
  const weight = tenths(weightGrams, GRAMS_OF_AN_OUNCE);
  if (lengthMm === null || widthMm === null || heightMm === null) return { weight };
  const [length, width, height] = [lengthMm, widthMm, heightMm].map((mm) => tenths(mm, MM_OF_AN_INCH));
  return { weight, length, width, height };
}

function tenths(amount: number, unit: string): number {
  return exact(amount).dividedBy(exact(unit)).times(10).ceil().dividedBy(10).toNumber();
}
