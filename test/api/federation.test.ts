import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, fresh } from './support/desk.js';
import { startGateway, startReviews, type Gateway, type Review } from './support/federation.js';

const ENTITIES = `query($of: [_Any!]!) { _entities(representations: $of) {
  __typename ... on Order { number status } ... on Product { sku name } ... on Customer { number name } } }`;

const reviews: Review[] = [];
const stops: (() => Promise<void>)[] = [];
let hub: TestHub;
let desk: Desk;
let gateway: Gateway;
let statements: string[] = [];
let customers: { id: string; number: string; desk: Desk; orders: { id: string; number: string }[] }[];
let sku: string;

beforeAll(async () => {
  hub = await startTestHub({ onRead: (name) => statements.push(name) });
  stops.push(hub.stop);
  desk = new Desk(hub);
  sku = await desk.product('10.00', '100');
  customers = [];
  for (let n = 0; n < 2; n += 1) {
    const customer = await desk.customer();
    const orders = [];
    for (let m = 0; m < 6; m += 1) {
      const order = await desk.order({ customerId: customer.id, lines: [{ sku, quantity: '1' }] });
      orders.push(order);
      reviews.push({ id: fresh('review'), stars: 1 + m, orderId: order.id, sku });
    }
    customers.push({ ...customer, desk: await desk.customerDesk(customer.id), orders });
  }
  const others = await startReviews(reviews);
  stops.push(others.stop);
  gateway = await startGateway({ hub: `${hub.hub.url}/graphql`, reviews: `${others.url}/graphql` }, desk.key);
  stops.push(gateway.stop);
}, 120_000);
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

async function find(representations: unknown[], by = desk): Promise<(Record<string, string> | null)[]> {
  const { _entities } = await by.ask<{ _entities: [] }>(ENTITIES, { of: representations });
  return _entities;
}

/** The same document thrice: read, compiled, run compiled. */
async function thrice<Data>(query: string, key = desk.key): Promise<Data> {
  const answers = [];
  for (let time = 0; time < 3; time += 1) answers.push(await gateway.graph<Data>(query, key));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]!.errors).toBeUndefined();
  return answers[0]!.data;
}

test('through a gateway, orders of the hub have what another graph knows of them', async () => {
  const { orders } = await thrice<{ orders: { nodes: { number: string; reviews: { stars: number }[] }[] } }>(
    '{ orders(first: 50) { nodes { number reviews { stars } } } }',
  );
  const stars = Object.fromEntries(orders.nodes.map((order) => [order.number, order.reviews.map((one) => one.stars)]));
  const expected = customers.flatMap((customer) => customer.orders.map(({ number }, index) => [number, [index + 1]]));
  expect(stars).toEqual(Object.fromEntries(expected));
});

test('through a gateway, another graph’s records have the hub’s orders by id and products by SKU', async () => {
  const data = await thrice<{ reviews: object[] }>(
    '{ reviews { id order { number customer { number } } product { name reviewCount stock { onHand } } } }',
  );
  const orders = customers.flatMap((customer) =>
    customer.orders.map(({ number }) => ({ number, customer: { number: customer.number } })),
  );
  const { product } = await desk.ask<{ product: { name: string } }>(`{ product(sku: "${sku}") { name } }`);
  expect(data.reviews).toEqual(
    reviews.map(({ id }, index) => ({
      id,
      order: orders[index],
      product: { name: product.name, reviewCount: reviews.length, stock: [{ onHand: '100' }] },
    })),
  );
});

test('back and forth: the reviews of the orders of the customer of a review', async () => {
  const { node } = await thrice<{ node: { orders: { nodes: { reviews: { order: { number: string } }[] }[] } } }>(
    `{ node(id: "${customers[0]!.id}") { ... on Customer { orders { nodes { reviews { order { number } } } } } } }`,
  );
  const numbers = node.orders.nodes.flatMap((order) => order.reviews.map((review) => review.order.number));
  expect(numbers.toSorted()).toEqual(customers[0]!.orders.map(({ number }) => number).toSorted());
});

test('reads the entities of one request with as many statements as for one', async () => {
  const read = async (count: number) => {
    const orders = customers.flatMap((customer) => customer.orders).slice(0, count);
    const of = [
      ...orders.map(({ id }) => ({ __typename: 'Order', id })),
      ...orders.map(({ number }) => ({ __typename: 'Order', number })),
      ...customers.slice(0, count).map(({ id }) => ({ __typename: 'Customer', id })),
    ];
    statements = [];
    const found = await find(of);
    expect(found).not.toContain(null);
    return [found.length, statements.toSorted()] as const;
  };
  const [one, few] = await read(1);
  const [all, many] = await read(12);
  expect([one, all]).toEqual([3, 26]);
  expect(few.length).toBe(3);
  expect(many).toEqual(few);
});

test('asked through a gateway, the number of statements does not grow with the records either', async () => {
  const read = async () => {
    statements = [];
    const { errors } = await gateway.graph('{ reviews { order { number lines { sku product { name } } } } }', desk.key);
    expect(errors).toBeUndefined();
    return statements.toSorted();
  };
  const all = reviews.splice(1);
  const few = await read();
  reviews.push(...all);
  expect(await read()).toEqual(few);
  expect(few.length).toBeGreaterThan(2);
});

