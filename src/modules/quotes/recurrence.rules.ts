import type { RecurrenceInterval } from './recurrence.type.js';

/** How many months a period has. */
export const MONTHS: Readonly<Record<`${RecurrenceInterval}`, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/**
 * When the period begins that follows so many others: counted from the first one, by the UTC calendar and at the same
 * time of day. Where the month has no such day, on its last: what begins on 31 January is due on 28 February, and on
 * 31 March again.
 */
export function dueAfter(start: Date, interval: `${RecurrenceInterval}`, periods: number): Date {
  const months = start.getUTCMonth() + MONTHS[interval] * periods;
  const due = new Date(start);
  // Day 0 of the month behind is the last one.
  due.setUTCFullYear(start.getUTCFullYear(), months + 1, 0);
  if (due.getUTCDate() > start.getUTCDate()) due.setUTCDate(start.getUTCDate());
  return due;
}

/** When the period behind the first is due, and how many there are from then on; null and 0 behind the last. */
export function whatFollows(
  start: Date,
  interval: `${RecurrenceInterval}`,
  termCount: number,
): { nextDueAt: Date | null; remainingTerms: number } {
  const remainingTerms = termCount - 1;
  return { nextDueAt: remainingTerms > 0 ? dueAfter(start, interval, 1) : null, remainingTerms };
}
