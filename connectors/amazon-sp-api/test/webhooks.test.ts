import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import amazon from '../index.js';
import { faultsOf, NOW, openAccount, SECRET } from './account.js';

const SETTINGS = { sellerId: 'A3TH9S8BH6GOGM', region: 'EU', marketplaceIds: ['APJ6JRA9NG5V4'] };
const CREDENTIALS = { clientId: 'c', clientSecret: 's', refreshToken: 'r', notificationSecret: SECRET };

const notification = (type = 'ORDER_CHANGE', seller = SETTINGS.sellerId) => ({
  NotificationVersion: '1.0',
  NotificationType: type,
  PayloadVersion: '1.0',
  EventTime: '2026-02-28T10:00:00.109Z',
  Payload: {
    OrderChangeNotification: {
      SellerId: seller,
      AmazonOrderId: '405-0000001-0000011',
      Summary: { FulfillmentType: 'MFN', OrderItems: [{ SellerSKU: 'LAMP-1' }] },
    },
  },
  NotificationMetadata: { NotificationId: 'n-1' },
});
/** Some types of notifications have their keys in this casing. */
const inCamelCase = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value).replace(/"([A-Z])(\w*)":/g, (_, first: string, rest) => `"${first.toLowerCase()}${rest}":`),
  );

const requestOf = (body: unknown, headers: Record<string, string | string[]> = { 'x-api-key': SECRET }, more = {}) => ({
  method: 'POST',
  url: 'https://hub.example/hook',
  headers,
  rawBody: Buffer.from(JSON.stringify(body)),
  receivedAt: NOW,
  settings: SETTINGS,
  credentials: { ...CREDENTIALS, ...more },
});
const webhooks = amazon.webhooks!;

describe('a delivery', () => {
  test('is taken with the secret, and with the one before while it is rotated', () => {
    const verify = (key?: string | string[], more?: object) =>
      webhooks.verify(requestOf({}, key === undefined ? {} : { 'x-api-key': key }, more));
    expect([verify(SECRET), verify('old', { previousNotificationSecret: 'old' })]).toEqual([true, true]);
    expect([verify(), verify('old'), verify(''), verify([SECRET])]).toEqual([false, false, false, false]);
  });

  test('is known by its notification’s id, bare or in an event, in either casing', () => {
    const body = notification();
    for (const each of [
      body,
      { version: '0', id: 'e-1', detail: body },
      inCamelCase(body),
      { detail: inCamelCase(body) },
    ]) {
      const request = requestOf(each);
      expect(webhooks.identify(request)).toEqual([
        {
          topic: 'ORDER_CHANGE',
          eventId: 'n-1',
          externalId: '405-0000001-0000011',
          occurredAt: new Date('2026-02-28T10:00:00.109Z'),
        },
      ]);
      expect(webhooks.read('ORDER_CHANGE', request.rawBody, SETTINGS)).toEqual([
        { kind: 'hint', stream: 'orders', externalId: '405-0000001-0000011' },
      ]);
    }
  });

  test('about another seller is left alone, of another type is shown as such, of no shape is refused', () => {
    expect(webhooks.identify(requestOf(notification('ORDER_CHANGE', 'A000000000')))).toEqual([]);
    const other = requestOf(notification('REPORT_PROCESSING_FINISHED'));
    expect(webhooks.identify(other)).toMatchObject([{ topic: 'REPORT_PROCESSING_FINISHED', eventId: 'n-1' }]);
    expect(() => webhooks.read('REPORT_PROCESSING_FINISHED', other.rawBody, SETTINGS)).toThrow('expected one of');
    for (const body of [null, [], {}, { detail: {} }]) {
      expect(() => webhooks.identify(requestOf(body))).toThrow(/notificationType|body: expected an object/);
    }
  });
});

test('what the sandbox delivers, with faults, is verified and leads to its orders', async () => {
  const bodies: { key: string; rawBody: Buffer }[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      bodies.push({ key: String(req.headers['x-api-key']), rawBody: Buffer.concat(chunks) });
      res.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const faults = faultsOf(['duplicate', 'reorder', 'drop', 'delay'], 0.2);
  const { sandbox, close } = await openAccount({ webhookUrl, faults });
  try {
    sandbox.act(20);
    await sandbox.settled();
    const messages = bodies.flatMap(({ key, rawBody }) => {
      const request = { ...requestOf(null, { 'x-api-key': key }), rawBody };
      expect(webhooks.verify(request)).toBe(true);
      return webhooks.identify(request);
    });
    expect(messages.every(({ externalId }) => sandbox.account.orders.has(externalId!))).toBe(true);
    expect(new Set(messages.map(({ eventId }) => eventId)).size).toBe(messages.length - faults.count('duplicate'));
    expect(bodies.some(({ rawBody }) => rawBody.toString().startsWith('{"NotificationVersion"'))).toBe(true);
    const hints = bodies.flatMap(({ rawBody }) => webhooks.read('ORDER_CHANGE', rawBody, SETTINGS));
    expect(hints.some((hint) => hint.kind === 'hint' && hint.stream === 'shipments')).toBe(true);
    expect((['duplicate', 'reorder', 'drop', 'delay'] as const).filter((mode) => faults.count(mode) === 0)).toEqual([]);
  } finally {
    await close();
    server.close();
    server.closeAllConnections();
  }
});
