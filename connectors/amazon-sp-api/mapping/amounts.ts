import { exact, minorOfAmount, minorOfQuantity, moneyOfMinor, rejected } from '#connect';
import type { Money } from '../wire.js';

/** Reads amounts of one currency in minor units. */
export interface Purse {
  currency: string;
  /** Refuses another currency, and more digits than the currency has. */
  minor(field: string, money: Money): bigint;
  text(minor: bigint): string;
}

export function purseOf(currency: string): Purse {
  return {
    currency,
    minor(field, money) {
      if (money.currencyCode !== currency) {
        throw rejected(`${field}.currencyCode: expected the order's ${currency}, got ${money.currencyCode}`);
      }
      const minor = minorOfAmount(money.amount, currency);
      if (minor === null) throw rejected(`${field}: expected no more digits than ${currency} has, got ${money.amount}`);
      return minor;
    },
    text: (minor) => moneyOfMinor(minor.toString(), currency).amount,
  };
}

export function sum(minors: readonly bigint[]): bigint {
  return minors.reduce((a, b) => a + b, 0n);
}

export function positive(minor: bigint): bigint {
  return minor < 0n ? -minor : minor;
}

const DIGITS = 6;

/** What is stated is the price of the whole line: a unit's is the one that comes to it again. */
export function unitPriceOf(field: string, wholeMinor: bigint, quantity: string, purse: Purse): string {
  const unit = exact(purse.text(wholeMinor)).dividedBy(exact(quantity)).toDecimalPlaces(DIGITS).toFixed();
  if (minorOfQuantity(unit, quantity, purse.currency) !== wholeMinor) {
    throw rejected(`${field}: ${purse.text(wholeMinor)} for ${quantity} comes to no price of one`);
  }
  return unit;
}

/** Amazon states no rates: the amount's share of what it is a tax on, to four digits. */
export function rateOf(taxMinor: bigint, netMinor: bigint): string {
  return netMinor <= 0n ? '0' : exact(taxMinor).dividedBy(exact(netMinor)).toDecimalPlaces(4).toFixed();
}
