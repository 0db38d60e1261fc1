import { exact, type Exact } from './decimal.js';

/** Digits after the point per ISO 4217, where they are not two. */
export const UNUSUAL_DIGITS: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};
const CODES = new Set(Intl.supportedValuesOf('currency'));
/** Unit prices may carry this many digits more than their currency. */
const UNIT_PRICE_EXTRA_DIGITS = 6;
const ZERO = '0'.charCodeAt(0);

export interface Money {
  amount: string;
  currency: string;
}

export function isCurrency(code: string): boolean {
  return CODES.has(code);
}

export function currencyDigits(currency: string): number {
  return UNUSUAL_DIGITS[currency] ?? 2;
}

/** Minor units (as the database's text) as an amount with exactly the currency's digits. */
export function moneyOfMinor(minor: string, currency: string): Money {
  const digits = currencyDigits(currency);
  if (digits === 0) return { amount: minor, currency };
  const negative = minor.charCodeAt(0) === 45;
  const figures = (negative ? minor.slice(1) : minor).padStart(digits + 1, '0');
  const split = figures.length - digits;
  return { amount: `${negative ? '-' : ''}${figures.slice(0, split)}.${figures.slice(split)}`, currency };
}

/** A unit price with at least the currency's digits and no zeros behind them. */
export function moneyOfUnitPrice(price: string, currency: string): Money {
  const digits = currencyDigits(currency);
  const point = price.indexOf('.');
  if (point < 0) return { amount: digits === 0 ? price : `${price}.${'0'.repeat(digits)}`, currency };
  let end = price.length;
  const least = digits === 0 ? point : point + 1 + digits;
  while (end > least && price.charCodeAt(end - 1) === ZERO) end -= 1;
  if (end === point + 1) end = point;
  const amount = end === price.length ? price : price.slice(0, end);
  return { amount: end < least ? amount.padEnd(least, '0') : amount, currency };
}

/** Null where the amount has more digits than the currency. */
export function minorOfAmount(amount: string, currency: string): bigint | null {
  const minor = exact(amount).times(exact(10).pow(currencyDigits(currency)));
  return minor.isInteger() ? BigInt(minor.toFixed(0)) : null;
}

export function hasUnitPriceDigits(amount: string, currency: string): boolean {
  return exact(amount).decimalPlaces() <= currencyDigits(currency) + UNIT_PRICE_EXTRA_DIGITS;
}

/** A unit price with no more digits than one may have, rounded half up. */
export function roundedUnitPrice(amount: Exact, currency: string): string {
  return amount.toDecimalPlaces(currencyDigits(currency) + UNIT_PRICE_EXTRA_DIGITS).toFixed();
}

/** Unit price times quantity, rounded once, half up, to minor units. */
export function minorOfQuantity(unitPrice: string, quantity: string, currency: string): bigint {
  const exactMinor = exact(unitPrice)
    .times(exact(quantity))
    .times(exact(10).pow(currencyDigits(currency)));
  return BigInt(exactMinor.toFixed(0));
}

/** A rate ("0.22") of an amount in minor units, rounded half up. */
export function minorOfRate(minor: bigint, rate: string): bigint {
  return BigInt(exact(minor).times(exact(rate)).toFixed(0));
}

/** What of an amount in minor units is the rate that it includes, rounded half up. */
export function minorOfIncludedRate(minor: bigint, rate: string): bigint {
  return BigInt(exact(minor).times(exact(rate)).dividedBy(exact(rate).plus(1)).toFixed(0));
}

/** What part / whole of an amount is, rounded half up; part = whole gives the amount itself. */
export function minorOfShare(minor: bigint, part: string, whole: string): bigint {
  return BigInt(exact(minor).times(exact(part)).dividedBy(exact(whole)).toFixed(0));
}

/** Splits an amount by weights without losing a unit: the largest remainders take what rounding left. */
export function spread(minor: bigint, weights: bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map((_, i) => (i === 0 ? minor : 0n));
  const shares = weights.map((weight) => (minor * weight) / sum);
  const order = weights
    .map((weight, index) => ({ index, remainder: abs((minor * weight) % sum) }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  let rest = minor - shares.reduce((a, b) => a + b, 0n);
  const step = rest < 0n ? -1n : 1n;
  for (const { index } of order) {
    if (rest === 0n) break;
    shares[index] = shares[index]! + step;
    rest -= step;
  }
  return shares;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
