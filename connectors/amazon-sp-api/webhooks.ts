import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { parseJsonExactly, readWire, type Change, type WebhookDefinition, type WebhookRequest } from '#connect';
import type { Credentials, Settings } from './settings.js';
import { instant } from './wire.js';

/** What an API destination of EventBridge shows who it is by: a header of one's own choice, this one here. */
const SECRET_HEADER = 'x-api-key';
const text = z.string({ error: 'expected a text' }).min(1, 'expected a text');

const record = <T extends z.ZodRawShape>(shape: T) => z.object(shape, { error: 'expected an object' });

const notification = record({
  notificationType: text,
  eventTime: instant,
  notificationMetadata: record({ notificationId: text }),
  payload: z.looseObject({}, { error: 'expected an object' }),
});
const orderChange = record({
  sellerId: text,
  amazonOrderId: text,
  summary: record({ fulfillmentType: z.string().nullish() }).nullish(),
});
const changePayload = record({ orderChangeNotification: orderChange });

export const webhooks: WebhookDefinition<Settings, Credentials> = {
  verify({ headers, credentials }: WebhookRequest<Settings, Credentials>): boolean {
    const given = headers[SECRET_HEADER];
    if (typeof given !== 'string') return false;
    const { notificationSecret, previousNotificationSecret } = credentials;
    const secrets = [
      notificationSecret,
      ...(previousNotificationSecret === undefined ? [] : [previousNotificationSecret]),
    ];
    return secrets.map((secret) => timingSafeEqual(digestOf(given), digestOf(secret))).includes(true);
  },

  /** A notification comes bare, or as the `detail` of an event; at least once and in no order. */
  identify({ rawBody, settings }) {
    const body = notificationIn(parseJsonExactly(rawBody));
    const { notificationType: topic, eventTime, notificationMetadata, payload } = readWire(notification, body);
    const about = { topic, eventId: notificationMetadata.notificationId, occurredAt: eventTime };
    if (topic !== 'ORDER_CHANGE') return [about];
    const { sellerId, amazonOrderId } = readWire(changePayload, payload).orderChangeNotification;
    if (sellerId !== settings.sellerId) return [];
    return [{ ...about, externalId: amazonOrderId }];
  },

  topics: {
    /** It has no amounts: a reason to read the order. */
    ORDER_CHANGE(payload): Change[] {
      const { payload: inner } = readWire(notification, notificationIn(payload));
      const { amazonOrderId: externalId, summary } = readWire(changePayload, inner).orderChangeNotification;
      const order: Change = { kind: 'hint', stream: 'orders', externalId };
      return summary?.fulfillmentType === 'AFN' ? [order, { kind: 'hint', stream: 'shipments', externalId }] : [order];
    },
  },
};

function digestOf(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** Some types of notifications begin their keys with capitals, others do not. */
function notificationIn(body: unknown): unknown {
  const { detail } = (body ?? {}) as { detail?: unknown };
  return uncapitalized(detail ?? body);
}

function uncapitalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(uncapitalized);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), uncapitalized(inner)]),
  );
}
