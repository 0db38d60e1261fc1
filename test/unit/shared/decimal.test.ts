import { expect, test } from '@jest/globals';
import {
  addDecimals,
  compareDecimals,
  decimalText,
  exact,
  isDecimalText,
  isPositive,
  isZero,
  minDecimal,
  subtractDecimals,
} from '../../../src/shared/decimal.js';
import { seeded } from '../../api/support/desk.js';

test.each(['0', '-0', '1', '12.50', '-3.000001', '9'.repeat(28), `0.${'1'.repeat(18)}`])(
  'reads %s as a decimal',
  (text) => {
    expect(isDecimalText(text)).toBe(true);
  },
);

test.each([
  '',
  ' 1',
  '1 ',
  '+1',
  '1.',
  '.5',
  '1e3',
  '0x10',
  '1,5',
  'NaN',
  'Infinity',
  '--1',
  '١',
  '1\n',
  '9'.repeat(29),
  `0.${'1'.repeat(19)}`,
])('refuses %j as a decimal', (text) => {
  expect(isDecimalText(text)).toBe(false);
});

test.each([
  ['5', '5'],
  ['5.000', '5'],
  ['0.250', '0.25'],
  ['-1.10', '-1.1'],
  ['100', '100'],
  ['0.0', '0'],
])('shortens %s to %s', (given, expected) => {
  expect(decimalText(given)).toBe(expected);
});

test('adds, subtracts and compares exactly where a double would not', () => {
  expect(addDecimals('0.1', '0.2')).toBe('0.3');
  expect(subtractDecimals('9007199254740993', '0.000000000000000001')).toBe('9007199254740992.999999999999999999');
  expect(compareDecimals('0.30', '0.3')).toBe(0);
  expect(minDecimal('10', '9.999999999999999999')).toBe('9.999999999999999999');
  expect([isZero('0.000'), isZero('-0'), isPositive('0.000000000000000001'), isPositive('0')]).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

/** A decimal as an integer of 10^-18, which BigInt adds exactly. */
function scaled(text: string): bigint {
  const [whole, fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(whole! + fraction.padEnd(18, '0'));
  return text.startsWith('-') ? -magnitude : magnitude;
}

test('agrees with integers on a thousand random sums', () => {
  const below = seeded(1);
  const number = () => {
    const digits = 1 + below(18);
    const fraction = Array.from({ length: digits }, () => below(10)).join('');
    return `${below(2) ? '-' : ''}${below(1_000_000_000)}.${fraction}`;
  };
  for (let run = 0; run < 1_000; run += 1) {
    const [a, b] = [number(), number()];
    expect(scaled(addDecimals(a, b))).toBe(scaled(a) + scaled(b));
    expect(scaled(subtractDecimals(a, b))).toBe(scaled(a) - scaled(b));
    expect(Math.sign(compareDecimals(a, b))).toBe(scaled(a) === scaled(b) ? 0 : scaled(a) > scaled(b) ? 1 : -1);
  }
});

test('never writes an exponent', () => {
  expect(exact('0.000000000000000001').times(exact('0.000000000000000001')).toFixed()).toBe(`0.${'0'.repeat(35)}1`);
  expect(exact('9'.repeat(28)).plus(1).toString()).toBe(`1${'0'.repeat(28)}`);
});
