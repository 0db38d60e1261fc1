import { describe, expect, test } from '@jest/globals';
import {
  currencyDigits,
  hasUnitPriceDigits,
  isCurrency,
  minorOfAmount,
  minorOfQuantity,
  minorOfRate,
  minorOfShare,
  moneyOfMinor,
  moneyOfUnitPrice,
  spread,
} from '../../../src/shared/money.js';
import { seeded } from '../../api/support/desk.js';

test('knows the digits of currencies', () => {
  expect(['EUR', 'JPY', 'KWD', 'CLF', 'ISK', 'TND'].map(currencyDigits)).toEqual([2, 0, 3, 4, 0, 3]);
});

test('knows ISO 4217 codes in capitals alone', () => {
  expect(['EUR', 'KWD', 'eur', 'XYZ', 'EURO', ''].map(isCurrency)).toEqual([true, true, false, false, false, false]);
});

test.each([
  ['0', 'EUR', '0.00'],
  ['5', 'EUR', '0.05'],
  ['-5', 'EUR', '-0.05'],
  ['123456', 'EUR', '1234.56'],
  ['1', 'KWD', '0.001'],
  ['-1234', 'KWD', '-1.234'],
  ['1234', 'JPY', '1234'],
  ['9223372036854775807', 'EUR', '92233720368547758.07'],
])('shows %s minor units of %s as %s and reads them back', (minor, currency, amount) => {
  expect(moneyOfMinor(minor, currency)).toEqual({ amount, currency });
  expect(minorOfAmount(amount, currency)).toBe(BigInt(minor));
});

test('has no minor units for an amount with more digits than its currency', () => {
  expect([minorOfAmount('1.001', 'EUR'), minorOfAmount('0.5', 'JPY'), minorOfAmount('1.0001', 'KWD')]).toEqual([
    null,
    null,
    null,
  ]);
  expect(minorOfAmount('1.10000', 'EUR')).toBe(110n);
});

test('shows unit prices with the digits of the currency or as many more as they have', () => {
  expect(moneyOfUnitPrice('1.5000000000', 'EUR').amount).toBe('1.50');
  expect(moneyOfUnitPrice('1.2345678', 'EUR').amount).toBe('1.2345678');
  expect(moneyOfUnitPrice('3.0000', 'JPY').amount).toBe('3');
  expect(moneyOfUnitPrice('3', 'KWD').amount).toBe('3.000');
});

test('lets unit prices have six digits more than the currency', () => {
  expect([hasUnitPriceDigits('0.12345678', 'EUR'), hasUnitPriceDigits('0.123456789', 'EUR')]).toEqual([true, false]);
  expect([hasUnitPriceDigits('0.123456', 'JPY'), hasUnitPriceDigits('0.1234567', 'JPY')]).toEqual([true, false]);
  expect([hasUnitPriceDigits('0.123456789', 'KWD'), hasUnitPriceDigits('0.1234567891', 'KWD')]).toEqual([true, false]);
});

test.each([
  ['0.005', '1', 'EUR', 1n],
  ['0.0049', '1', 'EUR', 0n],
  ['1.005', '3', 'EUR', 302n],
  ['0.5', '1', 'JPY', 1n],
  ['2.5', '3', 'JPY', 8n],
  ['0.0005', '1', 'KWD', 1n],
  ['0.333333', '3', 'EUR', 100n],
  ['19.99', '0.125', 'EUR', 250n],
])('rounds %s times %s %s once, half up, to %s minor units', (price, quantity, currency, minor) => {
  expect(minorOfQuantity(price, quantity, currency)).toBe(minor);
});

test('takes rates and shares half up', () => {
  expect(minorOfRate(5n, '0.1')).toBe(1n);
  expect(minorOfRate(4n, '0.1')).toBe(0n);
  expect(minorOfRate(12345n, '0.22')).toBe(2716n);
  expect(minorOfShare(100n, '1', '3')).toBe(33n);
  expect(minorOfShare(100n, '2', '3')).toBe(67n);
  expect(minorOfShare(101n, '3', '3')).toBe(101n);
});

describe('spread', () => {
  test.each([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [1n, [1n, 2n], [0n, 1n]],
    [0n, [5n, 5n], [0n, 0n]],
    [7n, [0n, 0n], [7n, 0n]],
    [5n, [], []],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
  ])('gives of %s by %s the shares %s', (minor, weights, shares) => {
    expect(spread(minor, weights)).toEqual(shares);
  });

  test('never loses or makes a unit, and no share is off by a whole one', () => {
    const below = seeded(2);
    for (let run = 0; run < 2_000; run += 1) {
      const weights = Array.from({ length: 1 + below(12) }, () => BigInt(below(100_000)));
      const minor = BigInt(below(1_000_000));
      const shares = spread(minor, weights);
      const whole = weights.reduce((a, b) => a + b, 0n);
      expect(shares.reduce((a, b) => a + b, 0n)).toBe(minor);
      if (whole === 0n) continue;
      shares.forEach((share, index) => {
        const off = share * whole - minor * weights[index]!;
        expect(off < whole && off > -whole).toBe(true);
      });
    }
  });
});
