// Records and answers of the REST API v62.0 (Winter ’25), as far as they are read here; more fields may come. Numbers
// come as their text. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/
import { z } from 'zod';
import { ConnectorFailure, exact, show } from '#connect';
import { longId } from './ids.js';

export const API_VERSION = 'v62.0';

const text = z.string({ error: 'expected a text' });
const flag = z.boolean({ error: 'expected true or false' });
const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'expected a list' });
const record = <T extends z.ZodRawShape>(shape: T) => z.object(shape, { error: 'expected an object' });
const ID = /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const AMOUNT = /^-?\d{1,18}(\.\d{1,18})?(E[+-]?\d{1,2})?$/i;

const id = z.string({ error: 'expected an id' }).regex(ID, 'expected an id of 15 or 18 characters').transform(longId);
const time = text.refine((value) => instantOf(value) !== null, 'expected a time with its offset');

export const recordShape = record({ Id: id, SystemModstamp: time, LastModifiedDate: time, IsDeleted: flag }).catchall(
  z.unknown(),
);
export type SalesforceRecord = z.infer<typeof recordShape>;

export const pageShape = record({
  totalSize: text.regex(/^\d{1,12}$/, 'expected a whole number'),
  done: flag,
  nextRecordsUrl: text
    .regex(/^\/services\/data\/v\d{1,3}\.0\/query(All)?\/[\w-]{1,100}$/, 'expected the path of a page')
    .nullish(),
  records: list(recordShape),
});
export type Page = z.infer<typeof pageShape>;

const saidShape = z.looseObject({ statusCode: text, message: text, fields: list(text).nullish() });
export type Said = z.infer<typeof saidShape>;
export const savedShape = list(record({ id: id.nullish(), success: flag, errors: list(saidShape) }));
export type Saved = z.infer<typeof savedShape>[number];

export const tokenShape = record({
  access_token: text,
  instance_url: text.refine((url) => /^https?:\/\/[^/?#@]+$/.test(url), 'expected the address of an instance'),
});

/** Salesforce writes the offset without its colon; null for what is no time. */
export function instantOf(value: string): Date | null {
  const iso = value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const date = new Date(TIME.test(value) ? iso : NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

export function dayOf(object: SalesforceRecord, path: string): Date | null {
  const value = textAt(object, path);
  if (value === null) return null;
  const day = new Date(DAY.test(value) ? `${value}T00:00:00Z` : NaN);
  if (!Number.isNaN(day.getTime())) return day;
  throw odd(object, path, 'a date', value);
}

export function timeAt(object: SalesforceRecord, path: string): Date {
  const value = textAt(object, path);
  const time = value === null ? null : instantOf(value);
  if (time !== null) return time;
  throw odd(object, path, 'a time', value);
}

export function modifiedOf({ SystemModstamp: at }: Pick<SalesforceRecord, 'SystemModstamp'>): Date {
  return instantOf(at)!;
}

/** A text, or null where it is empty. A field that was asked for and is not there at all is no empty one. */
export function textAt(object: SalesforceRecord, path: string): string | null {
  const value = valueAt(object, path);
  if (value === null) return null;
  if (typeof value === 'string') return value.trim() || null;
  throw odd(object, path, 'a text or null', value);
}

export function flagAt(object: SalesforceRecord, path: string): boolean {
  const value = valueAt(object, path);
  if (typeof value === 'boolean') return value;
  throw odd(object, path, 'true or false', value);
}

/** Null behind a relationship that leads nowhere. */
export function flagBehind(object: SalesforceRecord, path: string): boolean | null {
  return valueAt(object, path) === null ? null : flagAt(object, path);
}

export function idAt(object: SalesforceRecord, path: string): string | null {
  const value = textAt(object, path);
  if (value === null) return null;
  if (ID.test(value)) return longId(value);
  throw odd(object, path, 'an id', value);
}

/** Large doubles come with an exponent. */
export function amountAt(object: SalesforceRecord, path: string): string | null {
  const value = textAt(object, path);
  if (value === null) return null;
  if (AMOUNT.test(value)) return exact(value).toFixed();
  throw odd(object, path, 'a number', value);
}

function valueAt(object: SalesforceRecord, path: string): unknown {
  let value: unknown = object;
  for (const name of path.split('.')) {
    if (value === null) return null;
    value = typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;
    if (value === undefined) throw odd(object, path, 'a value or null', undefined);
  }
  return value;
}

function odd({ Id }: SalesforceRecord, path: string, expected: string, got: unknown): ConnectorFailure {
  const shown = got === undefined ? 'nothing' : show(got);
  return new ConnectorFailure('unexpected_shape', `${path} of ${Id}: expected ${expected}, got ${shown}`);
}

/** What was asked for and no more, always in the same order: what is kept says the same twice in the same words. */
export function pick(object: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const field of fields) {
    const [head = '', ...rest] = field.split('.');
    const value = object[head];
    if (value === undefined) continue;
    const isRelated = rest.length > 0 && typeof value === 'object' && value !== null;
    picked[head] = isRelated
      ? { ...(picked[head] as object), ...pick(value as Record<string, unknown>, [rest.join('.')]) }
      : value;
  }
  return picked;
}
