import type { Refusals } from '../../shared/failures.js';
import { moneyOfMinor, type Money } from '../../shared/money.js';
import { shippingRequest, type PriceRequest, type Pricing, type ShippingInput } from '../orders/index.js';
import type { QuoteRow } from './quote.type.js';

export type Shipping = PriceRequest['shipping'];
type Kept = Pick<QuoteRow, 'currency' | 'shipping_method' | 'shipping_minor'>;

/** What a quote charges for shipping; null where nothing was said of it. */
export function shippingOf({ shipping_method: method, shipping_minor: minor }: Kept): Shipping {
  return method === null ? null : { method, minor: BigInt(minor) };
}

/** That of a revision: what is left out is carried over, and without a price there is a method only where one is stated. */
export function revisedShipping(quote: Kept, input: ShippingInput, refusals: Refusals): Shipping {
  const kept = shippingOf(quote);
  const isPriceGone = input.shippingPrice === null;
  const keptPrice = kept && kept.minor > 0n ? moneyOfMinor(kept.minor.toString(), quote.currency) : null;
  const shippingPrice = input.shippingPrice === undefined ? keptPrice : input.shippingPrice;
  const shippingMethod =
    input.shippingMethod === undefined && !isPriceGone ? quote.shipping_method : input.shippingMethod;
  return shippingRequest({ shippingMethod: shippingMethod ?? null, shippingPrice }, quote.currency, refusals);
}

/** As fields of the graph; both null where nothing was said of it. */
export function shippingFields(
  shipping: Shipping,
  currency: string,
): { shippingMethod: string | null; shippingTotal: Money | null } {
  if (shipping === null) return { shippingMethod: null, shippingTotal: null };
  return { shippingMethod: shipping.method, shippingTotal: moneyOfMinor(shipping.minor.toString(), currency) };
}

/** The same where something was said of it, and nothing else. */
export function statedShipping(shipping: Shipping, currency: string): object {
  return shipping === null ? {} : shippingFields(shipping, currency);
}

/** What the table keeps of it. */
export function shippingColumns({ shipping }: Pricing): [method: string | null, minor: string, taxLines: string] {
  const [line] = shipping;
  return [line?.method ?? null, line?.price_minor ?? '0', JSON.stringify(line?.tax_lines ?? [])];
}
