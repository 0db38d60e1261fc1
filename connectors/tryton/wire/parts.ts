// What the shapes of every subject are made of. JSON-RPC of Tryton 6.0, as trytond/protocols/jsonrpc.py writes it:
// https://docs.tryton.org/projects/server/en/6.0/
import { z } from 'zod';
import { exact } from '#connect';

export const ID = /^[1-9]\d{0,14}$/;
const NUMBER = /^-?\d{1,28}(\.\d{1,28})?([eE][+-]?\d{1,2})?$/;

export const text = z.string({ error: 'expected a text' });
export const id = z.string({ error: 'expected an id' }).regex(ID, 'expected an id');
export const ids = z.array(id, { error: 'expected a list of ids' });
export const flag = z.boolean({ error: 'expected true or false' });
/** A Float: quantities. */
export const quantity = z
  .string({ error: 'expected a number' })
  .regex(NUMBER, 'expected a number')
  .transform((value) => exact(value).toFixed());
/** A Numeric: money and rates. */
export const decimal = z
  .object(
    { __class__: z.literal('Decimal'), decimal: z.string().regex(NUMBER, 'expected a decimal') },
    { error: 'expected a Decimal' },
  )
  .transform((value) => exact(value.decimal).toFixed());

const part = z.string().regex(/^\d{1,6}$/, 'expected a part of a time');
/** A DateTime, in UTC and to the microsecond, as a text that sorts: "2026-03-01T10:00:00.000123Z". */
export const stamp = z
  .object(
    {
      __class__: z.literal('datetime'),
      year: part,
      month: part,
      day: part,
      hour: part,
      minute: part,
      second: part,
      microsecond: part,
    },
    { error: 'expected a datetime' },
  )
  .transform((at) => {
    const two = (value: string) => value.padStart(2, '0');
    const day = `${at.year.padStart(4, '0')}-${two(at.month)}-${two(at.day)}`;
    return `${day}T${two(at.hour)}:${two(at.minute)}:${two(at.second)}.${at.microsecond.padStart(6, '0')}Z`;
  })
  .refine((value) => !Number.isNaN(new Date(value).getTime()), 'expected a time that exists');

export const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'expected a list' });
export const record = <T extends z.ZodRawShape>(shape: T) => z.object(shape, { error: 'expected an object' });
/** A closed list of words; a word that is not on it is refused rather than guessed at. */
export const word = <const T extends readonly string[]>(...words: T) =>
  z.enum(words, { error: `expected one of ${words.join(', ')}` });

/** A record's times: `write_date` is null until it is changed for the first time. */
export const times = { create_date: stamp, write_date: stamp.nullable() };
export function stampOf(row: { create_date: string; write_date: string | null }): string {
  return row.write_date ?? row.create_date;
}
export function latest(stamps: readonly string[]): string {
  return stamps.reduce((a, b) => (a > b ? a : b));
}

/** "nothing" is null and "". */
export function textOf(value: string | null | undefined): string | undefined {
  return value?.trim() || undefined;
}

/** The id in a reference such as "sale.line,4"; undefined where it leads to another model. */
export function idIn(reference: string | null | undefined, model: string): string | undefined {
  const [name, found] = reference?.split(',') ?? [];
  return name === model && found !== undefined && ID.test(found) ? found : undefined;
}
