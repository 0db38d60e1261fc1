import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { ADMIN_KEY, newKey, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, mutation } from './support/desk.js';

let hub: TestHub;
let desk: Desk;
let rival: pg.Client;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  rival = new pg.Client({ connectionString: hub.database.url });
  await rival.connect();
});
afterAll(async () => {
  await rival.end();
  await hub.stop();
});

const ORDERS = 'query($f: OrderFilter) { orders(filter: $f, first: 1) { totalCount } }';
const PRICE =
  'query($c: CurrencyCode!, $q: Decimal) { product(sku: "x") { price(currency: $c, quantity: $q) { amount } } }';
const ADJUST = 'mutation($i: AdjustStockInput!) { adjustStock(input: $i) { replayed } }';

// Documents run by graphql-js when they are seen first and compiled from the second time on: what they answer must not differ.
test.each<[string, string, object, string]>([
  [
    'a DateTime',
    ORDERS,
    { f: { placedAt: { gte: '2026-02-30T00:00:00Z' } } },
    'DateTime: expected an RFC 3339 instant',
  ],
  ['a Decimal', PRICE, { c: 'EUR', q: '1e3' }, 'Decimal: expected a decimal number'],
  ['a CurrencyCode', PRICE, { c: 'euro' }, 'CurrencyCode: expected an ISO 4217 code'],
  ['an enum value', ORDERS, { f: { status: ['LOST'] } }, 'OrderStatus'],
  ['an unknown field', ORDERS, { f: { colour: 'red' } }, 'colour'],
  ['a missing field', ADJUST, { i: { sku: 'x' } }, 'required'],
  [
    'a number for a text',
    ADJUST,
    { i: { idempotencyKey: 1, sku: 'x', location: 'y', reason: 'z' } },
    'String cannot represent a non string value',
  ],
  ['a missing variable', PRICE, {}, '$c'],
])(
  'refuses %s of the wrong shape with BAD_USER_INPUT, the first time as the third',
  async (_, query, variables, message) => {
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await desk.answer(query, variables));
    for (const { status, data, errors } of answers) {
      expect([status, data ?? null, new Set(errors!.map(({ extensions }) => extensions.code))]).toEqual([
        200,
        null,
        new Set(['BAD_USER_INPUT']),
      ]);
      expect(errors![0]!.message).toContain(message);
    }
    expect(new Set(answers.map(({ errors }) => JSON.stringify(errors!.map((error) => error.message)))).size).toBe(1);
  },
);

test('refuses the same in a document as in its variables', async () => {
  expect(await desk.code('{ orders(filter: { placedAt: { gte: "soon" } }) { totalCount } }')).toBe('BAD_USER_INPUT');
  expect(await desk.code('{ orders(filter: { currency: "euro" }) { totalCount } }')).toBe('BAD_USER_INPUT');
  expect(await desk.code('{ orders(first: "1") { totalCount } }')).toBe('BAD_USER_INPUT');
  expect(await desk.code('{ orders(filter: { status: LOST }) { totalCount } }')).toBe('BAD_USER_INPUT');
});

async function makeBig(): Promise<void> {
  if ((await desk.ask<{ product: object | null }>('{ product(sku: "BIG") { id } }')).product) return;
  await desk.done('upsertProduct', { sku: 'BIG', name: 'Big' });
  await desk.done('setPrice', { sku: 'BIG', unitPrice: { amount: '1', currency: 'EUR' } });
}

test('refuses an amount beyond all columns at its line, and leaves no trace', async () => {
  await makeBig();
  const before = await desk.traces();
  const lines = [{ sku: 'BIG', quantity: '9'.repeat(28) }];
  expect(await desk.refusals('createOrder', { channel: 'api', currency: 'EUR', lines })).toEqual([
    'INVALID at lines.0.quantity',
  ]);
  expect(await desk.traces()).toEqual(before);
});

test.each<[string, string, object]>([
  [
    'a unit price beyond all columns',
    mutation('setPrice'),
    { input: { idempotencyKey: newKey(), sku: 'BIG', unitPrice: { amount: '9'.repeat(28), currency: 'EUR' } } },
  ],
  ['a NUL in a name', mutation('upsertCustomer'), { input: { idempotencyKey: newKey(), name: 'a\0b' } }],
  [
    'a NUL in an address',
    mutation('upsertCustomer'),
    { input: { idempotencyKey: newKey(), name: 'x', billingAddress: { line1: '\0', city: 'x', country: 'IT' } } },
  ],
  ['a NUL in a lookup', 'query($n: String) { order(number: $n) { id } }', { n: '\0' }],
  [
    'a cursor that was made up',
    'query($a: String) { orders(after: $a) { totalCount edges { cursor } } }',
    { a: Buffer.from('["o.placed_at","soon","1"]').toString('base64url') },
  ],
  [
    'a cursor with an id beyond all ids',
    'query($a: String) { orders(after: $a) { edges { cursor } } }',
    { a: Buffer.from(`["o.placed_at","2026-01-01","${'9'.repeat(19)}"]`).toString('base64url') },
  ],
])('refuses %s as the caller’s mistake, not as a fault, and leaves no trace', async (_, query, variables) => {
  await makeBig();
  const before = await desk.traces();
  expect(await desk.code(query, variables)).toBe('BAD_USER_INPUT');
  expect(await desk.traces()).toEqual(before);
});

