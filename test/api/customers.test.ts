import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { after, Desk, fresh, refusal, type Payload } from './support/desk.js';

interface Customer {
  id: string;
  number: string;
  version: number;
}
type CustomerPayload = Payload<'customer', Customer>;

const ADDRESS = 'name company line1 line2 city region postalCode country phone';
const CUSTOMER = `id number kind name email phone taxId isActive tags createdAt updatedAt version
  billingAddress { ${ADDRESS} } shippingAddresses { ${ADDRESS} } contacts { id name email phone role isPrimary }
  externalReferences { externalId integration { code } } provenance { field rule updatedBy { name } integration { code } }`;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());

async function read(id: string) {
  const query = `query($id: ID!) { customer(id: $id) { ${CUSTOMER} } }`;
  return (
    await desk.ask<{ customer: Record<string, unknown> & { contacts: { id: string; name: string }[] } }>(query, { id })
  ).customer;
}

async function upsert(input: object): Promise<Customer> {
  return (await desk.done<CustomerPayload>('upsertCustomer', input)).customer!;
}

async function events(number: string) {
  const { rows } = await hub.hub.db.pool.query<{
    sequence: number;
    type: string;
    changes: object[];
    personal: { changes: object[] } | null;
  }>(
    `select e.sequence, e.type, e.changes, p.payload as personal from event e
       join customer c on c.id = e.subject_id left join event_personal p on p.id = e.personal_id
      where e.subject_kind = 'customer' and c.number = $1 order by e.sequence`,
    [number],
  );
  return rows;
}

test('makes a customer with all it is told, and gives it the next number', async () => {
  const address = {
    name: 'Ada',
    company: 'Acme',
    line1: 'Via Roma 1',
    line2: 'c/o',
    city: 'Torino',
    region: 'TO',
    postalCode: '10100',
    country: 'IT',
    phone: '+39 1',
  };
  const { id, number } = await upsert({
    kind: 'PERSON',
    name: 'Ada Lovelace',
    email: 'ada@acme.example',
    phone: '+39 2',
    taxId: 'IT123',
    billingAddress: address,
    shippingAddresses: [address, { line1: 'x', city: 'y', country: 'DE' }],
    contacts: [{ name: 'Bob', email: 'bob@acme.example', role: 'purchasing', isPrimary: true }, { name: 'Cleo' }],
    tags: ['vip', 'north'],
  });
  expect(number).toMatch(/^C-\d{5}$/);
  const bare = { name: null, company: null, line2: null, region: null, postalCode: null, phone: null };
  expect(await read(id)).toMatchObject({
    number,
    kind: 'PERSON',
    name: 'Ada Lovelace',
    email: 'ada@acme.example',
    phone: '+39 2',
    taxId: 'IT123',
    isActive: true,
    tags: ['vip', 'north'],
    createdAt: START.toISOString(),
    updatedAt: START.toISOString(),
    version: 1,
    billingAddress: address,
    shippingAddresses: [address, { ...bare, line1: 'x', city: 'y', country: 'DE' }],
    contacts: [
      { name: 'Bob', email: 'bob@acme.example', phone: null, role: 'purchasing', isPrimary: true },
      { name: 'Cleo', email: null, phone: null, role: null, isPrimary: false },
    ],
    externalReferences: [],
  });
});

test('is a company without anything else, where only the name is given', async () => {
  const { id } = await upsert({ name: 'Bare' });
  expect(await read(id)).toMatchObject({
    kind: 'COMPANY',
    email: null,
    billingAddress: null,
    shippingAddresses: [],
    contacts: [],
    tags: [],
  });
});

test('changes what is given, leaves what is left out, empties what is null', async () => {
  const { id } = await upsert({ name: 'Old', email: 'old@x.example', phone: '1', tags: ['a'] });
  hub.clock.forward(5_000);
  await upsert({ id, name: 'New', phone: null, tags: null });
  hub.clock.set(START);
  expect(await read(id)).toMatchObject({
    name: 'New',
    email: 'old@x.example',
    phone: null,
    tags: [],
    version: 2,
    createdAt: START.toISOString(),
    updatedAt: after(5_000),
  });
});

test('raises the version by one for a change, and not where nothing changes', async () => {
  const { id, number } = await upsert({ name: 'Same', email: 'same@x.example' });
  expect(await upsert({ id, name: 'Same', email: 'same@x.example' })).toMatchObject({ version: 1 });
  expect(await upsert({ number, name: 'Other' })).toMatchObject({ id, version: 2 });
  expect((await events(number)).map(({ sequence, type }) => `${sequence} ${type}`)).toEqual(['1 CREATED', '2 EDITED']);
});

test('keeps what names a person apart from the rest of its events', async () => {
  const { number } = await upsert({ name: 'Private', email: 'private@x.example', tags: ['open'] });
  const [created] = await events(number);
  expect(created!.changes).toEqual([
    { field: 'number', from: null, to: number },
    { field: 'kind', from: null, to: 'COMPANY' },
    { field: 'isActive', from: null, to: true },
    { field: 'tags', from: null, to: ['open'] },
  ]);
  expect(created!.personal!.changes).toEqual(
    expect.arrayContaining([{ field: 'email', from: null, to: 'private@x.example' }]),
  );
});

