import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { parseValue } from 'graphql';
import { CountryCode, CurrencyCode, DateTime, DecimalScalar, EventCursor } from '../../../src/graph/scalars.js';
import { RequestError } from '../../../src/shared/failures.js';

const SCALARS = { DateTime, Decimal: DecimalScalar, CurrencyCode, CountryCode, EventCursor };

function read(name: keyof typeof SCALARS, value: unknown): unknown {
  const scalar = SCALARS[name];
  const asVariable = scalar.parseValue(value);
  const asLiteral = scalar.parseLiteral(parseValue(JSON.stringify(value)), {});
  expect(asLiteral).toEqual(asVariable);
  return asVariable;
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    expect((error as RequestError).code).toBe('BAD_USER_INPUT');
    return (error as RequestError).message;
  }
  throw new Error('nothing was refused');
}

describe('DateTime', () => {
  test.each([
    ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:00.5Z', '2026-03-01T09:30:00.500Z'],
    ['2026-03-01T09:30:00.123456789Z', '2026-03-01T09:30:00.123Z'],
    ['2026-03-01T09:30:00+05:30', '2026-03-01T04:00:00.000Z'],
    ['2024-02-29T23:59:59-00:00', '2024-02-29T23:59:59.000Z'],
  ])('reads %s as %s', (text, instant) => {
    expect((read('DateTime', text) as Date).toISOString()).toBe(instant);
  });

  test.each([
    ['2026-03-01'],
    ['2026-03-01T09:30:00'],
    ['2026-03-01 09:30:00Z'],
    ['2026-03-01T09:30Z'],
    ['2026-13-01T09:30:00Z'],
    ['2026-02-29T09:30:00Z'],
    ['2026-02-30T09:30:00Z'],
    ['2026-04-31T09:30:00Z'],
    ['2026-03-00T09:30:00Z'],
    ['2026-03-01T24:00:00Z'],
    ['2026-03-01T09:60:00Z'],
    ['2026-03-01T09:30:61Z'],
    ['+12026-03-01T09:30:00Z'],
    ['yesterday'],
    [''],
    [1_772_000_000],
    [null],
  ])('refuses %j', (value) => {
    expect(messageOf(() => DateTime.parseValue(value))).toMatch(/^DateTime: expected an RFC 3339 instant/);
  });

  test('writes instants in UTC with milliseconds, from a date or from the database’s text', () => {
    expect(DateTime.serialize(new Date('2026-03-01T09:30:00Z'))).toBe('2026-03-01T09:30:00.000Z');
    expect(DateTime.serialize('2026-03-01 09:30:00+00')).toBe('2026-03-01T09:30:00.000Z');
    expect(DateTime.serialize('2026-03-01 09:30:00.5+00')).toBe('2026-03-01T09:30:00.500Z');
    expect(DateTime.serialize('2026-03-01T09:30:00.000Z')).toBe('2026-03-01T09:30:00.000Z');
  });
});

test.each([
  ['Decimal', '12.50'],
  ['Decimal', '-0.000001'],
  ['CurrencyCode', 'KWD'],
  ['CountryCode', 'IT'],
  ['EventCursor', 'anything'],
] as const)('%s reads %s as it is', (name, text) => {
  expect(read(name, text)).toBe(text);
});

test.each([
  ['Decimal', '1e3', 'Decimal: expected a decimal number as a string such as "12.50", got "1e3"'],
  ['Decimal', 12.5, 'Decimal: expected a decimal number as a string such as "12.50", got 12.5'],
  ['CurrencyCode', 'eur', 'CurrencyCode: expected an ISO 4217 code such as "EUR", got "eur"'],
  ['CurrencyCode', 'ABC', 'CurrencyCode: expected an ISO 4217 code such as "EUR", got "ABC"'],
  ['CountryCode', 'XX', 'CountryCode: expected an ISO 3166-1 alpha-2 code such as "IT", got "XX"'],
  ['CountryCode', 'it', 'CountryCode: expected an ISO 3166-1 alpha-2 code such as "IT", got "it"'],
  ['EventCursor', 5, 'EventCursor: expected a cursor that a stream or timeline gave out, got 5'],
] as const)('%s refuses %j and says what it expected', (name, value, message) => {
  expect(messageOf(() => SCALARS[name].parseValue(value))).toBe(message);
  expect(messageOf(() => SCALARS[name].parseLiteral(parseValue(JSON.stringify(value)), {}))).toBe(message);
});
