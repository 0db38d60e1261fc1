import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import vendure from '../index.js';

const settings = { baseUrl: 'https://shop.example', locations: { BOLOGNA: '1', TORINO: '2' } };
const credentials = {
  username: 'hub@shop.example',
  password: 'p',
  webhookSecret: 'hush',
  previousWebhookSecret: 'old',
};
const webhooks = vendure.webhooks!;

function delivery(event: object, { secret = 'hush', known = credentials as object } = {}) {
  const rawBody = Buffer.from(JSON.stringify(event));
  const signature = createHmac('sha256', secret).update(rawBody).digest('hex');
  const headers = { 'x-event-id': 'not signed', 'x-signature': `sha256=${signature}` };
  const url = 'https://hub.example/webhooks/vendure';
  return { method: 'POST', url, headers, rawBody, receivedAt: new Date(0), settings, credentials: known };
}
const event = (type: string, data: object) => ({ id: 'e-1', type, at: '2026-03-01T10:00:00.000Z', data });

/** What the delivery says, message by message. */
function changes(type: string, data: object) {
  const request = delivery(event(type, data));
  return webhooks
    .identify(request)
    .flatMap(({ topic, body }) => webhooks.read(topic, body ?? request.rawBody, settings));
}

describe('a delivery', () => {
  test('is proved by the signature over its bytes, under the secret of now or of before', () => {
    const good = delivery(event('order.state', { id: '4' }));
    expect(webhooks.verify(good)).toBe(true);
    expect(webhooks.verify(delivery(event('order.state', { id: '4' }), { secret: 'old' }))).toBe(true);
    expect(webhooks.verify(delivery(event('order.state', { id: '4' }), { secret: 'other' }))).toBe(false);
    expect(webhooks.verify({ ...good, rawBody: Buffer.from(`${good.rawBody} `) })).toBe(false);
    const bare = { 'x-signature': good.headers['x-signature'].slice('sha256='.length) };
    expect(webhooks.verify({ ...good, headers: bare })).toBe(false);
  });

  test('is taken from nobody where no secret is known', () => {
    const known = { username: 'hub@shop.example', password: 'p' };
    expect(webhooks.verify(delivery(event('order.state', { id: '4' }), { known }))).toBe(false);
  });

  test('is the same by the id that is signed with it', () => {
    expect(webhooks.identify(delivery(event('order.state', { id: '4' })))).toEqual([
      { topic: 'order.state', eventId: 'e-1', externalId: '4', occurredAt: new Date('2026-03-01T10:00:00Z') },
    ]);
    expect(() => webhooks.identify(delivery({ hello: 1 }))).toThrow('expected an event with an id and a type');
  });

  test('about several records is a message for each', () => {
    const messages = webhooks.identify(delivery(event('variant', { action: 'updated', ids: ['1', '3'] })));
    expect(messages.map(({ eventId, externalId }) => [eventId, externalId])).toEqual([
      ['e-1/1', '1'],
      ['e-1/3', '3'],
    ]);
  });
});

describe('an event', () => {
  test('is a hint of what to read, whatever it says itself: a late one does no harm', () => {
    expect(changes('order.placed', { id: '4' })).toEqual([{ kind: 'hint', stream: 'orders', externalId: '4' }]);
    expect(changes('order.state', { id: '4', from: 'PaymentSettled', to: 'Shipped' })).toEqual([
      { kind: 'hint', stream: 'orders', externalId: '4' },
    ]);
    expect(changes('customer', { action: 'deleted', id: '9' })).toEqual([
      { kind: 'hint', stream: 'customers', externalId: '9' },
    ]);
    expect(changes('variant', { action: 'updated', ids: ['1', '3'] })).toEqual([
      { kind: 'hint', stream: 'products', externalId: '1' },
      { kind: 'hint', stream: 'products', externalId: '3' },
    ]);
  });

  test('of stock does not tell where: it hints at each place that is kept in step', () => {
    const movements = [
      { id: '1', variantId: '3', quantity: -1 },
      { id: '2', variantId: '3', quantity: -1 },
    ];
    expect(changes('stock.movement', { type: 'SALE', movements })).toEqual([
      { kind: 'hint', stream: 'stock', externalId: '3@1' },
      { kind: 'hint', stream: 'stock', externalId: '3@2' },
    ]);
  });

  test('of a fulfillment tells of no order, and so nothing', () => {
    expect(changes('fulfillment.state', { id: '7', from: 'Pending', to: 'Shipped' })).toEqual([]);
  });
});