test('a customer’s key finds that customer’s records alone, by either key, as with node', async () => {
  const [own, other] = customers as [(typeof customers)[0], (typeof customers)[0]];
  const representations = ({ id, number, orders }: typeof own) => [
    { __typename: 'Customer', id },
    { __typename: 'Customer', number },
    ...orders.flatMap((order) => [
      { __typename: 'Order', id: order.id },
      { __typename: 'Order', number: order.number },
    ]),
  ];
  expect(await find(representations(other), own.desk)).toEqual(representations(other).map(() => null));
  expect(await find(representations(own), own.desk)).not.toContain(null);

  const { reviews: seen } = await thrice<{ reviews: { order: { number: string } | null }[] }>(
    '{ reviews { order { number } } }',
    own.desk.key,
  );
  const numbers = seen.map(({ order }) => order?.number ?? null);
  expect(numbers).toEqual([...own.orders.map(({ number }) => number), ...other.orders.map(() => null)]);
});

test('what is for the company alone is null for a customer, by either key', async () => {
  const code = await desk.integration();
  const { integration } = await desk.ask<{ integration: { id: string } }>(`{ integration(code: "${code}") { id } }`);
  const { apiKeys } = await desk.ask<{ apiKeys: { id: string }[] }>('{ apiKeys { id } }');
  const of = [
    { __typename: 'Integration', code },
    { __typename: 'Integration', id: integration.id },
    { __typename: 'ApiKey', id: apiKeys[0]!.id },
  ];
  expect(await find(of)).toEqual(of.map(({ __typename }) => ({ __typename })));
  expect(await find(of, customers[0]!.desk)).toEqual([null, null, null]);
  const viewer = await desk.colleague(['VIEWER']);
  expect((await find(of, viewer)).map((found) => found !== null)).toEqual([true, true, false]);
});

test('keeps the order of the representations, with null where there is none of that type', async () => {
  const [{ id, number, orders }] = customers as [(typeof customers)[0]];
  const found = await find([
    { __typename: 'Product', sku },
    { __typename: 'Order', id },
    { __typename: 'Order', id: orders[0]!.id },
    { __typename: 'Customer', number: 'none' },
    { __typename: 'Product', sku },
    { __typename: 'Customer', number },
    { __typename: 'Order', id: 'none' },
  ]);
  expect(found.map((one) => one?.sku ?? one?.number ?? null)).toEqual([
    sku,
    null,
    orders[0]!.number,
    null,
    sku,
    number,
    null,
  ]);
});

test.each([
  [null],
  ['Order'],
  [{}],
  [{ __typename: 'Order' }],
  [{ __typename: 'Order', id: 5 }],
  [{ __typename: 'Order', sku: 'x' }],
  [{ __typename: 'Quote', number: 'Q-1' }],
  [{ __typename: 'Money', amount: '1' }],
  [{ __typename: 'constructor', id: 'x' }],
])('refuses a representation that names no record: %j', async (wrong) => {
  const of = [{ __typename: 'Product', sku }, wrong];
  expect(await desk.code(ENTITIES, { of })).toBe('BAD_USER_INPUT');
});

test('takes 250 representations at most, and counts each in the cost', async () => {
  const of = (count: number) => ({ of: Array.from({ length: count }, () => ({ __typename: 'Product', sku })) });
  expect(await desk.code(ENTITIES, of(250))).toBeUndefined();
  expect(await desk.code(ENTITIES, of(251))).toBe('BAD_USER_INPUT');
  const wide = `query($of: [_Any!]!) { _entities(representations: $of) {
    ... on Customer { orders(first: 250) { nodes { id } } } } }`;
  expect(await desk.code(wide, of(90))).toBeUndefined();
  expect(await desk.code(wide, of(250))).toBe('LIMIT_EXCEEDED');
  const written = Array.from({ length: 250 }, () => `{ __typename: "Product", sku: "${sku}" }`).join(' ');
  expect(await desk.code(wide.replace('$of)', `[${written}])`).replace('($of: [_Any!]!)', ''))).toBe('LIMIT_EXCEEDED');
});

test('tells its schema to every key, and to nobody without one', async () => {
  const { _service } = await customers[0]!.desk.ask<{ _service: { sdl: string } }>('{ _service { sdl } }');
  const keys = [..._service.sdl.matchAll(/^type (\w+) implements Node (@key.*) \{$/gm)].map(([, type, key]) => [
    type,
    key,
  ]);
  const id = '@key(fields: "id")';
  expect(keys.length).toBeGreaterThan(15);
  expect(Object.fromEntries(keys)).toMatchObject({
    Order: `${id} @key(fields: "number")`,
    Customer: `${id} @key(fields: "number")`,
    Product: `${id} @key(fields: "sku")`,
    Integration: `${id} @key(fields: "code")`,
    Quote: id,
    StockLevel: id,
  });
  expect(_service.sdl.match(/implements Node \{/g)).toBeNull();
  expect(() => buildSubgraphSchema(parse(_service.sdl))).not.toThrow();

  for (const key of [null, 'unknown']) {
    const { status, data, errors } = await hub.graph('{ _service { sdl } }', {}, key);
    expect([status, data, errors![0]!.extensions.code]).toEqual([401, undefined, 'UNAUTHENTICATED']);
  }
  await expect(startGateway({ hub: `${hub.hub.url}/graphql` }, null)).rejects.toThrow();
});

test('traces nothing for a router that asks for it', async () => {
  const response = await fetch(`${hub.hub.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${desk.key}`,
      'content-type': 'application/json',
      'apollo-federation-include-trace': 'ftv1',
    },
    body: JSON.stringify({ query: '{ viewer { roles } }' }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { roles: ['ADMIN'] } } });
});

test('the printed schema is without what is for routers', () => {
  expect(readFileSync('schema/schema.graphql', 'utf8')).not.toMatch(/_entities|_service|_Any|@key/);
});
