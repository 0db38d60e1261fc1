import { decimalText, exact, minorOfQuantity, moneyOfMinor, rejected, show, type StatedQuoteLine } from '#connect';
import type { Bundle } from './bundles.js';
import type { Settings } from './settings.js';
import { amountAt, flagAt, idAt, textAt, type SalesforceRecord } from './wire.js';

const RATE_DIGITS = 6;
const EXTRA_DIGITS = 6;
type Recurrence = NonNullable<StatedQuoteLine['recurrence']>;

const FREQUENCIES: Readonly<Record<string, { interval: Recurrence['interval']; months: number }>> = {
  Monthly: { interval: 'MONTH', months: 1 },
  Quarterly: { interval: 'QUARTER', months: 3 },
  Annual: { interval: 'YEAR', months: 12 },
};

/** The lines that are sold: an option that was only shown is none, nor is what is required by it. */
export function linesOf({ quote, lines }: Bundle, known: { settings: Settings; currency: string }): StatedQuoteLine[] {
  const byId = new Map(lines.map((line) => [line.Id, line]));
  const isSold = (line: SalesforceRecord, depth = 0): boolean => {
    if (depth > lines.length)
      throw rejected(`quote line ${line.Id}: SBQQ__RequiredBy__c: expected an end, got a circle`);
    const owner = byId.get(idAt(line, 'SBQQ__RequiredBy__c') ?? '');
    return !flagAt(line, 'SBQQ__Optional__c') && (owner === undefined || isSold(owner, depth + 1));
  };
  return lines.filter((line) => isSold(line)).map((line) => lineOf(line, { ...known, quote, byId }));
}

interface Known {
  settings: Settings;
  currency: string;
  quote: SalesforceRecord;
  byId: ReadonlyMap<string, SalesforceRecord>;
}

function lineOf(line: SalesforceRecord, known: Known): StatedQuoteLine {
  const { settings, byId } = known;
  const quantity = amountAt(line, 'SBQQ__Quantity__c');
  if (quantity === null || !exact(quantity).greaterThan(0)) {
    throw rejected(`quote line ${line.Id}: SBQQ__Quantity__c: expected more than zero, got ${show(quantity)}`);
  }
  const recurrence = recurrenceOf(line, known);
  const owner = idAt(line, 'SBQQ__RequiredBy__c');
  const description = textAt(line, 'SBQQ__Product__r.Name');
  return {
    externalId: line.Id,
    sku: skuOf(line, settings),
    ...(description !== null && { description }),
    quantity: decimalText(quantity),
    ...priceOf(line, { quantity, currency: known.currency, recurrence }),
    ...(recurrence && { recurrence }),
    ...(owner !== null && byId.has(owner) && { partOfLine: owner }),
  };
}

function skuOf(line: SalesforceRecord, { skuField }: Settings): string {
  const sku = textAt(line, `SBQQ__Product__r.${skuField}`);
  const product = idAt(line, 'SBQQ__Product__c');
  return sku ?? (product === null ? `salesforce:line:${line.Id}` : `salesforce:product:${product}`);
}

/**
 * What the line’s total comes to per unit: the total is what is paid, whatever steps of discounts, proration and blocks
 * led there. As the list price and a rate where that says the same exactly.
 */
function priceOf(
  line: SalesforceRecord,
  { quantity, currency, recurrence }: { quantity: string; currency: string; recurrence: Recurrence | undefined },
): Pick<StatedQuoteLine, 'unitPrice' | 'discountRate'> {
  const total = amountAt(line, 'SBQQ__NetTotal__c');
  if (total === null || exact(total).isNegative()) {
    throw rejected(`quote line ${line.Id}: SBQQ__NetTotal__c: expected an amount of at least zero, got ${show(total)}`);
  }
  const digits = digitsOf(currency) + EXTRA_DIGITS;
  const unit = netUnitOf(line, { total, quantity, currency, digits });
  // The kit’s arithmetic is exact to far more digits than these.
  if (recurrence) return { unitPrice: exact(unit).dividedBy(recurrence.termCount).toDecimalPlaces(digits).toFixed() };
  const list = amountAt(line, 'SBQQ__ListPrice__c');
  if (list === null || !exact(list).greaterThan(exact(unit))) return { unitPrice: unit };
  const rate = exact('1').minus(exact(unit).dividedBy(exact(list)));
  const isExact = rate.decimalPlaces() <= RATE_DIGITS && exact(list).decimalPlaces() <= digits;
  return isExact ? { unitPrice: decimalText(list), discountRate: rate.toFixed() } : { unitPrice: unit };
}

function netUnitOf(
  line: SalesforceRecord,
  { total, quantity, currency, digits }: { total: string; quantity: string; currency: string; digits: number },
): string {
  const unit = exact(total).dividedBy(exact(quantity));
  if (unit.decimalPlaces() <= digits) return unit.toFixed();
  // Three for 10.00 come to no price of one: a rounded one may still come to the total.
  const [stated, sum] = [amountAt(line, 'SBQQ__NetPrice__c'), minorOfQuantity(total, '1', currency)];
  const rounded = [...(stated === null ? [] : [exact(stated)]), unit].map((each) =>
    each.toDecimalPlaces(digits).toFixed(),
  );
  const fitting = rounded.find((each) => minorOfQuantity(each, quantity, currency) === sum);
  if (fitting !== undefined) return fitting;
  throw rejected(`quote line ${line.Id}: SBQQ__NetTotal__c: expected a multiple of a unit price, got ${total}`);
}

function recurrenceOf(line: SalesforceRecord, { quote }: Known): Recurrence | undefined {
  const charge = textAt(line, 'SBQQ__ChargeType__c');
  if (charge === null || charge === 'One-Time') return undefined;
  if (charge !== 'Recurring') {
    throw rejected(`quote line ${line.Id}: SBQQ__ChargeType__c: expected One-Time or Recurring, got ${show(charge)}`);
  }
  const frequency = textAt(line, 'SBQQ__BillingFrequency__c') ?? 'Monthly';
  const known = Object.hasOwn(FREQUENCIES, frequency) ? FREQUENCIES[frequency] : undefined;
  if (!known) {
    const expected = Object.keys(FREQUENCIES).join(', ');
    throw rejected(
      `quote line ${line.Id}: SBQQ__BillingFrequency__c: expected one of ${expected}, got ${show(frequency)}`,
    );
  }
  const term = amountAt(quote, 'SBQQ__SubscriptionTerm__c');
  const months = term !== null && /^[1-9]\d{0,3}$/.test(term) ? Number(term) : null;
  if (months === null || months % known.months !== 0) {
    throw rejected(
      `quote line ${line.Id}: SBQQ__SubscriptionTerm__c: expected whole periods, ${frequency}, got ${show(term)}`,
    );
  }
  return { interval: known.interval, termCount: months / known.months };
}

function digitsOf(currency: string): number {
  return (moneyOfMinor('0', currency).amount.split('.')[1] ?? '').length;
}
