import type { LabelStatus } from './label.queries.js';

/** A label that is there, or may be: a shipment has one of them at a time. */
export function isStanding(status: LabelStatus): boolean {
  return status === 'REQUESTED' || status === 'BOUGHT' || status === 'CANCELING';
}

/** Its provider has been asked for something and the answer is not known. */
export function isUnderWay(status: LabelStatus): boolean {
  return status === 'REQUESTED' || status === 'CANCELING';
}

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** When a call is made again that nobody knows the outcome of; longer than its calls may take together. */
export function nextTry(now: Date, tries: number): Date {
  return new Date(now.getTime() + Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tries, 10), LONGEST_PAUSE_MS));
}
