import { compareDecimals, exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import type { UpsertTaxRateInput } from './tax-rate.type.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const REGION = /^[A-Z0-9]{1,3}$/;
const CATEGORY = /^\S{1,40}$/;

/** Whether the text is a day of the calendar. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** What can be said of a rate before anything is read. */
export function checkRate(input: Omit<UpsertTaxRateInput, 'idempotencyKey'>, refusals: Refusals): void {
  const { category, region, validFrom, validUntil, name, rate } = input;
  if (!CATEGORY.test(category))
    refusals.add('INVALID', `category: expected 1 to 40 characters without spaces, got "${category}"`, ['category']);
  if (region && !REGION.test(region.toUpperCase()))
    refusals.add('INVALID', `region: expected up to three letters and digits, got "${region}"`, ['region']);
  for (const [field, day] of Object.entries({ validFrom, validUntil }))
    if (day != null && !isDay(day))
      refusals.add('INVALID', `${field}: expected a day as in 2026-01-01, got "${day}"`, [field]);
  if (validUntil != null && validUntil <= validFrom)
    refusals.add('INVALID', `validUntil: expected a day after ${validFrom}, got ${validUntil}`, ['validUntil']);
  if (name === null || name?.trim() === '') refusals.add('INVALID', 'name: expected some text', ['name']);
  if (rate === null) refusals.add('INVALID', 'rate: cannot be emptied', ['rate']);
  else if (rate !== undefined && !isRate(rate))
    refusals.add('INVALID', `rate: expected 0 to 1 with at most six digits, got ${rate}`, ['rate']);
}

function isRate(rate: string): boolean {
  return compareDecimals(rate, '0') >= 0 && compareDecimals(rate, '1') <= 0 && exact(rate).decimalPlaces() <= 6;
}
