import type { ActionScope } from '../../../graph/mutation.js';
import type { Address } from '../../../graph/values.type.js';
import type { Refusals } from '../../../shared/failures.js';
import {
  optionsBySku,
  selectOptionsBySku,
  selectPricedProducts,
  sumOfDeltas,
  type OptionsRow,
  type PricedProductRow,
} from '../../catalog/index.js';
import type { CustomerRow } from '../../customers/index.js';
import {
  checkLines,
  priceOrder,
  refuseUntaxed,
  selectOrderCustomer,
  sellerSettings,
  type LineRequest,
  type Pricing,
} from '../../orders/index.js';
import { ratedTaxes, selectTaxRates, type KnownRateRow } from '../../tax/index.js';
import { chosenOf, listPriceOf } from '../configuration.rules.js';
import type { QuoteLineInput } from '../quote-input.type.js';
import { checkTerms } from '../quote-lines.rules.js';
import type { Configured } from '../quote-line.type.js';
import type { Shipping } from '../quote-shipping.rules.js';

export type QuoteCustomer = CustomerRow & { contact_found: boolean };

/** What a quote of the hub's own is to be made of; ids are the database's. */
export interface QuoteRequest {
  customerId: string | null;
  contactId: string | null;
  currency: string;
  lines: QuoteLineInput[];
  shipping: Shipping;
  shippingAddress: Address | null;
}

export interface PricedQuote {
  customer: QuoteCustomer | undefined;
  pricing: Pricing;
  /** Of each line, what the price lists say with what was chosen; null where they say nothing. */
  listPrices: (string | null)[];
  configurations: Configured[][];
}

/** What can be said of a quote's lines and validity before anything is read. */
export function checkQuote(
  { lines, currency, validUntil }: { lines: QuoteLineInput[]; currency: string; validUntil: Date },
  now: Date,
  refusals: Refusals,
): void {
  checkLines(requestsOf(lines), currency, refusals);
  checkTerms(lines, refusals);
  if (validUntil <= now) {
    const message = `validUntil: expected a time to come, got ${validUntil.toISOString()}`;
    refusals.add('INVALID', message, ['validUntil']);
  }
}

/** Configures, prices and taxes a quote as of now; adds what is refused. `ids`: one for each line and one for shipping. */
export async function priceQuote(
  scope: ActionScope,
  asked: QuoteRequest,
  ids: string[],
  refuseParty: (customer: QuoteCustomer | undefined) => void,
  refusals: Refusals,
): Promise<PricedQuote> {
  const { customer, products, taxes, options } = await load(scope, asked);
  refuseParty(customer);
  const chosen = asked.lines.map((line, index) =>
    chosenOf(line, options.get(line.sku) ?? [], asked.currency, ['lines', String(index)], refusals),
  );
  const surcharges = chosen.map((choices) => sumOfDeltas(choices.map(({ choice }) => choice)));
  const lines = requestsOf(asked.lines).map((line, index) => ({ ...line, surcharge: surcharges[index]! }));
  const { currency, shipping } = asked;
  const seller = scope.service(sellerSettings);
  const tax = { rounding: seller.taxRounding, pricesIncludeTax: false };
  const pricing = priceOrder({ currency, lines, adjustments: [], shipping, tax }, { products, taxes }, ids, refusals);
  const country = taxes.country ?? asked.shippingAddress?.country ?? seller.country;
  refuseUntaxed(pricing.untaxed, country, refusals);
  const prices = new Map(products.map((product) => [Number(product.ordinal) - 1, product.unit_price]));
  return {
    customer,
    pricing,
    listPrices: asked.lines.map(({ sku, configuration }, index) =>
      listPriceOf(prices.get(index) ?? null, configuration ?? [], options.get(sku) ?? [], currency),
    ),
    configurations: chosen.map((choices) =>
      choices.map(({ option, choice }) => ({ option, choice: choice.code, sku: choice.sku })),
    ),
  };
}

function requestsOf(lines: readonly QuoteLineInput[]): LineRequest[] {
  return lines.map((line, index) => ({
    sku: line.sku,
    quantity: line.quantity,
    unitPrice: line.unitPrice ?? null,
    discountRate: line.discountRate ?? '0',
    field: ['lines', String(index)],
  }));
}

async function load({ tx, now, service }: ActionScope, { customerId, contactId, ...asked }: QuoteRequest) {
  const skus = asked.lines.map((line) => line.sku);
  const sellerCountry = service(sellerSettings).country;
  const [customers, products, rates, options] = await tx.batch([
    selectOrderCustomer(customerId, contactId),
    selectPricedProducts(
      skus,
      asked.lines.map((line) => line.quantity),
      asked.currency,
      customerId,
      now.toISOString(),
    ),
    selectTaxRates(
      asked.shippingAddress?.country ?? null,
      asked.shippingAddress?.region ?? null,
      customerId,
      sellerCountry,
      now.toISOString().slice(0, 10),
    ),
    selectOptionsBySku(skus),
  ]);
  return {
    customer: customers![0] as QuoteCustomer | undefined,
    products: products as PricedProductRow[],
    taxes: ratedTaxes(rates as KnownRateRow[], sellerCountry),
    options: optionsBySku(options as OptionsRow[]),
  };
}
