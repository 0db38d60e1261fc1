import type { KnownRateRow } from './tax-rate.queries.js';
import { isReverseCharged } from './reverse-charge.rules.js';
import { taxAmounts, type Tax, type TaxFigure, type TaxMode } from './tax.rules.js';

export type TaxedKind = 'LINE' | 'SHIPPING' | 'FEE';

/** An amount to tax, after its discounts. */
export interface TaxItem {
  kind: TaxedKind;
  /** In minor units of the price basis. */
  minor: bigint;
  /** The product's tax category; of a share of a fee that of the lines it is spread over, none for shipping. */
  category?: string;
}

export interface TaxAnswer {
  /** Of each item, in their order. */
  taxes: TaxFigure[][];
  /** Categories for which no tax is known; their items are not taxed. */
  untaxed: string[];
}

/**
 * Where taxes come from. `quote` is asked in the middle of placing an order, between the trip that reads and the one
 * that writes, so it answers at once from what was gathered before. The built-in provider holds the dated rates that
 * the first trip read; one that must ask a service does so before the transaction begins, with place, customer and day
 * in hand, and is this interface over the answer.
 */
export interface TaxProvider {
  readonly name: string;
  /** The country whose taxes these are; null where nothing is known of it. */
  readonly country: string | null;
  /** The tax an amount would bear; null where none is known. */
  taxFor(item: Pick<TaxItem, 'kind' | 'category'>): Tax | null;
  quote(items: readonly TaxItem[], mode: TaxMode): TaxAnswer;
}

const STANDARD = 'standard';
const REVERSE_CHARGE: Tax = { name: 'Reverse charge', rate: '0', exemption: 'REVERSE_CHARGE' };

/** Its own, with what it falls back to where a country has no rate for that. */
function categoriesOf({ kind, category = STANDARD }: Pick<TaxItem, 'kind' | 'category'>): string[] {
  if (kind === 'LINE') return [category];
  return kind === 'FEE' ? ['fee', category] : ['shipping', STANDARD];
}

/** The built-in provider, over the rates of the place and day. */
export function ratedTaxes(rates: readonly KnownRateRow[], sellerCountry: string): TaxProvider {
  const byCategory = new Map(rates.map(({ category, name, rate }) => [category, { name, rate }]));
  const [first] = rates;
  const exempt = first && isReverseCharged(first, sellerCountry) ? REVERSE_CHARGE : null;
  const taxFor: TaxProvider['taxFor'] = (item) =>
    exempt ?? categoriesOf(item).reduce<Tax | null>((found, name) => found ?? byCategory.get(name) ?? null, null);
  return {
    name: 'rates',
    country: first?.country ?? null,
    taxFor,
    quote(items, mode) {
      const taxed = items.map((item) => ({ ...item, tax: taxFor(item) }));
      const untaxed = taxed.flatMap((item) => (item.tax ? [] : categoriesOf(item).at(-1)!));
      return { taxes: taxAmounts(taxed, mode), untaxed: [...new Set(untaxed)] };
    },
  };
}
