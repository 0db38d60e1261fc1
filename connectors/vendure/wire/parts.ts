// What the shapes of every subject are made of. Vendure Admin API 3.7: https://docs.vendure.io/reference/graphql-api/admin/
import { z } from 'zod';

export const ID = /^[\w-]{1,64}$/;

export const text = z.string({ error: 'expected a text' });
export const id = z.string({ error: 'expected an id' }).regex(ID, 'expected an id');
/** Money in minor units. */
export const minor = z
  .string({ error: 'expected an amount in minor units' })
  .regex(/^-?\d{1,15}$/, 'expected an amount in minor units');
export const count = z.string({ error: 'expected a whole number' }).regex(/^-?\d{1,9}$/, 'expected a whole number');
/** Of a hundred: "19", "7.7". */
export const percent = z
  .string({ error: 'expected a rate' })
  .regex(/^\d{1,3}(\.\d{1,16})?$/, 'expected a rate such as 19');
export const flag = z.boolean({ error: 'expected true or false' });
export const instant = z
  .string({ error: 'expected a time' })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/, 'expected a time with its offset')
  .transform((value) => new Date(value))
  .refine((date) => !Number.isNaN(date.getTime()), 'expected a time that exists');
export const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'expected a list' });
export const listOrNone = <T extends z.ZodType>(item: T) =>
  list(item)
    .nullish()
    .transform((items) => items ?? []);
export const record = <T extends z.ZodRawShape>(shape: T) => z.object(shape, { error: 'expected an object' });
/** A closed list of words; a word that is not on it is refused rather than guessed at. */
export const word = <const T extends readonly string[]>(...words: T) =>
  z.enum(words, { error: `expected one of ${words.join(', ')}` });

/** The shop writes "nothing" as null and as "". */
export function textOf(value: string | null | undefined): string | undefined {
  return value?.trim() || undefined;
}
