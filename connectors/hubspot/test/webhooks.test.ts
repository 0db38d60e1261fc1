import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ConnectorFailure } from '#connect';
import hubspot from '../index.js';

const webhooks = hubspot.webhooks!;
const URL_CALLED = 'https://hub.example/webhooks/crm';
const NOW = new Date('2026-03-01T10:00:00Z');
const credentials = { clientSecret: 'new', previousClientSecret: 'old', accessToken: 't' };
const settings = { portalId: '24680135' };
const event = (more: object) => ({
  eventId: 1,
  subscriptionId: 2,
  portalId: 24680135,
  occurredAt: 1772359200000,
  subscriptionType: 'company.propertyChange',
  attemptNumber: 0,
  objectId: 30111222333,
  ...more,
});
const request = (body: unknown, headers: Record<string, string> = {}, more: object = {}) => ({
  method: 'POST',
  url: URL_CALLED,
  receivedAt: NOW,
  headers,
  rawBody: Buffer.from(JSON.stringify(body)),
  settings: { ...settings, ...more },
  credentials,
});
const signedAt = (body: unknown, ms: number, secret = 'new') => ({
  'x-hubspot-request-timestamp': String(ms),
  'x-hubspot-signature-v3': createHmac('sha256', secret)
    .update(`POST${URL_CALLED}${JSON.stringify(body)}${ms}`)
    .digest('base64'),
});

describe('a delivery', () => {
  test('counts under the secret of now and the one before, for five minutes', () => {
    const verify = (ms: number, secret?: string) => webhooks.verify(request([], signedAt([], ms, secret)));
    const now = NOW.getTime();
    expect([verify(now), verify(now, 'old'), verify(now, 'other')]).toEqual([true, true, false]);
    expect([verify(now - 300_000), verify(now - 300_001), verify(now + 300_001)]).toEqual([true, false, false]);
    expect(webhooks.verify(request([]))).toBe(false);
  });

  test('signed in an older version counts only where the settings ask for that', () => {
    const hash = (...parts: string[]) => createHash('sha256').update(parts.join('')).digest('hex');
    const headers = (version: string, signature: string) => ({
      'x-hubspot-signature-version': version,
      'x-hubspot-signature': signature,
    });
    const v1 = headers('v1', hash('old', '[]'));
    const v2 = headers('v2', hash('new', 'POST', URL_CALLED, '[]'));
    const verify = (given: Record<string, string>, signature: string) =>
      webhooks.verify(request([], given, { signature }));
    expect([verify(v1, 'v1'), verify(v2, 'v2'), verify(v1, 'v2'), verify(v1, 'v3')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(verify(headers('v1', hash('other', '[]')), 'v1')).toBe(false);
  });

  test('is one message for each event of this account', () => {
    const body = [event({}), event({ eventId: 9, portalId: 1 }), event({ eventId: 3, objectId: 9007199254740993 })];
    const text = JSON.stringify(body).replace('9007199254740992', '9007199254740993');
    const messages = webhooks.identify({ ...request([]), rawBody: Buffer.from(text) });
    expect(
      messages.map(({ topic, eventId, externalId, occurredAt }) => [topic, eventId, externalId, occurredAt]),
    ).toEqual([
      ['company.propertyChange', '1-2-1772359200000', '30111222333', NOW],
      ['company.propertyChange', '3-2-1772359200000', '9007199254740993', NOW],
    ]);
    expect(webhooks.read('company.propertyChange', messages[1]!.body!, settings)).toEqual([
      { kind: 'hint', stream: 'companies', externalId: '9007199254740993' },
    ]);
  });

  test('that is no list of events cannot be told from others', () => {
    expect(() => webhooks.identify(request({}))).toThrow(ConnectorFailure);
    expect(() => webhooks.identify(request([{ eventId: 1 }]))).toThrow('subscriptionId: expected a text, got nothing');
  });
});

describe('an event', () => {
  const read = (topic: string, more: object) =>
    webhooks.read(topic, Buffer.from(JSON.stringify(event({ subscriptionType: topic, ...more }))), settings);
  const hint = (stream: string, externalId: string) => [{ kind: 'hint', stream, externalId }];

  test('is a reason to read its record', () => {
    expect(read('contact.creation', { objectId: 5 })).toEqual(hint('contacts', '5'));
    expect(read('company.restore', { objectId: 5 })).toEqual(hint('companies', '5'));
    expect(read('deal.propertyChange', { objectId: 5 })).toEqual(hint('deals', 'deal-5'));
    expect(read('line_item.propertyChange', { objectId: 5 })).toEqual(hint('lineItems', 'line-5'));
    expect(read('object.propertyChange', { objectId: 5, objectTypeId: '0-14' })).toEqual(hint('quotes', '5'));
    expect(read('object.propertyChange', { objectId: 5, objectTypeId: '0-123' })).toEqual([]);
  });

  test('of an end says what is gone', () => {
    const gone = (record: string, externalId: string) => ({ kind: 'deleted', record, externalId, sourceVersion: NOW });
    expect(read('company.deletion', { objectId: 5 })).toEqual([gone('customer', '5')]);
    expect(read('contact.privacyDeletion', { objectId: 5 })).toEqual([
      gone('contact', '5'),
      gone('customer', 'contact-5'),
    ]);
    expect(read('object.deletion', { objectId: 5, objectTypeId: '0-14' })).toEqual([gone('quote', '5')]);
    expect(read('deal.deletion', { objectId: 5 })).toEqual([gone('quote', 'deal-5')]);
  });

  test('of a merger names all that became one, under the new id', () => {
    const ids = { objectId: 8, primaryObjectId: 8, mergedObjectIds: [9], newObjectId: 10 };
    expect(read('company.merge', ids)).toEqual([
      { kind: 'merged', record: 'customer', externalId: '10', mergedIds: ['9', '8'], sourceVersion: NOW },
      ...hint('companies', '10'),
    ]);
    expect(read('contact.merge', { objectId: 8, primaryObjectId: 8, mergedObjectIds: [9] })).toMatchObject([
      { record: 'contact', externalId: '8', mergedIds: ['9'] },
      { kind: 'hint', externalId: '8' },
    ]);
    expect(read('deal.merge', ids)).toEqual(hint('deals', 'deal-10'));
  });

  test('of an association makes the one read that says whom it belongs to', () => {
    const between = (associationType: string) =>
      read('contact.associationChange', { objectId: null, associationType, fromObjectId: 1, toObjectId: 2 });
    expect(between('CONTACT_TO_COMPANY')).toEqual(hint('contacts', '1'));
    expect(between('COMPANY_TO_CONTACT')).toEqual(hint('contacts', '2'));
    expect(between('LINE_ITEM_TO_DEAL')).toEqual(hint('deals', 'deal-2'));
    expect(between('QUOTE_TO_LINE_ITEM')).toEqual(hint('quotes', '1'));
    expect(between('COMPANY_TO_TICKET')).toEqual([]);
  });

  test('of a kind that is not kept is refused by name', () => {
    expect(() => read('ticket.creation', {})).toThrow('got "ticket.creation"');
  });
});
