import { rejected } from '#connect';

/** Values as they are sent. */
export type Sendable = unknown;
export type Domain = Sendable[];

export function decimalOf(value: string): Sendable {
  return { __class__: 'Decimal', decimal: value };
}

/** From a text such as "2026-03-01T10:00:00.000123Z". */
export function datetimeOf(stamp: string): Sendable {
  const [, year, month, day, hour, minute, second, fraction = ''] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z$/.exec(stamp) ?? [];
  const microsecond = Number(fraction.padEnd(6, '0'));
  const [y, m, d, h, min, s] = [year, month, day, hour, minute, second].map(Number);
  return { __class__: 'datetime', year: y, month: m, day: d, hour: h, minute: min, second: s, microsecond };
}

/** Ids are numbers there, and none is beyond what one can hold. */
export function idOf(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number <= 0) throw rejected(`expected an id of Tryton, got "${value}"`);
  return number;
}

/** A quantity is a float there: what its text has more digits than that holds is refused. */
export function floatOf(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw rejected(`expected a quantity, got "${value}"`);
  return number;
}
