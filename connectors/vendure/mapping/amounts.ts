import { exact, minorOfAmount, moneyOfMinor, rejected } from '#connect';
import type { Settings } from '../settings.js';

const USUAL_DIGITS = 2;

/**
 * The shop's whole number as the currency's minor units. Vendure keeps the same digits for every currency, so that a
 * yen may be written as 100.
 */
export function minorAt(
  field: string,
  value: string,
  currency: string,
  { moneyDigits = USUAL_DIGITS }: Settings,
): bigint {
  const amount = exact(value).dividedBy(exact(10).pow(moneyDigits)).toFixed();
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

/** "19" of a hundred as the fraction "0.19". */
export function fractionOf(percent: string): string {
  return exact(percent).dividedBy(100).toFixed();
}

export function rounded(minor: bigint, factor: ReturnType<typeof exact>): bigint {
  return BigInt(exact(minor).times(factor).toFixed(0));
}