test('keeps the ids of contacts that are named, and drops those that are not', async () => {
  const { id } = await upsert({ name: 'Team', contacts: [{ name: 'Ann' }, { name: 'Ben' }] });
  const [ann, ben] = (await read(id)).contacts;
  await upsert({ id, contacts: [{ id: ben!.id, name: 'Benjamin' }, { name: 'Cid' }] });
  const now = (await read(id)).contacts;
  expect(now.map(({ name }) => name)).toEqual(['Benjamin', 'Cid']);
  expect(now[0]!.id).toBe(ben!.id);
  expect(now.map((contact) => contact.id)).not.toContain(ann!.id);
  await upsert({ id, contacts: null });
  expect((await read(id)).contacts).toEqual([]);
});

test('is found and linked by the id that a connected system gave it', async () => {
  const external = { integration: await desk.integration(), externalId: 'crm-7' };
  const { id, number } = await upsert({ external, name: 'Linked' });
  expect(await upsert({ external, name: 'Linked anew' })).toMatchObject({ id, version: 2 });
  expect(await read(id)).toMatchObject({
    name: 'Linked anew',
    externalReferences: [{ externalId: 'crm-7', integration: { code: external.integration } }],
  });
  const provenance = (await read(id)).provenance as { field: string }[];
  expect(provenance.find(({ field }) => field === 'name')).toEqual({
    field: 'name',
    rule: 'source-states-it',
    updatedBy: { name: 'Administrator' },
    integration: { code: external.integration },
  });
  const other = await upsert({ name: 'Other' });
  const refused = [
    await desk.refusals('upsertCustomer', { external, number: other.number }),
    await desk.refusals('upsertCustomer', { external, id: other.id }),
    await desk.refusals('upsertCustomer', { external: { ...external, integration: 'none' }, name: 'x' }),
    await desk.refusals('upsertCustomer', { external: { ...external, externalId: '' }, name: 'x' }),
  ];
  expect(refused).toEqual([
    ['CONFLICT at number'],
    ['ALREADY_EXISTS at external.externalId'],
    ['NOT_FOUND at external.integration'],
    ['INVALID at external.externalId'],
  ]);
  expect(await upsert({ external, number })).toMatchObject({ id });
});

test('takes a number of the caller’s own for a new customer', async () => {
  const number = fresh('K');
  const { id } = await upsert({ number, name: 'Numbered' });
  expect(await upsert({ number, name: 'Numbered' })).toMatchObject({ id, number, version: 1 });
});

describe('refuses', () => {
  const cases: [string, object, string[]][] = [
    ['a new customer without a name', {}, ['REQUIRED at name']],
    ['an empty name', { name: ' ' }, ['INVALID at name']],
    [
      'to empty what must be there',
      { name: null, kind: null, isActive: null },
      ['INVALID at kind', 'INVALID at name', 'INVALID at isActive'],
    ],
    ['what is no e-mail address', { name: 'x', email: 'x@y@z' }, ['INVALID at email']],
    ['an unknown id', { id: 'x', name: 'x' }, ['NOT_FOUND at id']],
    ['an id and a number at once', { id: 'x', number: 'y', name: 'x' }, ['INVALID at number']],
    ['an unknown price list', { name: 'x', priceList: 'none' }, ['NOT_FOUND at priceList']],
    [
      'a contact that the customer does not have',
      { name: 'x', contacts: [{ name: 'a' }, { id: 'x', name: 'b' }] },
      ['NOT_FOUND at contacts.1.id'],
    ],
    [
      'several things at once',
      { id: 'x', number: 'y', name: '', email: 'no' },
      ['INVALID at number', 'INVALID at name', 'INVALID at email'],
    ],
  ];
  test.each(cases)('%s, and leaves no trace', async (_, input, expected) => {
    const before = await desk.traces();
    expect(await desk.refusals('upsertCustomer', input)).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
  });

  test('and lets the same key succeed once it is mended', async () => {
    const input = { idempotencyKey: newKey(), name: 'Later', priceList: fresh('list') };
    expect((await desk.send<CustomerPayload>('upsertCustomer', input)).userErrors.map(refusal)).toEqual([
      'NOT_FOUND at priceList',
    ]);
    const sku = await desk.product(null, null);
    await desk.done('setPrice', { sku, priceList: input.priceList, unitPrice: { amount: '1', currency: 'EUR' } });
    expect(await desk.send<CustomerPayload>('upsertCustomer', input)).toMatchObject({
      customer: { version: 1 },
      replayed: false,
    });
  });
});

test('makes one customer of a number that two callers use at the same time', async () => {
  const number = fresh('race');
  const answers = await Promise.all(
    Array.from({ length: 6 }, () =>
      desk.answer<{ upsertCustomer: CustomerPayload }>(
        'mutation($i: UpsertCustomerInput!) { upsertCustomer(input: $i) { customer { id } userErrors { code field } } }',
        { i: { idempotencyKey: newKey(), number, name: 'Race' } },
      ),
    ),
  );
  expect(answers.filter((answer) => answer.errors)).toEqual([]);
  const { rows } = await hub.hub.db.pool.query('select from customer where number = $1', [number]);
  expect(rows).toHaveLength(1);
});
