import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, type Level, type Payload } from './support/desk.js';

interface Policy extends Level {
  safetyStock: string;
  reorderPoint: string | null;
  reorderQuantity: string | null;
}
type Answer = Payload<'stockLevel', Policy>;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(START));

async function set(sku: string, policy: object): Promise<Policy> {
  return (await desk.done<Answer>('setReorderPolicy', { sku, location: 'MAIN', ...policy })).stockLevel!;
}

describe('a reorder policy', () => {
  test('keeps stock back and says when to order how much, and what is left out stays', async () => {
    const sku = await desk.product('10.00', '10');
    expect(await set(sku, { safetyStock: '4', reorderPoint: '8', reorderQuantity: '50' })).toMatchObject({
      onHand: '10',
      available: '6',
      safetyStock: '4',
      reorderPoint: '8',
      reorderQuantity: '50',
    });
    expect(await set(sku, { reorderPoint: null })).toMatchObject({
      safetyStock: '4',
      reorderPoint: null,
      reorderQuantity: '50',
    });
    const before = await desk.level(sku);
    await set(sku, { safetyStock: '4.0' });
    expect(await desk.level(sku)).toEqual(before);
    expect(await desk.refusals('createOrder', orderOf(sku, '7'))).toEqual(['INSUFFICIENT_STOCK at lines.0.quantity']);
    await desk.done('createOrder', orderOf(sku, '6'));
    expect(await set(sku, { safetyStock: '20' })).toMatchObject({ available: '0', reserved: '6', shortfall: '0' });
  });

  test('is made for a location that never had the product', async () => {
    const sku = await desk.product('10.00', null);
    await desk.done('upsertStockLocation', { code: 'MAIN' });
    expect(await set(sku, { reorderPoint: '5' })).toMatchObject({ onHand: '0', reorderPoint: '5' });
  });

  const bad: [string, object, string[]][] = [
    [
      'less than nothing',
      { safetyStock: '-1', reorderPoint: '-1' },
      ['INVALID at safetyStock', 'INVALID at reorderPoint'],
    ],
    ['nothing to order', { reorderQuantity: '0' }, ['INVALID at reorderQuantity']],
    ['no safety stock at all', { safetyStock: null }, ['INVALID at safetyStock']],
    ['an unknown product', { sku: 'nothing' }, ['NOT_FOUND at sku']],
    ['an unknown location', { location: 'nowhere' }, ['NOT_FOUND at location']],
    ['another version', { safetyStock: '1', expectedVersion: 99 }, ['VERSION_CONFLICT at expectedVersion']],
  ];
  test.each(bad)('is refused for %s, and leaves no trace', async (_, input, expected) => {
    const sku = await desk.product('10.00', '10');
    const before = await desk.traces();
    expect(await desk.refusals('setReorderPolicy', { sku, location: 'MAIN', ...input })).toEqual(expected);
    expect(await desk.traces()).toEqual(before);
  });

  test('stands in the level’s history', async () => {
    const sku = await desk.product('10.00', '10');
    const { id } = await set(sku, { safetyStock: '4' });
    const query = `query($id: ID!) { node(id: $id) { ... on StockLevel { history(newestFirst: true, first: 1) { nodes {
      type actor { name } changes { field from to } } } } } }`;
    const { node } = await desk.ask<{ node: { history: { nodes: object[] } } }>(query, { id });
    expect(node.history.nodes).toMatchObject([
      { type: 'POLICY_SET', actor: { name: 'Administrator' }, changes: [{ field: 'safetyStock', from: '0', to: '4' }] },
    ]);
  });
});

function orderOf(sku: string, quantity: string): object {
  return { channel: 'api', currency: 'EUR', lines: [{ sku, quantity }], confirm: true };
}

test('levels and products below their reorder point are found, and those that are not', async () => {
  const [low, fine, none] = [
    await desk.product('10.00', '5'),
    await desk.product('10.00', '6'),
    await desk.product('10.00', '1'),
  ];
  for (const sku of [low, fine]) await set(sku, { reorderPoint: '6' });
  const skus = [low, fine, none];
  const find = async (below: boolean) => {
    const query = `query($stock: StockFilter, $products: ProductFilter) {
      stockLevels(filter: $stock) { nodes { product { sku } } } products(filter: $products) { nodes { sku } } }`;
    const filter = { sku: skus, belowReorderPoint: below };
    const { stockLevels, products } = await desk.ask<{
      stockLevels: { nodes: { product: { sku: string } }[] };
      products: { nodes: { sku: string }[] };
    }>(query, { stock: filter, products: filter });
    return [stockLevels.nodes.map(({ product }) => product.sku), products.nodes.map(({ sku }) => sku)];
  };
  expect(await find(true)).toEqual([[low], [low]]);
  expect(await find(false)).toEqual([
    [fine, none],
    [fine, none],
  ]);
  const own = await desk.customerDesk((await desk.customer()).id);
  expect(await own.code('{ products(filter: { belowReorderPoint: true }) { nodes { sku } } }')).toBe('FORBIDDEN');
});

