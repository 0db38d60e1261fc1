import { createHash } from 'node:crypto';
import {
  glanceAtJson,
  hasValidHmac,
  rejected,
  type WebhookDefinition,
  type WebhookMessage,
  type WebhookRequest,
} from '#connect';
import { orderChanges } from './mapping/order.js';
import type { Credentials, Settings } from './settings.js';

type Request = WebhookRequest<Settings, Credentials>;

/** https://shopify.dev/docs/apps/build/webhooks/subscribe/https */
export const webhooks: WebhookDefinition<Settings, Credentials> = {
  verify({ headers, rawBody, settings, credentials }: Request): boolean {
    const { clientSecret, previousClientSecret } = credentials;
    const secrets = [clientSecret, ...(previousClientSecret ? [previousClientSecret] : [])];
    if (!hasValidHmac(rawBody, headers['x-shopify-hmac-sha256'], secrets)) return false;
    // All shops of one app sign with one secret, so that a signature alone does not tell whose order it is.
    const shop = headers['x-shopify-shop-domain'];
    return shop === undefined || shop === settings.shopDomain;
  },

  identify({ headers, rawBody }: Request): WebhookMessage[] {
    const topic = headers['x-shopify-topic'];
    if (typeof topic !== 'string') throw rejected('X-Shopify-Topic: expected a topic, got none');
    // One event may be delivered under several webhook ids. Without either, the same bytes are the same event.
    const given = headers['x-shopify-event-id'] ?? headers['x-shopify-webhook-id'];
    const eventId = typeof given === 'string' ? given : createHash('sha256').update(rawBody).digest('hex');
    const triggeredAt = headers['x-shopify-triggered-at'];
    const occurredAt = typeof triggeredAt === 'string' ? new Date(triggeredAt) : undefined;
    return [
      {
        topic,
        eventId,
        externalId: orderId(glanceAtJson(rawBody)),
        occurredAt: occurredAt && !Number.isNaN(occurredAt.getTime()) ? occurredAt : undefined,
      },
    ];
  },

  topics: { 'orders/create': orderChanges, 'orders/updated': orderChanges, 'orders/cancelled': orderChanges },
};

function orderId(payload: unknown): string | undefined {
  const id = payload !== null && typeof payload === 'object' ? (payload as { id?: unknown }).id : undefined;
  return typeof id === 'string' && /^\d{1,20}$/.test(id) ? id : undefined;
}
