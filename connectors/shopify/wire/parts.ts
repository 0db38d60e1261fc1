// What the shapes of every subject are made of.
import { z } from 'zod';

export const text = z.string({ error: 'expected a text' });
export const id = z.string({ error: 'expected an id' }).regex(/^\d{1,20}$/, 'expected an id of digits');
export const amount = z
  .string({ error: 'expected a decimal amount' })
  .regex(/^\d{1,15}(\.\d{1,6})?$/, 'expected a decimal amount that is not negative');
export const rate = z
  .string({ error: 'expected a rate' })
  .regex(/^\d{1,3}(\.\d{1,18})?$/, 'expected a rate such as 0.22');
export const count = z.string({ error: 'expected a whole number' }).regex(/^\d{1,9}$/, 'expected a whole number');
export const flag = z.boolean({ error: 'expected true or false' });
const instantText = z
  .string({ error: 'expected a time' })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/, 'expected a time with its offset');
export const instant = instantText
  .transform((value) => new Date(value))
  .refine((date) => !Number.isNaN(date.getTime()), 'expected a time that exists');
export const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'expected a list' });
export const listOrNone = <T extends z.ZodType>(item: T) =>
  list(item)
    .nullish()
    .transform((items) => items ?? []);
export const record = <T extends z.ZodRawShape>(shape: T) => z.object(shape, { error: 'expected an object' });

/** A global id of GraphQL, read as the digits that the other shapes call the same record by. */
export const gid = (type: string) =>
  z
    .string({ error: `expected the id of a ${type}` })
    .regex(new RegExp(`^gid://shopify/${type}/\\d{1,20}(\\?|$)`), `expected the id of a ${type}`)
    .transform((value) => /\/(\d+)(\?|$)/.exec(value)![1]!);
export const gidOf = (type: string, digits: string): string => `gid://shopify/${type}/${digits}`;

/** A closed list of words; a word that is not on it is refused rather than guessed at. */
export const word = <const T extends readonly string[]>(...words: T) =>
  z.enum(words, { error: `expected one of ${words.join(', ')}` });

/** Of a connection, what is on the page that was asked for. */
export const nodes = <T extends z.ZodType>(node: T) => record({ nodes: list(node) });
