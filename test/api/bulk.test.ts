import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, ERRORS, eur, fresh, type UserError } from './support/desk.js';

interface Row {
  replayed: boolean;
  userErrors: UserError[];
  customer?: { id: string; name: string; version: number } | null;
  product?: { sku: string; name: string; version: number } | null;
  location?: { code: string; version: number } | null;
  order?: { id: string; status: string; version: number } | null;
}

const BULK = {
  upsertCustomers: ['UpsertCustomerInput', 'customer { id name version }'],
  upsertProducts: ['UpsertProductInput', 'product { sku name version }'],
  setPrices: ['SetPriceInput', 'product { sku name version }'],
  upsertStockLocations: ['UpsertStockLocationInput', 'location { code version }'],
  confirmOrders: ['OrderActionInput', 'order { id status version }'],
  holdOrders: ['HoldOrderInput', 'order { id status version }'],
  releaseOrders: ['ReleaseOrderInput', 'order { id status version }'],
  assignOrders: ['AssignOrderInput', 'order { id status version }'],
  releaseOrdersToWarehouse: ['ReleaseToWarehouseInput', 'order { id status version } fulfillmentOrders { status }'],
} as const;

let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
});
afterAll(() => hub.stop());

function document(name: keyof typeof BULK): string {
  const [input, selection] = BULK[name];
  return `mutation($inputs: [${input}!]!) { ${name}(inputs: $inputs) { ${selection} replayed ${ERRORS} } }`;
}
async function send(name: keyof typeof BULK, inputs: object[]): Promise<Row[]> {
  return (await desk.ask<Record<string, Row[]>>(document(name), { inputs }))[name]!;
}
const keyed = (inputs: object[]): object[] => inputs.map((input) => ({ idempotencyKey: newKey(), ...input }));

