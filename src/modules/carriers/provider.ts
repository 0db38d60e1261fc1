import type { ServiceKey } from '../../graph/context.js';
import type { Address } from '../../graph/values.type.js';
import type { ShipmentStatus } from '../fulfillment/index.js';
import type { Parcel } from './parcel.rules.js';

export interface RatesCall {
  /** Our name of the question. */
  reference: string;
  from: Address;
  to: Address;
  parcel: Parcel;
}
/** What a carrier would take a parcel for. */
export interface Quoted {
  /** The provider's ids of the question and of the offer. */
  asked: string | null;
  rate: string | null;
  carrier: string;
  service: string;
  priceMinor: bigint;
  currency: string;
  deliveryDays: number | null;
}

export interface LabelCall {
  asked: string;
  rate: string;
}
export interface BoughtLabel {
  url: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  /** The provider's id of what it follows. */
  tracker: string | null;
}
export type LabelAnswer =
  | { kind: 'bought'; label: BoughtLabel }
  | { kind: 'canceled' }
  /** It was looked at, and nothing was done. */
  | { kind: 'refused'; reason: string };

export interface TrackCall {
  tracker: string | null;
  trackingNumber: string | null;
  carrier: string | null;
}
export interface CarrierReport {
  status: ShipmentStatus;
  at: Date;
  description: string | null;
  place: string | null;
}
export interface Tracked {
  tracker: string;
  reports: CarrierReport[];
}

/** News of a parcel, with no more than what it takes to ask where it is. */
export interface CarrierNotice {
  id: string;
  tracker: string;
}

/**
 * Who is asked over the network for prices, labels and whereabouts. Called between transactions, never inside one. What a
 * call throws means that nobody knows what became of it: it is made again, and must then have no second effect.
 */
export interface CarrierProvider {
  readonly code: string;
  rates(call: RatesCall): Promise<Quoted[]>;
  /** The same question is sold one label, however often it is asked for. */
  buyLabel(call: LabelCall): Promise<LabelAnswer>;
  cancelLabel(call: LabelCall): Promise<LabelAnswer>;
  track(call: TrackCall): Promise<Tracked>;
  /** What a webhook tells, null where it is about no parcel. Throws where the signature does not fit. */
  notice(body: Buffer, headers: Readonly<Record<string, string | string[] | undefined>>): CarrierNotice | null;
}

/** Those that are asked over the network, by their code. */
export const carrierProviders: ServiceKey<ReadonlyMap<string, CarrierProvider>> = { name: 'carrier-providers' };
/** Prices of one’s own, for carriers that nobody asks. */
export const MANUAL = 'manual';
