import { minorOfAmount, moneyOfMinor, rejected } from '#connect';
import type { MoneyBag, Order } from '../wire/order.js';

/** A field's amount in minor units; refuses one with more digits than the currency. */
export function minorAt(field: string, amount: string, currency: string): bigint {
  const minor = minorOfAmount(amount, currency);
  if (minor === null) throw rejected(`${field}: expected no more digits than ${currency} has, got ${amount}`);
  return minor;
}

export function amountOf(minor: bigint, currency: string): string {
  return moneyOfMinor(minor.toString(), currency).amount;
}

export function sum(minors: bigint[]): bigint {
  return minors.reduce((a, b) => a + b, 0n);
}

/** Plain amounts are in the shop's currency; where the pair of currencies stands beside one, it must say the same. */
export function checkShopMoney(order: Order): void {
  const pairs: [field: string, amount: string, set: MoneyBag | null | undefined][] = [
    ['total_discounts', order.total_discounts, order.total_discounts_set],
    ['total_tax', order.total_tax, order.total_tax_set],
    ['total_price', order.total_price, order.total_price_set],
  ];
  const priced = [
    ...order.line_items.map((line, index) => ({ line, at: `line_items.${index}` })),
    ...order.shipping_lines.map((line, index) => ({ line, at: `shipping_lines.${index}` })),
  ];
  for (const { line, at } of priced) {
    pairs.push([`${at}.price`, line.price, line.price_set]);
    for (const [n, each] of line.discount_allocations.entries()) {
      pairs.push([`${at}.discount_allocations.${n}.amount`, each.amount, each.amount_set]);
    }
    for (const [n, each] of line.tax_lines.entries())
      pairs.push([`${at}.tax_lines.${n}.price`, each.price, each.price_set]);
  }
  for (const [field, amount, set] of pairs) checkPair(field, amount, set, order.currency);
}

function checkPair(field: string, amount: string, set: MoneyBag | null | undefined, currency: string): void {
  if (!set) return;
  const stated = shopMinor(`${field}_set`, set, currency);
  if (stated !== minorAt(field, amount, currency)) {
    throw rejected(`${field}: says ${amount}, ${field}_set.shop_money says ${set.shop_money.amount}`);
  }
}

/** The shop's amount of a pair; refuses another currency than the order's. */
export function shopMinor(field: string, { shop_money: money }: MoneyBag, currency: string): bigint {
  if (money.currency_code !== currency) {
    throw rejected(`${field}.shop_money.currency_code: expected the order's ${currency}, got ${money.currency_code}`);
  }
  return minorAt(`${field}.shop_money.amount`, money.amount, currency);
}
