import { createHash } from 'node:crypto';
import {
  glanceAtJson,
  hasValidHmac,
  rejected,
  type WebhookDefinition,
  type WebhookMessage,
  type WebhookRequest,
} from '#connect';
import type { Credentials, Settings } from './settings.js';
import { topics } from './topics.js';
import { levelId } from './wire/stock.js';

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
        externalId: recordIn(topic, glanceAtJson(rawBody)),
        occurredAt: occurredAt && !Number.isNaN(occurredAt.getTime()) ? occurredAt : undefined,
      },
    ];
  },

  topics,
};

/** What a delivery is about, by the id that its stream calls it; messages of one record are taken in turn. */
function recordIn(topic: string, payload: unknown): string | undefined {
  if (topic.startsWith('refunds/') || topic.startsWith('order_transactions/')) return idAt(payload, 'order_id');
  if (topic === 'orders/edited') return idAt(valueOf(payload, 'order_edit'), 'order_id');
  if (topic.startsWith('fulfillment_events/')) return idAt(payload, 'fulfillment_id');
  if (topic === 'customers/redact' || topic === 'customers/data_request')
    return idAt(valueOf(payload, 'customer'), 'id');
  if (!topic.startsWith('inventory_levels/')) return idAt(payload, 'id');
  const item = idAt(payload, 'inventory_item_id');
  const location = idAt(payload, 'location_id');
  return item !== undefined && location !== undefined ? levelId(item, location) : undefined;
}

function valueOf(payload: unknown, name: string): unknown {
  return payload !== null && typeof payload === 'object' ? (payload as Record<string, unknown>)[name] : undefined;
}

function idAt(payload: unknown, name: string): string | undefined {
  const id = valueOf(payload, name);
  return typeof id === 'string' && /^\d{1,20}$/.test(id) ? id : undefined;
}
