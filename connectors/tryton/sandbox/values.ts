import { exact } from '#connect';

/** A record: numbers for ids and for times in microseconds, texts for decimals, lists of ids, null for nothing. */
export type Row = { id: number; create_date: number; write_date: number | null } & Record<string, unknown>;
export type Json = Record<string, unknown>;

const DECIMALS = new Set([
  'unit_price',
  'amount',
  'untaxed_amount',
  'tax_amount',
  'total_amount',
  'rate',
  'list_price',
]);
const TIMES = new Set(['create_date', 'write_date']);

/** As the server writes a field. */
export function encoded(field: string, value: unknown): unknown {
  if (value == null) return null;
  if (DECIMALS.has(field)) return { __class__: 'Decimal', decimal: String(value) };
  if (TIMES.has(field)) return datetime(value as number);
  return value;
}

function datetime(micros: number): Json {
  const at = new Date(Math.floor(micros / 1000));
  return {
    __class__: 'datetime',
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    microsecond: (micros % 1000) + at.getUTCMilliseconds() * 1000,
  };
}

/** What was sent, as it is kept; a decimal that is no Decimal is refused by whoever needs one. */
export function decoded(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const given = value as Record<string, number | string>;
  if (given.__class__ === 'Decimal') return exact(String(given.decimal)).toFixed();
  if (given.__class__ !== 'datetime') return value;
  const [year, month, day, hour, minute, second, micros] = [
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'second',
    'microsecond',
  ].map((part) => Number(given[part]));
  return Date.UTC(year!, month! - 1, day, hour, minute, second) * 1000 + micros!;
}

export const isDecimalField = (field: string) => DECIMALS.has(field);