describe('a bulk form', () => {
  test('answers a result per row in their order, and a row that is refused changes nothing of the others', async () => {
    const [one, other] = [fresh('Ada'), fresh('Bob')];
    const rows = await send('upsertCustomers', keyed([{ name: one }, { name: '' }, { name: other }, { email: 'x' }]));
    expect(rows.map(({ customer }) => customer?.name)).toEqual([one, undefined, other, undefined]);
    expect(rows.map(({ userErrors }) => userErrors.map(({ code, field }) => [code, field]))).toEqual([
      [],
      [['INVALID', ['name']]],
      [],
      [['INVALID', ['email']]],
    ]);
  });

  test('sent again does what was refused before and replays the rest', async () => {
    const sku = fresh('B');
    const inputs = keyed([
      { sku, unitPrice: eur('10.00') },
      { sku, unitPrice: eur('9.00'), minimumQuantity: '10' },
    ]);
    const refused = await send('setPrices', inputs);
    expect(refused.map(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([['NOT_FOUND'], ['NOT_FOUND']]);
    await send('upsertProducts', keyed([{ sku, name: 'x' }]));
    expect((await send('setPrices', inputs)).map(({ replayed }) => replayed)).toEqual([false, false]);
    const again = await send('setPrices', inputs);
    expect(again).toMatchObject([
      { replayed: true, product: { version: 3 } },
      { replayed: true, product: { version: 3 } },
    ]);
  });

  test('takes rows of the same record in their order', async () => {
    const sku = fresh('B');
    const names = Array.from({ length: 40 }, (_, index) => `Name ${index}`);
    const rows = await send('upsertProducts', keyed(names.map((name) => ({ sku, name }))));
    expect(rows.flatMap(({ userErrors }) => userErrors)).toEqual([]);
    const history = `query($sku: String) { product(sku: $sku) { history(first: 100) { nodes { changes { field to } } } } }`;
    const answer = await desk.ask<{
      product: { history: { nodes: { changes: { field: string; to: string }[] }[] } };
    }>(history, { sku });
    const told = answer.product.history.nodes.map(({ changes }) => changes.find(({ field }) => field === 'name')!.to);
    expect(told).toEqual(names);
  });

  test('takes 500 rows and no more', async () => {
    const code = (index: number) => `BULK-${index}`;
    const rows = keyed(Array.from({ length: 501 }, (_, index) => ({ code: code(index) })));
    const made = await send('upsertStockLocations', rows.slice(0, 500));
    expect(made.map(({ location }) => location!.code)).toEqual(rows.slice(0, 500).map((_, index) => code(index)));
    expect(await desk.code(document('upsertStockLocations'), { inputs: rows })).toBe('BAD_USER_INPUT');
    expect(await desk.level('nothing', code(500))).toBeNull();
  });

  test('counts its rows in the cost of the document', async () => {
    const inputs = keyed(Array.from({ length: 400 }, () => ({ name: 'x' })));
    const deep = `mutation($inputs: [UpsertCustomerInput!]!) { upsertCustomers(inputs: $inputs) {
      customer { orders(first: 100) { nodes { id } } } } }`;
    expect(await desk.code(deep, { inputs })).toBe('LIMIT_EXCEEDED');
  });
});

describe('of steps of orders', () => {
  const codes = (rows: Row[]) => rows.map(({ userErrors }) => userErrors.map(({ code }) => code).join());

  test('holds, releases, confirms and assigns many, each by itself', async () => {
    const sku = await desk.product('10.00', '2');
    const ids: string[] = [];
    for (const quantity of ['1', '5', '1']) ids.push((await desk.order({ lines: [{ sku, quantity }] })).id);
    const each = (more: object = {}) => keyed([...ids, 'ord_none'].map((orderId) => ({ orderId, ...more })));
    expect(codes(await send('holdOrders', each({ reason: 'PRICE' })))).toEqual(['', '', '', 'NOT_FOUND']);
    expect(codes(await send('confirmOrders', each()))).toEqual(['ON_HOLD', 'ON_HOLD', 'ON_HOLD', 'NOT_FOUND']);
    expect(codes(await send('releaseOrders', each()))).toEqual(['', '', '', 'NOT_FOUND']);
    const confirmed = await send('confirmOrders', each());
    expect(codes(confirmed)).toEqual(['', 'INSUFFICIENT_STOCK', '', 'NOT_FOUND']);
    expect(confirmed.map(({ order }) => order?.status)).toEqual(['CONFIRMED', undefined, 'CONFIRMED', undefined]);
    const given = await send('releaseOrdersToWarehouse', each());
    expect(codes(given)).toEqual(['', 'INVALID_TRANSITION', '', 'NOT_FOUND']);
    expect(given[0]).toMatchObject({ order: { status: 'PROCESSING' }, fulfillmentOrders: [{ status: 'OPEN' }] });
    const assigned = await send('assignOrders', each({ department: 'WAREHOUSE', expectedVersion: 5 }));
    expect(codes(assigned)).toEqual(['', 'VERSION_CONFLICT', '', 'NOT_FOUND']);
    expect(assigned.map(({ order }) => order?.id)).toEqual([ids[0], undefined, ids[2], undefined]);
  });

  test('replays under a key that took effect for the one order, and takes an order’s rows in their order', async () => {
    const sku = await desk.product('10.00', '5');
    const { id: orderId } = await desk.order({ lines: [{ sku, quantity: '1' }] });
    const key = newKey();
    await desk.done('holdOrder', { orderId, reason: 'FRAUD', idempotencyKey: key });
    expect(await send('holdOrders', [{ orderId, reason: 'FRAUD', idempotencyKey: key }])).toMatchObject([
      { replayed: true, order: { version: 2 } },
    ]);
    const departments = ['SALES', 'FINANCE', 'SUPPORT', 'SALES', 'LOGISTICS'];
    await send('assignOrders', keyed(departments.map((department) => ({ orderId, department }))));
    const told = (await desk.timeline(orderId))
      .filter(({ type }) => type === 'ASSIGNED')
      .map(({ data }) => data!.department);
    expect(told).toEqual(departments.map((to, index) => ({ from: departments[index - 1] ?? null, to })));
  });

  test.each(['confirmOrders', 'holdOrders', 'releaseOrders', 'assignOrders', 'releaseOrdersToWarehouse'] as const)(
    '%s takes 500 rows and no more',
    async (name) => {
      const rows = Array.from({ length: 501 }, () => ({
        orderId: 'x',
        ...(name === 'holdOrders' && { reason: 'TAX' }),
      }));
      expect(codes(await send(name, rows.slice(1)))).toEqual(Array(500).fill('NOT_FOUND'));
      expect(await desk.code(document(name), { inputs: rows })).toBe('BAD_USER_INPUT');
    },
  );
});
