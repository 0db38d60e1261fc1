import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { ServiceKey } from '../../../graph/context.js';

/** What a link is about: one shipment, or an order with all of its shipments. */
export interface Tracked {
  kind: 'shipment' | 'order';
  id: string;
}
/** Links by which a customer follows a parcel without a login. They hold as long as the hub’s secret key does. */
export interface TrackingLinks {
  urlOf(tracked: Tracked): string;
  /** Null where the hub has not made the token. */
  read(token: string): Tracked | null;
}
export const trackingLinks: ServiceKey<TrackingLinks> = { name: 'tracking-links' };
export const TRACKING_PATH = '/track/';

const KINDS = { s: 'shipment', o: 'order' } as const;
const TOKEN = /^([so])([0-9a-z]{1,13})-([\w-]{22})$/;
const SIGNATURE_BYTES = 16;
const NONE = '-'.repeat(22);

export function trackingLinksOf(secretKey: string, publicUrl: () => string): TrackingLinks {
  const key = Buffer.from(hkdfSync('sha256', secretKey, 'commerce-hub', 'tracking links', 32));
  const sign = (name: string) =>
    createHmac('sha256', key).update(name).digest().subarray(0, SIGNATURE_BYTES).toString('base64url');
  return {
    urlOf({ kind, id }) {
      const name = `${kind[0]}${BigInt(id).toString(36)}`;
      return `${publicUrl()}${TRACKING_PATH}${name}-${sign(name)}`;
    },
    read(token) {
      const [, kind = '', digits = '', signature = NONE] = TOKEN.exec(token) ?? [];
      // Compared as text: several texts are the same bytes.
      const isOurs = timingSafeEqual(Buffer.from(sign(`${kind}${digits}`)), Buffer.from(signature));
      return isOurs && digits !== '' ? { kind: KINDS[kind as 's' | 'o'], id: idOfDigits(digits) } : null;
    },
  };
}

function idOfDigits(digits: string): string {
  return [...digits].reduce((id, digit) => id * 36n + BigInt(Number.parseInt(digit, 36)), 0n).toString();
}