test('names what it does not know and nothing else of the schema', async () => {
  const { status, errors } = await desk.answer('{ order(id: "x") { numbr } ordrs { totalCount } }');
  expect(status).toBe(200);
  expect(errors!.map(({ message }) => message)).toEqual([
    'Cannot query field "numbr" on type "Order".',
    'Cannot query field "ordrs" on type "Query".',
  ]);
  expect(errors!.map(({ extensions }) => extensions)).toEqual([
    { code: 'GRAPHQL_VALIDATION_FAILED' },
    { code: 'GRAPHQL_VALIDATION_FAILED' },
  ]);
});

test('answers a broken document with where it is broken', async () => {
  const { status, errors } = await desk.answer('{ orders(');
  expect([status, errors![0]!.extensions.code, errors![0]!.message]).toEqual([
    200,
    'GRAPHQL_PARSE_FAILED',
    'Syntax Error: Expected Name, found <EOF>.',
  ]);
});

test('says nothing from within where the hub is at fault, and logs the cause once under the request’s id', async () => {
  await rival.query('alter table channel rename to channel_away');
  try {
    hub.log.lines.length = 0;
    const response = await fetch(`${hub.hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_KEY}`, 'x-request-id': 'fault-1' },
      body: JSON.stringify({ query: '{ viewer { roles } channels { code } }' }),
    });
    const body = (await response.json()) as object;
    expect([response.status, response.headers.get('x-request-id')]).toEqual([200, 'fault-1']);
    expect(body).toEqual({
      data: null,
      errors: [
        {
          message: 'A fault of the hub; its log has the cause under this request id',
          locations: expect.anything(),
          path: ['channels'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'fault-1' },
        },
      ],
    });
    const faults = hub.log.lines.filter(({ level }) => level === 'error');
    expect(faults).toHaveLength(1);
    expect(faults[0]!.facts).toMatchObject({ requestId: 'fault-1', path: ['channels'] });
    expect(String((faults[0]!.facts as { err: Error }).err)).toContain('channel');
  } finally {
    await rival.query('alter table channel_away rename to channel');
  }
  expect((await desk.answer('{ channels { code } }')).errors).toBeUndefined();
});

test('takes a request id that it can log, and makes one otherwise', async () => {
  const idOf = async (given: string) =>
    (await fetch(`${hub.hub.url}/healthz`, { headers: { 'x-request-id': given } })).headers.get('x-request-id');
  expect(await idOf('abc.DEF-1_2')).toBe('abc.DEF-1_2');
  for (const bad of ['x'.repeat(65), 'a b', '<script>', '{}']) expect(await idOf(bad)).toMatch(/^[\da-f-]{36}$/);
});

async function whileLocked<T>(work: (pids: () => Promise<number[]>) => Promise<T>): Promise<T> {
  await rival.query('begin');
  await rival.query('lock table channel in access exclusive mode');
  const pids = async () => {
    const { rows } = await rival.query<{ pid: number }>(
      `select pid from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.map(({ pid }) => pid);
  };
  try {
    return await work(pids);
  } finally {
    await rival.query('rollback');
  }
}

test('answers UNAVAILABLE with the request’s id where the database goes away in the middle', async () => {
  const { errors } = await whileLocked(async (pids) => {
    const answer = desk.answer('{ channels { code } }');
    const [pid] = await eventually('the query to wait', async () => {
      const found = await pids();
      return found.length > 0 && found;
    });
    await rival.query('select pg_terminate_backend($1)', [pid]);
    return answer;
  });
  expect(errors![0]).toMatchObject({ extensions: { code: 'UNAVAILABLE', requestId: expect.any(String) } });
  expect((await desk.answer('{ channels { code } }')).errors).toBeUndefined();
});

test('answers BUSY where another call holds a record for too long, and the same call succeeds then', async () => {
  const sku = await desk.product('1.00', '10');
  const input = { idempotencyKey: newKey(), sku, location: 'MAIN', delta: '1', reason: 'x' };
  await rival.query('begin');
  await rival.query('select from stock_level for update');
  const { errors } = await desk.answer(mutation('adjustStock'), { input });
  await rival.query('rollback');
  expect(errors![0]).toMatchObject({ path: ['adjustStock'], extensions: { code: 'BUSY' } });
  expect(await desk.send('adjustStock', input)).toMatchObject({ stockLevel: { onHand: '11' }, replayed: false });
});
