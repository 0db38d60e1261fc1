import { exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { moneyOfMinor } from '../../shared/money.js';
import type { QuoteLineRow } from './quote-line.type.js';
import { RecurrenceInterval, type RecurrenceInput, type RecurringTotalType } from './recurrence.type.js';

const MOST_TERMS = 1_200;

interface LineTerms {
  discountRate?: string | null;
  recurrence?: RecurrenceInput | null;
}

/** What can be said of discounts and recurrences before anything is read. */
export function checkTerms(lines: LineTerms[], refusals: Refusals): void {
  lines.forEach(({ discountRate, recurrence }, index) => {
    const field = ['lines', String(index)];
    const rate = exact(discountRate ?? '0');
    if (rate.isNegative() || rate.greaterThan(1) || rate.decimalPlaces() > 6) {
      const message = `discountRate: expected a fraction from 0 to 1 with at most six digits, got ${discountRate}`;
      refusals.add('INVALID', message, [...field, 'discountRate']);
    }
    const terms = recurrence?.termCount ?? 1;
    if (terms < 1 || terms > MOST_TERMS) {
      const message = `termCount: expected 1 to ${MOST_TERMS}, got ${terms}`;
      refusals.add('INVALID', message, [...field, 'recurrence', 'termCount']);
    }
  });
}

/** What recurring lines come to each period, the shorter periods first. */
export function recurringTotals(lines: QuoteLineRow[]): RecurringTotalType[] {
  return Object.values(RecurrenceInterval).flatMap((interval) => {
    const own = lines.filter((line) => line.recurrence_interval === interval);
    const minor = own.reduce((sum, line) => sum + BigInt(line.total_minor), 0n);
    return own.length === 0 ? [] : [{ interval, total: moneyOfMinor(minor.toString(), own[0]!.currency) }];
  });
}
