import { expect, test } from '@jest/globals';
import connector from '../index.js';

const ORDER = {
  id: 'order-1',
  number: '#1001',
  status: 'open',
  placedAt: '2026-03-01T11:00:00.000Z',
  updatedAt: '2026-03-01T11:05:00.000Z',
  currency: 'EUR',
  buyer: { id: 'buyer-1', name: 'Ada Neri', email: 'ada@buyers.example' },
  shipTo: { street: 'Via Roma 1', city: 'Bologna', country: 'IT' },
  lines: [
    { id: 'order-1-1', sku: 'LAMP-1', name: 'Lamp', quantity: '2', price: '24.40', taxRate: '0.22', tax: '8.80' },
  ],
  tax: '8.80',
  total: '48.80',
};
const read = (raw: unknown) => connector.pull.get('orders')!.read(raw, { settings: { baseUrl: 'http://127.0.0.1:1' } });

test('says an order in the hub’s words', () => {
  expect(read(ORDER)).toMatchObject([
    {
      kind: 'order',
      order: {
        externalId: 'order-1',
        channelNumber: '#1001',
        lines: [{ sku: 'LAMP-1', quantity: '2', unitPrice: '24.40', taxLines: [{ rate: '0.22', amount: '8.80' }] }],
        stated: { subtotal: '48.80', taxTotal: '8.80', total: '48.80' },
      },
    },
  ]);
  expect(read(ORDER)).not.toMatchObject([{ order: { canceledAt: expect.anything() as unknown } }]);
  expect(read({ ...ORDER, status: 'canceled' })).toMatchObject([
    { order: { canceledAt: new Date('2026-03-01T11:05:00.000Z') } },
  ]);
});

test.each([
  ['lacks its number', { number: undefined }, 'number: expected a text'],
  ['has a status that nobody knows', { status: 'lost' }, 'status: expected open or canceled, got "lost"'],
])('refuses one that %s', (_, change, message) => {
  expect(() => read({ ...ORDER, ...change })).toThrow(message);
});
