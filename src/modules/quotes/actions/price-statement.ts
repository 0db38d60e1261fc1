import type { ActionScope } from '../../../graph/mutation.js';
import type { Address } from '../../../graph/values.type.js';
import { Refusals } from '../../../shared/failures.js';
import {
  optionsBySku,
  selectOptionsBySku,
  selectPricedProducts,
  type OptionsRow,
  type PricedProductRow,
} from '../../catalog/index.js';
import {
  priceOrder,
  pricedTotals,
  sellerSettings,
  shippingRequest,
  type OrderTotals,
  type Pricing,
} from '../../orders/index.js';
import { ratedTaxes, selectTaxRates, type KnownRateRow } from '../../tax/index.js';
import type { ExternalQuoteValues } from '../external-quote.type.js';
import { listPriceOf, statedConfigurations } from '../configuration.rules.js';
import { requestedLines } from '../external-quote.rules.js';
import type { Configured } from '../quote-line.type.js';

export interface PricedStatement {
  pricing: Pricing;
  listPrices: (string | null)[];
  configurations: Configured[][];
  totals: OrderTotals;
}

/**
 * Prices a quote as its tool states it, taxed as of now; `ids`: one for each line and one for shipping. What is chosen, and products that are unknown or no longer
 * sold, are kept as they came; such products, and taxes that are not known, are refused when the quote is converted.
 */
export async function priceStatement(
  { tx, now, service }: ActionScope,
  input: ExternalQuoteValues,
  customerId: string,
  address: Address | null,
  ids: string[],
): Promise<PricedStatement> {
  const lines = requestedLines(input);
  const skus = lines.map((line) => line.sku);
  const { country: sellerCountry, taxRounding } = service(sellerSettings);
  const [products, rates, options] = await tx.batch([
    selectPricedProducts(
      skus,
      lines.map((line) => line.quantity),
      input.currency,
      customerId,
      now.toISOString(),
    ),
    selectTaxRates(
      address?.country ?? null,
      address?.region ?? null,
      customerId,
      sellerCountry,
      now.toISOString().slice(0, 10),
    ),
    selectOptionsBySku(skus),
  ]);
  const known = { products: products as PricedProductRow[], taxes: ratedTaxes(rates as KnownRateRow[], sellerCountry) };
  const tax = { rounding: taxRounding, pricesIncludeTax: false };
  const shipping = shippingRequest(input, input.currency, new Refusals());
  const request = { currency: input.currency, lines, adjustments: [], shipping, tax };
  const pricing = priceOrder(request, known, ids, new Refusals());
  const optionsOf = optionsBySku(options as OptionsRow[]);
  const prices = new Map(known.products.map((product) => [Number(product.ordinal) - 1, product.unit_price]));
  return {
    pricing,
    listPrices: input.lines.map(({ sku, configuration }, index) =>
      listPriceOf(prices.get(index) ?? null, configuration ?? [], optionsOf.get(sku) ?? [], input.currency),
    ),
    configurations: statedConfigurations(input.lines, optionsOf),
    totals: pricedTotals(pricing, input.currency).order,
  };
}
