import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newKey, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, ERRORS, eur, fresh, type UserError } from './support/desk.js';

interface Row {
  replayed: boolean;
  userErrors: UserError[];
  customer?: { id: string; name: string; version: number } | null;
  product?: { sku: string; name: string; version: number } | null;
  location?: { code: string; version: number } | null;
}

const BULK = {
  upsertCustomers: ['UpsertCustomerInput', 'customer { id name version }'],
  upsertProducts: ['UpsertProductInput', 'product { sku name version }'],
  setPrices: ['SetPriceInput', 'product { sku name version }'],
  upsertStockLocations: ['UpsertStockLocationInput', 'location { code version }'],
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
