import type { ActionScope } from '../../../graph/mutation.js';
import { Refusals } from '../../../shared/failures.js';
import { selectPricedProducts, selectTaxRates, type PricedProductRow, type TaxRateRow } from '../../catalog/index.js';
import { priceOrder, pricedTotals, sellerSettings, type OrderTotals, type Pricing } from '../../orders/index.js';
import type { ExternalQuoteValues } from '../external-quote.type.js';
import { requestedLines } from '../external-quote.rules.js';

export interface PricedStatement {
  pricing: Pricing;
  products: PricedProductRow[];
  totals: OrderTotals;
}

/**
 * Prices a quote as its tool states it, taxed as of now. Products that are unknown or no longer sold, and taxes that are
 * not known, are refused when the quote is converted, not here: it is kept as it came.
 */
export async function priceStatement(
  { tx, now, service }: ActionScope,
  input: ExternalQuoteValues,
  customerId: string,
  country: string | null,
  lineIds: string[],
): Promise<PricedStatement> {
  const lines = requestedLines(input);
  const [products, rates] = await tx.batch([
    selectPricedProducts(
      lines.map((line) => line.sku),
      lines.map((line) => line.quantity),
      input.currency,
      customerId,
      now.toISOString(),
    ),
    selectTaxRates(country, customerId, service(sellerSettings).country, now.toISOString().slice(0, 10)),
  ]);
  const known = { products: products as PricedProductRow[], rates: rates as TaxRateRow[] };
  const request = { currency: input.currency, lines, adjustments: [], shipping: null };
  const pricing = priceOrder(request, known, lineIds, new Refusals());
  return { pricing, products: known.products, totals: pricedTotals(pricing, input.currency).order };
}