test('the movements of a level are its ledger: on-hand is their sum, and each can be found again', async () => {
  const sku = await desk.product('10.00', '10');
  hub.clock.forward(1_000);
  await desk.done('adjustStock', { sku, location: 'MAIN', delta: '-2', kind: 'DAMAGE', reason: 'broken' });
  const order = await desk.order({ lines: [{ sku, quantity: '3' }], confirm: true });
  const shipment = await desk.shipment(order.id);
  hub.clock.forward(1_000);
  await desk.done('updateShipment', { shipmentId: shipment.id, status: 'SHIPPED' });
  const query = `query($sku: String!, $first: Int, $after: String) { stockLevel(sku: $sku, location: "MAIN") { onHand
    movements(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
      nodes { id kind quantity balanceAfter reason order { id } actor { name } product { sku } location { code } } } } }`;
  interface Movements {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    nodes: { id: string; kind: string; quantity: string }[];
  }
  const read = async (variables: object) =>
    (await desk.ask<{ stockLevel: { onHand: string; movements: Movements } }>(query, { sku, ...variables })).stockLevel;
  const { onHand, movements } = await read({});
  expect(onHand).toBe('5');
  expect(movements).toMatchObject({
    totalCount: 3,
    nodes: [
      { kind: 'SHIPMENT', quantity: '-3', balanceAfter: '5', order: { id: order.id }, reason: null },
      { kind: 'DAMAGE', quantity: '-2', balanceAfter: '8', order: null, reason: 'broken' },
      { kind: 'RECEIPT', quantity: '10', balanceAfter: '10', product: { sku }, location: { code: 'MAIN' } },
    ],
  });
  const first = await read({ first: 2 });
  const rest = await read({ first: 2, after: first.movements.pageInfo.endCursor });
  expect([...first.movements.nodes, ...rest.movements.nodes]).toEqual(movements.nodes);
  const ids = movements.nodes.map(({ id }) => id);
  const nodes = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  expect(await desk.ask(nodes, { ids })).toEqual({ nodes: ids.map((id) => ({ id })) });
  const own = await desk.customerDesk((await desk.customer()).id);
  expect(await own.ask(nodes, { ids })).toEqual({ nodes: ids.map(() => null) });
});

test('price lists are told with their currency, and a customer with its own', async () => {
  const sku = await desk.product('10.00', null);
  const price = (priceList: string, amount: string, currency = 'EUR') =>
    desk.done('setPrice', { idempotencyKey: newKey(), sku, priceList, unitPrice: { amount, currency } });
  await price('dealers', '8.00');
  await price('export-usd', '9.00', 'USD');
  const { id } = await desk.customer({ priceList: 'dealers' });
  const query = `query($id: ID!) { priceLists { id code currency isDefault } customer(id: $id) { priceList { id code } } }`;
  interface Lists {
    priceLists: { id: string; code: string; currency: string; isDefault: boolean }[];
    customer: { priceList: { id: string; code: string } };
  }
  const { priceLists, customer } = await desk.ask<Lists>(query, { id });
  const found = (code: string) => priceLists.find((list) => list.code === code);
  expect(found('dealers')).toMatchObject({ currency: 'EUR', isDefault: false });
  expect(found('export-usd')).toMatchObject({ currency: 'USD', isDefault: false });
  expect(priceLists.filter(({ isDefault, currency }) => isDefault && currency === 'EUR')).toHaveLength(1);
  expect(customer.priceList).toEqual({ id: found('dealers')!.id, code: 'dealers' });
});

test('orders are found by SKU, by who knows them and by total, whatever the currency’s digits', async () => {
  const customer = await desk.customer();
  const sku = await desk.product('12.50', null);
  for (const [amount, currency] of [
    ['1000', 'JPY'],
    ['12.500', 'KWD'],
  ])
    await desk.done('setPrice', { sku, unitPrice: { amount, currency } });
  const integration = await desk.integration();
  const make = (currency: string, more: object = {}) =>
    desk.order({ customerId: customer.id, lines: [{ sku, quantity: '2' }], currency, ...more });
  const [eur, jpy, kwd] = [
    await make('EUR', { external: { integration, externalId: '1' } }),
    await make('JPY'),
    await make('KWD'),
  ];
  const find = async (filter: object) => {
    const query = 'query($filter: OrderFilter) { orders(filter: $filter) { totalCount nodes { id } } }';
    const all = { customerId: customer.id, ...filter };
    const { orders } = await desk.ask<{ orders: { totalCount: number; nodes: { id: string }[] } }>(query, {
      filter: all,
    });
    expect(orders.totalCount).toBe(orders.nodes.length);
    return orders.nodes.map(({ id }) => id).toSorted();
  };
  const ids = (...of: { id: string }[]) => of.map(({ id }) => id).toSorted();
  expect([eur, jpy, kwd].map(({ total }) => total.amount)).toEqual(['30.50', '2440', '30.500']);
  expect(await find({ sku })).toEqual(ids(eur, jpy, kwd));
  expect(await find({ sku: 'nothing' })).toEqual([]);
  expect(await find({ integration })).toEqual(ids(eur));
  expect(await find({ total: { gte: '30.5', lte: '30.50' } })).toEqual(ids(eur, kwd));
  expect(await find({ total: { gt: '30.5' } })).toEqual(ids(jpy));
  expect(await find({ total: { gte: '2440' }, currency: 'JPY' })).toEqual(ids(jpy));
  expect(await find({ total: { lt: '30.5' } })).toEqual([]);
});
