import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ConnectorFailure } from '#connect';
import shopify from '../index.js';

const settings = { shopDomain: 'my-shop.myshopify.com' };
const credentials = { clientSecret: 'new', previousClientSecret: 'old' };
const webhooks = shopify.webhooks!;
const signed = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('base64');
const request = (headers: Record<string, string | undefined>, body = '{"id":820982911946154508}') => ({
  method: 'POST',
  url: 'https://hub.example/webhooks/shop',
  receivedAt: new Date('2026-03-01T21:30:07Z'),
  headers,
  rawBody: Buffer.from(body),
  settings,
  credentials,
});

describe('a delivery', () => {
  test('counts under the secret of now and under the one before, and under no other', () => {
    const body = '{"id":1}';
    const verify = (secret: string) =>
      webhooks.verify(request({ 'x-shopify-hmac-sha256': signed(secret, body) }, body));
    expect([verify('new'), verify('old'), verify('other')]).toEqual([true, true, false]);
  });

  test('of another shop of the same app is refused', () => {
    const body = '{"id":1}';
    const from = (shop: string) =>
      webhooks.verify(request({ 'x-shopify-hmac-sha256': signed('new', body), 'x-shopify-shop-domain': shop }, body));
    expect([from('my-shop.myshopify.com'), from('their-shop.myshopify.com')]).toEqual([true, false]);
  });

  test('without a signature is refused', () => {
    expect(webhooks.verify(request({}))).toBe(false);
  });

  test('is known by its event, not by the delivery', () => {
    const [identity] = webhooks.identify(
      request({
        'x-shopify-topic': 'orders/create',
        'x-shopify-event-id': 'e-1',
        'x-shopify-webhook-id': 'd-7',
        'x-shopify-triggered-at': '2026-03-01T21:30:06.123456789Z',
      }),
    );
    expect(identity).toEqual({
      topic: 'orders/create',
      eventId: 'e-1',
      externalId: '820982911946154508',
      occurredAt: new Date('2026-03-01T21:30:06.123Z'),
    });
  });

  test('without an event id is known by the delivery, and without that by its bytes', () => {
    const idOf = (headers: Record<string, string>, body?: string) =>
      webhooks.identify(request({ 'x-shopify-topic': 'orders/create', ...headers }, body))[0]!.eventId;
    expect(idOf({ 'x-shopify-webhook-id': 'd-7' })).toBe('d-7');
    expect(idOf({}, '{"id":1}')).toBe(idOf({}, '{"id":1}'));
    expect(idOf({}, '{"id":1}')).not.toBe(idOf({}, '{"id":2}'));
  });

  test('without a topic cannot be told from others', () => {
    expect(() => webhooks.identify(request({}))).toThrow(ConnectorFailure);
  });

  test('of a topic that is not taken is refused by name', () => {
    expect(() => webhooks.read('themes/publish', Buffer.from('{}'), settings)).toThrow(
      /^topic: expected one of orders\/create, orders\/updated, orders\/cancelled, .*, got "themes\/publish"$/,
    );
  });
});
