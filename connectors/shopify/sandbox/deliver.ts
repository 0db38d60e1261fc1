import { createHmac } from 'node:crypto';
import type { Delivery } from '#connect';
import { wireText } from './orders.js';

export interface ShopEvent {
  topic: string;
  id: string;
  triggeredAt: string;
  /** As REST shows the record. */
  body: object;
}

/** Signs an event as the shop does; `delivery` is the number of the attempt among all. */
export function signedDelivery(
  { topic, id, triggeredAt, body: record }: ShopEvent,
  { secret, shopDomain, delivery }: { secret: string; shopDomain: string; delivery: number },
): Delivery {
  const body = Buffer.from(wireText(record));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': shopDomain,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      'x-shopify-api-version': '2026-10',
      'x-shopify-webhook-id': `delivery-${delivery}`,
      'x-shopify-event-id': id,
      'x-shopify-triggered-at': triggeredAt,
    },
  };
}
