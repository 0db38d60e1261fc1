import type { ServiceKey } from '../../../graph/context.js';
import { signerFor } from '../../../shared/signer.js';

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
  const signer = signerFor(secretKey, 'tracking links', SIGNATURE_BYTES);
  return {
    urlOf({ kind, id }) {
      const name = `${kind[0]}${BigInt(id).toString(36)}`;
      return `${publicUrl()}${TRACKING_PATH}${name}-${signer.sign(name)}`;
    },
    read(token) {
      const [, kind = '', digits = '', signature = NONE] = TOKEN.exec(token) ?? [];
      const isOurs = signer.isSigned(`${kind}${digits}`, signature);
      return isOurs && digits !== '' ? { kind: KINDS[kind as 's' | 'o'], id: idOfDigits(digits) } : null;
    },
  };
}

function idOfDigits(digits: string): string {
  return [...digits].reduce((id, digit) => id * 36n + BigInt(Number.parseInt(digit, 36)), 0n).toString();
}
