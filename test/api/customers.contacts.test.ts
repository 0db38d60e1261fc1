import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, type Payload } from './support/desk.js';

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());

interface Contact {
  id: string;
  name: string;
  isPrimary: boolean;
}

async function contacts(id: string): Promise<Contact[]> {
  const query = 'query($id: ID!) { customer(id: $id) { contacts { id name isPrimary } } }';
  return (await desk.ask<{ customer: { contacts: Contact[] } }>(query, { id })).customer.contacts;
}

async function errorsOf(id: string, wanted: object[]) {
  const input = { idempotencyKey: newKey(), id, contacts: wanted };
  return (await desk.send<Payload<'customer', object>>('upsertCustomer', input)).userErrors;
}

test('a contact that is named by id keeps it, one that is left out is gone', async () => {
  const { id } = await desk.customer({ contacts: [{ name: 'Ada', isPrimary: true }, { name: 'Bob' }] });
  const [ada, bob] = await contacts(id);
  expect(await errorsOf(id, [{ name: 'Cleo' }, { id: bob!.id, name: 'Robert', isPrimary: true }])).toEqual([]);
  expect(await contacts(id)).toMatchObject([{ name: 'Cleo' }, { id: bob!.id, name: 'Robert', isPrimary: true }]);
  expect(await desk.ask('query($id: ID!) { node(id: $id) { id } }', { id: ada!.id })).toEqual({ node: null });
});

test('an order stays when the contact it names is removed', async () => {
  const { id } = await desk.customer({ contacts: [{ name: 'Ada' }] });
  const sku = await desk.product();
  const [ada] = await contacts(id);
  const order = await desk.order({ customerId: id, contactId: ada!.id, lines: [{ sku, quantity: '1' }] });
  expect(await errorsOf(id, [])).toEqual([]);
  const query = 'query($id: ID!) { order(id: $id) { id contact { id } customer { id } } }';
  expect(await desk.ask(query, { id: order.id })).toEqual({ order: { id: order.id, contact: null, customer: { id } } });
});

test('all that is wrong with contacts is told at once and nothing changes', async () => {
  const { id } = await desk.customer({ contacts: [{ name: 'Ada', isPrimary: true }] });
  const before = await contacts(id);
  const ada = before[0]!.id;
  const wanted = [
    { id: ada, name: ' ', isPrimary: true },
    { id: ada, name: 'Bob', email: 'bob', phone: 'none', isPrimary: true },
  ];
  expect(await errorsOf(id, wanted)).toMatchObject(
    [
      ['0', 'name'],
      ['1', 'id'],
      ['1', 'email'],
      ['1', 'phone'],
      ['1', 'isPrimary'],
    ].map((path) => ({ code: 'INVALID', field: ['contacts', ...path] })),
  );
  expect(await contacts(id)).toEqual(before);
});
