import { compareDecimals, exact } from '../../shared/decimal.js';
import type { Refusals } from '../../shared/failures.js';
import { moneyOfUnitPrice } from '../../shared/money.js';
import type { BuiltInRow, Option, PricedProductRow } from '../catalog/index.js';
import type { LinePart, LineRequest } from '../orders/index.js';
import { listPriceOf, type QuoteLineRow } from '../quotes/index.js';
import { PricePolicy } from './convert-quote.type.js';

/** How much of a quote's line is to become an order's; `field` is its path in the input. */
export interface Part {
  line: QuoteLineRow;
  quantity: string;
  field: string[];
}

/** What the price lists say now of a quote's line as it is configured; null where they say nothing. */
export function currentPrice(
  line: QuoteLineRow,
  product: PricedProductRow | undefined,
  options: ReadonlyMap<string, Option[]>,
): string | null {
  return listPriceOf(product?.unit_price ?? null, line.configuration, options.get(line.sku) ?? [], line.currency);
}

/** What the line's choices build into it: one of each. What needs no shipping takes nothing off a shelf. */
export function builtInto(
  line: QuoteLineRow,
  product: PricedProductRow | undefined,
  known: readonly BuiltInRow[],
): LinePart[] {
  if (!product?.requires_shipping) return [];
  return line.configuration.flatMap(({ sku }) => {
    const found = known.find((one) => one.sku === sku);
    return found ? [{ productId: found.id, sku: found.sku, quantity: '1' }] : [];
  });
}

/** The line at the price that the policy lets hold. */
export function quotedRequest(
  { line, quantity, field }: Part,
  current: string | null,
  policy: PricePolicy | null | undefined,
  refusals: Refusals,
): LineRequest {
  const asQuoted = {
    sku: line.sku,
    quantity,
    field,
    quoteLineId: line.id,
    unitPrice: moneyOfUnitPrice(line.unit_price, line.currency),
    discountRate: line.discount_rate,
  };
  if (policy === PricePolicy.LOWER_PRICE && current !== null) {
    const net = exact(line.unit_price).times(exact(1).minus(exact(line.discount_rate)));
    if (exact(current).lessThan(net))
      return { ...asQuoted, unitPrice: moneyOfUnitPrice(current, line.currency), discountRate: '0' };
  }
  if (policy === PricePolicy.REFUSE_IF_CHANGED && line.list_price !== null) {
    if (current === null) refusals.add('PRICE_MISSING', `${line.sku} has no list price any more`, field);
    else if (compareDecimals(current, line.list_price) !== 0) {
      const facts = {
        sku: line.sku,
        quoted: moneyOfUnitPrice(line.list_price, line.currency),
        current: moneyOfUnitPrice(current, line.currency),
      };
      const message = `${line.sku}: the list price was ${facts.quoted.amount} when quoted and is ${facts.current.amount} now`;
      refusals.push({ code: 'PRICE_CHANGED', message, field, type: 'PriceChangedError', facts });
    }
  }
  return asQuoted;
}
