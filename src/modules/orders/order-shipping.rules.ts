import type { Refusals } from '../../shared/failures.js';
import type { Money } from '../../shared/money.js';
import { minorOf, type PriceRequest } from './order-pricing.rules.js';

/** What the inputs of orders and quotes say of shipping. */
export interface ShippingInput {
  shippingMethod?: string | null;
  shippingPrice?: Money | null;
}

/** What is to be charged for shipping; null where neither a method nor a price is given. Adds what is wrong with it. */
export function shippingRequest(
  { shippingMethod, shippingPrice }: ShippingInput,
  currency: string,
  refusals: Refusals,
): PriceRequest['shipping'] {
  const minor = shippingPrice ? minorOf(shippingPrice, currency, ['shippingPrice'], refusals) : 0n;
  if (minor < 0n)
    refusals.add('INVALID', `shippingPrice: expected zero or more, got ${shippingPrice!.amount}`, [
      'shippingPrice',
      'amount',
    ]);
  return shippingPrice || shippingMethod ? { method: shippingMethod ?? 'Shipping', minor } : null;
}
