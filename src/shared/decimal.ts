import { Decimal } from 'decimal.js';

// 34 digits hold any amount of minor units times any quantity that the database's columns hold.
const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -40, toExpPos: 60 });
export type Exact = Decimal;

const PATTERN = /^-?\d{1,28}(\.\d{1,18})?$/;

export function isDecimalText(text: string): boolean {
  return PATTERN.test(text);
}

/** Exact value of a decimal text; throws on anything else. */
export function exact(text: string | number | bigint | Decimal): Exact {
  return new Exact(typeof text === 'bigint' ? text.toString() : text);
}

/** Shortest text of a decimal: "5", "0.25"; the database's trailing zeros are gone. */
export function decimalText(value: string): string {
  if (!value.includes('.')) return value;
  let end = value.length;
  while (value[end - 1] === '0') end -= 1;
  if (value[end - 1] === '.') end -= 1;
  return value.slice(0, end);
}

export function compareDecimals(a: string, b: string): number {
  return exact(a).comparedTo(exact(b));
}

export function addDecimals(a: string, b: string): string {
  return exact(a).plus(exact(b)).toFixed();
}

export function subtractDecimals(a: string, b: string): string {
  return exact(a).minus(exact(b)).toFixed();
}

export function multiplyDecimals(a: string, b: string): string {
  return exact(a).times(exact(b)).toFixed();
}

export function minDecimal(a: string, b: string): string {
  return compareDecimals(a, b) <= 0 ? a : b;
}

export function isPositive(value: string): boolean {
  return exact(value).greaterThan(0);
}

export function isZero(value: string): boolean {
  return exact(value).isZero();
}
