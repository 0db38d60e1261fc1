import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { typeId } from '../../../src/shared/ids.js';
import { dueRecords } from '../../../src/sync/push/due-records.js';
import { idempotencyKey } from '../../../src/sync/push/idempotency-key.js';
import { pauseMs } from '../../../src/sync/push/pauses.js';
import type { FollowedRow } from '../../../src/sync/push/push.queries.js';

const SHOP = { actor_kind: 'INTEGRATION', actor_id: '7' };
function event(subject: string, id: string, more: Partial<FollowedRow> = {}): FollowedRow {
  return {
    position: '1',
    subject_kind: subject,
    subject_id: id,
    type: 'EDITED',
    at: '2026-03-01 12:00:00+00',
    actor_kind: 'USER',
    actor_id: '3',
    status_from: null,
    status_to: null,
    shipment: null,
    is_linked: false,
    ...more,
  };
}
const tellers = (...events: FollowedRow[]) =>
  dueRecords(events).records.map(({ kind, id, teller }) => `${kind} ${id} ${teller}`);

describe('who told a change', () => {
  test('is the integration that acted, and nobody where anyone else changed the record too', () => {
    expect(tellers(event('customer', '1', SHOP))).toEqual(['customer 1 7']);
    expect(tellers(event('customer', '1', SHOP), event('customer', '1'))).toEqual(['customer 1 null']);
    expect(tellers(event('customer', '1'), event('customer', '1', SHOP))).toEqual(['customer 1 null']);
    expect(tellers(event('customer', '1', SHOP), event('customer', '1', { ...SHOP, actor_id: '8' }))).toEqual([
      'customer 1 null',
    ]);
  });

  test('of a level is it for what a system can state, not for what its orders do to it', () => {
    expect(tellers(event('stock_level', '1', { ...SHOP, type: 'ADJUSTED' }))).toEqual(['stock 1 7']);
    for (const type of ['RESERVED', 'RELEASED', 'SHIPPED'])
      expect(tellers(event('stock_level', '1', { ...SHOP, type }))).toEqual(['stock 1 null']);
  });

  test('of a quote is nobody for its becoming an order', () => {
    expect(tellers(event('quote', '1', { ...SHOP, status_to: 'ACCEPTED' }))).toEqual(['quote 1 7']);
    expect(tellers(event('quote', '1', { ...SHOP, status_to: 'PARTIALLY_CONVERTED' }))).toEqual(['quote 1 null']);
    expect(tellers(event('quote', '1', { ...SHOP, type: 'CONVERTED' }))).toEqual(['quote 1 null']);
  });
});

test('a shipment is due by its order’s event, and what a system was told makes nothing due', () => {
  const shipment = typeId('shp', '5');
  expect(tellers(event('order', '1', { type: 'SHIPMENT_UPDATED', shipment }))).toEqual([
    'order 1 null',
    'shipment 5 null',
  ]);
  expect(tellers(event('order', '1', { type: 'SYNCED' }), event('stock_location', '2'))).toEqual([]);
  const inside = ['NOTE_ADDED', 'ASSIGNED'].map((type) => event('order', '1', { type }));
  expect(tellers(...inside)).toEqual([]);
});

test('a key is one for a state of a record, and another for the next or when it is asked for anew', () => {
  const told = { integrationId: '1', stream: 'customers', recordId: '2', round: 0 };
  const snapshot = { hubId: 'cus_1', externalId: null, version: 1, name: 'ACME' } as never;
  const key = idempotencyKey(told, snapshot);
  expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(idempotencyKey({ ...told }, snapshot)).toBe(key);
  expect(idempotencyKey({ ...told, round: 1 }, snapshot)).not.toBe(key);
  expect(idempotencyKey(told, { ...(snapshot as object), version: 2 } as never)).not.toBe(key);
  expect(idempotencyKey({ ...told, integrationId: '3' }, snapshot)).not.toBe(key);
});

test('pauses grow to five minutes and are spread over their later half', () => {
  expect([1, 2, 3, 9, 10, 1_000].map((attempts) => pauseMs(attempts, 1))).toEqual([
    1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
  ]);
  expect(pauseMs(3, 0)).toBe(2_000);
});
