// Objects, pages and batches as the CRM API of version v3 sends them, associations of v4, webhook events.
// https://developers.hubspot.com/docs/api-reference/crm-understanding-the-crm
// Only what is read here; more fields may come. Numbers come as their text.
import { z } from 'zod';
import { ConnectorFailure, show } from '#connect';

const text = z.string({ error: 'expected a text' });
export const idShape = z.string({ error: 'expected an id' }).regex(/^\d{1,20}$/, 'expected an id of digits');
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const EPOCH_MS = /^\d{10,15}$/;
const time = text.refine((value) => instantOf(value) !== null, 'expected a time with its offset');
const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'expected a list' });
const record = <T extends z.ZodRawShape>(shape: T) => z.object(shape, { error: 'expected an object' });

/** The types of objects that are talked about, as paths name them. */
export type ObjectType = 'companies' | 'contacts' | 'deals' | 'quotes' | 'line_items' | 'orders';

export const objectShape = record({
  id: idShape,
  properties: z.record(z.string(), z.string().nullable(), { error: 'expected an object of texts' }),
  updatedAt: time,
});
export type CrmObject = z.infer<typeof objectShape>;

const paging = record({ next: record({ after: text }).nullish() }).nullish();
export const pageShape = record({
  total: text.regex(/^\d{1,12}$/, 'expected a whole number').optional(),
  results: list(objectShape),
  paging,
});
export type Page = z.infer<typeof pageShape>;

const errorShape = z.looseObject({
  message: text,
  category: text.nullish(),
  context: z.record(z.string(), z.array(z.string())).nullish(),
});
export type WireError = z.infer<typeof errorShape>;

export const batchShape = record({
  results: list(objectShape.extend({ objectWriteTraceId: text.nullish() })),
  errors: list(errorShape).nullish(),
});
export type Batch = z.infer<typeof batchShape>;

export const associationsShape = record({
  results: list(
    record({
      from: record({ id: idShape }),
      to: list(record({ toObjectId: idShape, associationTypes: list(record({ typeId: text })) })),
      paging,
    }),
  ),
});

export const tokenShape = record({
  access_token: text,
  refresh_token: text.nullish(),
  expires_in: text.regex(/^\d{1,9}$/, 'expected seconds'),
});

const flag = z.boolean({ error: 'expected true or false' });
/** https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide */
export const eventShape = record({
  eventId: text,
  subscriptionId: text,
  portalId: text,
  occurredAt: time,
  subscriptionType: text,
  objectId: idShape.nullish(),
  objectTypeId: text.nullish(),
  mergedObjectIds: list(idShape).nullish(),
  primaryObjectId: idShape.nullish(),
  newObjectId: idShape.nullish(),
  associationType: text.nullish(),
  fromObjectId: idShape.nullish(),
  toObjectId: idShape.nullish(),
  associationRemoved: flag.nullish(),
});
export type WebhookEvent = z.infer<typeof eventShape>;

/** Times come as ISO 8601, as milliseconds since 1970, and dates as midnight UTC; null for anything else. */
export function instantOf(value: string): Date | null {
  if (EPOCH_MS.test(value)) return new Date(Number(value));
  const date = new Date(ISO.test(value) ? value : NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/**
 * A property that HubSpot itself defines and that was asked for: null where it is empty. One that is not there at all
 * is no empty one.
 */
export function needed({ id, properties }: CrmObject, name: string): string | null {
  const value = properties[name];
  if (value === undefined) {
    throw new ConnectorFailure('unexpected_shape', `${name} of ${id}: expected a text or null, got nothing`);
  }
  return value?.trim() || null;
}

/** A property that an account may not have. */
export function optional({ properties }: CrmObject, name: string): string | null {
  return properties[name]?.trim() || null;
}

export function amountOf(object: CrmObject, name: string): string | null {
  const value = needed(object, name);
  if (value === null || /^\d{1,18}(\.\d{1,12})?$/.test(value)) return value;
  throw new ConnectorFailure(
    'unexpected_shape',
    `${name} of ${object.id}: expected a decimal that is not negative, got ${show(value)}`,
  );
}
