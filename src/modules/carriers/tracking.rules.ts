import type { ShipmentStatus } from '../fulfillment/index.js';

const ENDED: readonly ShipmentStatus[] = ['DELIVERED', 'RETURNED_TO_SENDER', 'LOST', 'CANCELED'];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No carrier is that slow: whoever expects a parcel after that has other worries. */
const LONGEST_WATCH_MS = 60 * DAY_MS;
const FIRST_PAUSE_MS = 5 * 60_000;

/** When a parcel is looked at again that nobody tells anything of; null where nothing more is expected. */
export function nextLook(status: ShipmentStatus, watchedSince: Date, now: Date): Date | null {
  if (ENDED.includes(status) || now.getTime() - watchedSince.getTime() > LONGEST_WATCH_MS) return null;
  return new Date(now.getTime() + (status === 'OUT_FOR_DELIVERY' ? HOUR_MS : 4 * HOUR_MS));
}

/** When a carrier is asked again that has not answered. */
export function lookAgain(now: Date, tries: number): Date {
  return new Date(now.getTime() + Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries, 10), 6 * HOUR_MS));
}
