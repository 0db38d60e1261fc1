import type { Line, Order } from './shop.js';

const WHOLE = 10_000;

/** With tax, rounded half up to minor units. */
export function withTax(net: number, taxRate: number, times = 1): number {
  return Math.round((net * times * (WHOLE + taxRate)) / WHOLE);
}

/** Of a price with tax, what is before it. */
export function netOf(gross: number, taxRate: number): number {
  return Math.round((gross * WHOLE) / (WHOLE + taxRate));
}

export function lineNet({ variant, quantity, placedQuantity, discount }: Line): number {
  return quantity === 0 ? 0 : variant.price * quantity - Math.round((discount * quantity) / placedQuantity);
}

export function shippingNow({ shipping }: Order): { net: number; full: number } {
  if (shipping.isCanceled) return { net: 0, full: 0 };
  return { net: shipping.price, full: withTax(shipping.price, shipping.taxRate) };
}

export function totalWithTax(order: Order): number {
  const lines = order.lines.map((line) => withTax(lineNet(line), line.variant.taxRate));
  return lines.reduce((all, line) => all + line, 0) + shippingNow(order).full;
}
