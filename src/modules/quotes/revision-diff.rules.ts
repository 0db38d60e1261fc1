import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '../../events/append.js';
import { instantText } from '../../shared/clock.js';
import { decimalText } from '../../shared/decimal.js';
import { typeId } from '../../shared/ids.js';
import { moneyOfMinor, moneyOfUnitPrice } from '../../shared/money.js';
import { CONTACT_PREFIX } from '../customers/index.js';
import { recurrenceOf, type QuoteLineRow } from './quote-line.type.js';
import type { QuoteRow } from './quote.type.js';

export interface WholeQuote {
  quote: QuoteRow;
  lines: readonly QuoteLineRow[];
}

/**
 * What is different from an earlier revision, field by field and by the names of the graph. Lines are the same line where
 * SKU and configuration are, in their order; of those that are left, where the SKU is. `lines.1.quantity` is of this
 * revision's second line; a line that came or went is shown whole, one that went at the place that it had.
 */
export function changesBetween(from: WholeQuote, to: WholeQuote): FieldChange[] {
  const pairs = pairsOf(from.lines, to.lines);
  const gone = from.lines.flatMap((line, place) =>
    [...pairs.values()].includes(place) ? [] : [{ field: `lines.${place}`, from: lineValues(line), to: null }],
  );
  const lines = to.lines.flatMap((line, place) => {
    const before = pairs.get(place);
    if (before === undefined) return [{ field: `lines.${place}`, from: null, to: lineValues(line) }];
    return differences(lineValues(from.lines[before]!), lineValues(line), `lines.${place}.`);
  });
  return [...differences(quoteValues(from.quote), quoteValues(to.quote), ''), ...gone, ...lines];
}

/** The place of each line's counterpart, by the line's own place. */
function pairsOf(from: readonly QuoteLineRow[], to: readonly QuoteLineRow[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const free = new Set(from.keys());
  for (const isSame of [isSameConfigured, isSameSku]) {
    to.forEach((line, place) => {
      if (pairs.has(place)) return;
      const found = [...free].find((before) => isSame(from[before]!, line));
      if (found === undefined) return;
      pairs.set(place, found);
      free.delete(found);
    });
  }
  return pairs;
}

function isSameSku(one: QuoteLineRow, other: QuoteLineRow): boolean {
  return one.sku === other.sku;
}

function isSameConfigured(one: QuoteLineRow, other: QuoteLineRow): boolean {
  return isSameSku(one, other) && isDeepStrictEqual(choicesOf(one), choicesOf(other));
}

function choicesOf({ configuration }: QuoteLineRow) {
  return configuration.map(({ option, choice }) => ({ option, choice }));
}

function differences(from: object, to: object, prefix: string): FieldChange[] {
  const before = new Map<string, unknown>(Object.entries(from));
  return Object.entries(to)
    .map(([field, value]) => ({ field: `${prefix}${field}`, from: before.get(field), to: value as unknown }))
    .filter((change) => !isDeepStrictEqual(change.from, change.to));
}

function quoteValues(quote: QuoteRow) {
  const money = (minor: string) => moneyOfMinor(minor, quote.currency);
  return {
    contact: quote.contact_id === null ? null : typeId(CONTACT_PREFIX, quote.contact_id),
    currency: quote.currency,
    validUntil: instantText(quote.valid_until),
    billingAddress: quote.billing_address,
    shippingAddress: quote.shipping_address,
    subtotal: money(quote.subtotal_minor),
    discountTotal: money(quote.discount_minor),
    shippingMethod: quote.shipping_method,
    shippingTotal: money(quote.shipping_minor),
    taxTotal: money(quote.tax_minor),
    total: money(quote.total_minor),
  };
}

function lineValues(line: QuoteLineRow) {
  return {
    sku: line.sku,
    description: line.description,
    quantity: decimalText(line.quantity),
    unitPrice: moneyOfUnitPrice(line.unit_price, line.currency),
    discountRate: decimalText(line.discount_rate),
    configuration: choicesOf(line),
    recurrence: recurrenceOf(line),
    total: moneyOfMinor(line.total_minor, line.currency),
  };
}
