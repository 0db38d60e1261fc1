import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { START, startTestHub, type TestHub } from '../support/hub.js';
import { after, Desk, eur } from './support/desk.js';

type Line = Record<string, unknown>;

let hub: TestHub;
let desk: Desk;
let sku: string;
let customerId: string;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  sku = await desk.product('10.005', '500', { description: '=HYPERLINK("http://x.example")' });
  const contacts = [{ name: 'Ann "the" Buyer', email: 'ann@acme.example', isPrimary: true }];
  ({ id: customerId } = await desk.customer({ name: '+39 Trading, "Ltd"', tags: ['a', 'b'], contacts }));
  for (let n = 1; n <= 3; n += 1) {
    const note = n === 1 ? `first\r\nsecond, "third"` : `note ${n}`;
    await desk.order({ customerId, note, lines: [{ sku, quantity: `${n}.5` }] });
    hub.clock.forward(1_000);
  }
  await desk.acceptedQuote({ customerId, lines: [{ sku, quantity: '2' }], shippingPrice: eur('9.00') });
});
afterAll(() => hub.stop());

async function download(path: string, key: string = desk.key): Promise<Response> {
  return fetch(`${hub.hub.url}/export/${path}`, { headers: { authorization: `Bearer ${key}` } });
}
async function records(path: string): Promise<Line[]> {
  const response = await download(path);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  return (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** RFC 4180, read by rules of our own. */
function cells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] !== ',') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const MONEY = '{ amount currency }';
const GRAPH: Record<string, string> = {
  orders: `orders(orderBy: { field: UPDATED_AT, direction: ASC }) { nodes { id number status email purchaseOrderNumber note currency
    pricesIncludeTax subtotal ${MONEY} discountTotal ${MONEY} shippingTotal ${MONEY} taxTotal ${MONEY} total ${MONEY}
    paymentStatus paidTotal ${MONEY} refundedTotal ${MONEY} balanceDue ${MONEY} requestedDeliveryAt placedAt createdAt updatedAt version
    lines { id sku description quantity unitPrice ${MONEY} discountTotal ${MONEY} taxTotal ${MONEY} total ${MONEY}
      reservedQuantity canceledQuantity backorderedQuantity } } }`,
  customers: `customers { nodes { id number kind name email phone taxId isActive tags createdAt updatedAt version
    contacts { id name email phone role isPrimary } } }`,
  products: `products { nodes { id sku name description unit weightGrams taxCategory isActive isStocked requiresShipping
    createdAt updatedAt version } }`,
  quotes: `quotes { nodes { id number revision status currency validUntil subtotal ${MONEY} discountTotal ${MONEY} shippingMethod
    shippingTotal ${MONEY} taxTotal ${MONEY} total ${MONEY} createdAt updatedAt version lines { id sku description quantity unitPrice ${MONEY} listPrice ${MONEY}
      discountRate taxTotal ${MONEY} total ${MONEY} convertedQuantity externalLineId recurrence { interval termCount } } } }`,
  stock: `stockLevels { nodes { id onHand reserved safetyStock available shortfall updatedAt version } }`,
};

test.each(Object.keys(GRAPH))('%s have the values that the graph has', async (kind) => {
  const answer = await desk.ask<Record<string, { nodes: Line[] }>>(`{ ${GRAPH[kind]} }`);
  const nodes = Object.values(answer)[0]!.nodes;
  const exported = await records(kind);
  expect(nodes.length).toBeGreaterThan(0);
  expect(exported).toMatchObject(nodes);
});

test('lines of orders come as records of their own, for tables', async () => {
  const [order] = await records('orders');
  const line = (order!.lines as Line[])[0]!;
  const lines = await records('order-lines');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toEqual({ orderId: order!.id, orderNumber: order!.number, ...line });
});

test('CSV has a header, one record for each order, exact amounts and quotes where they are needed', async () => {
  const response = await download('orders?format=csv');
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="orders.csv"');
  const [head, ...rows] = cells(await response.text());
  const orders = await records('orders');
  expect(head!.slice(0, 5)).toEqual(['id', 'number', 'status', 'channel', 'customerId']);
  expect(rows).toHaveLength(3);
  rows.forEach((row, index) => {
    const cell = Object.fromEntries(head!.map((name, at) => [name, row[at]]));
    const order = orders[index]!;
    const total = order.total as { amount: string; currency: string };
    expect(row).toHaveLength(head!.length);
    expect([cell.id, cell['total.amount'], cell['total.currency'], cell.placedAt, cell.note]).toEqual([
      order.id,
      total.amount,
      total.currency,
      order.placedAt,
      order.note,
    ]);
  });
});

test('a cell that a spreadsheet would run as a formula is made text', async () => {
  const [head, row] = cells(await (await download('products?format=csv')).text());
  expect(row![head!.indexOf('description')]).toBe(`'=HYPERLINK("http://x.example")`);
  const [customerHead, customer] = cells(await (await download('customers?format=csv')).text());
  expect(customer![customerHead!.indexOf('name')]).toBe(`'+39 Trading, "Ltd"`);
  expect((await records('customers'))[0]!.name).toBe('+39 Trading, "Ltd"');
});

test('gives only what changed since an instant, that instant included', async () => {
  expect(await records(`orders?since=${after(1_000)}`)).toHaveLength(2);
  expect(await records(`orders?since=${after(1_001)}`)).toHaveLength(1);
  expect(await records(`orders?since=2027-01-01T00:00:00%2B02:00`)).toEqual([]);
  const empty = await (await download('orders?format=csv&since=2027-01-01T00:00:00Z')).text();
  expect(cells(empty)).toHaveLength(1);
});

test.each<[string, string, number, string]>([
  ['an unknown kind', 'secrets', 400, 'kind'],
  ['an unknown format', 'orders?format=xml', 400, 'format'],
  ['a time that is none', 'orders?since=yesterday', 400, 'DateTime'],
])('names %s', async (_, path, status, field) => {
  const response = await download(path);
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  expect([response.status, errors[0]!.extensions.code]).toEqual([status, 'BAD_USER_INPUT']);
  expect(errors[0]!.message).toMatch(new RegExp(`^${field}: expected`));
});

test('is for everyone inside the company and its systems, and for no customer', async () => {
  for (const role of ['SUPPORT', 'INTEGRATION', 'VIEWER']) {
    expect((await download('customers', (await desk.colleague([role])).key)).status).toBe(200);
  }
  const refused = await download('orders', (await desk.customerDesk(customerId)).key);
  expect([refused.status, await refused.json()]).toMatchObject([
    403,
    { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
  ]);
  expect((await download('orders', 'nobody')).status).toBe(401);
  expect((await fetch(`${hub.hub.url}/export/orders`)).status).toBe(401);
});

/** Enough products that a download does not fit into what sockets hold. */
async function manyProducts(): Promise<void> {
  await hub.hub.db.pool.query(
    `insert into product (id, sku, name, description, unit, tax_category, is_active, is_stocked, requires_shipping, created_at, updated_at)
     select 500000000 + n, 'MANY-' || n, 'Many', repeat('x', 2000), 'piece', 'standard', true, true, true, $1, $1
       from generate_series(1, 9000) n on conflict do nothing`,
    [START.toISOString()],
  );
}
const inSnapshot = async (): Promise<number[]> => {
  const { rows } = await hub.hub.db.pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and state = 'idle in transaction'`,
  );
  return rows.map(({ pid }) => pid);
};

test('a client that goes away ends the transaction', async () => {
  await manyProducts();
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${desk.key}` };
  const response = await fetch(`${hub.hub.url}/export/products`, { headers, signal: leaving.signal });
  await response.body!.getReader().read();
  await eventually('the export to wait for its reader', async () => (await inSnapshot()).length === 1);
  leaving.abort();
  await eventually('the end of its transaction', async () => (await inSnapshot()).length === 0);
});

test('a database that goes away in the middle breaks the download, and the next one works', async () => {
  await manyProducts();
  const response = await download('products');
  const reader = response.body!.getReader();
  await reader.read();
  const [pid] = await eventually('the export to wait for its reader', async () => {
    const pids = await inSnapshot();
    return pids.length === 1 && pids;
  });
  await hub.hub.db.pool.query('select pg_terminate_backend($1)', [pid]);
  const readOn = async () => {
    while (!(await reader.read()).done);
  };
  await expect(readOn()).rejects.toThrow();
  await eventually('the log', () => hub.log.lines.some(({ message }) => message === 'an export broke off'));
  expect((await download('stock')).status).toBe(200);
});

test('shows one moment, whatever is written while it is read', async () => {
  await manyProducts();
  const response = await download('products');
  const reader = response.body!.getReader();
  const parts = [Buffer.from((await reader.read()).value!)];
  await eventually('the export to wait for its reader', async () => (await inSnapshot()).length === 1);
  const { rows } = await hub.hub.db.pool.query<{ count: number }>('select count(*)::int as count from product');
  await hub.hub.db.pool.query(
    `update product set updated_at = updated_at + interval '1 day', name = 'Moved' where sku like 'MANY-%'`,
  );
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(Buffer.from(part.value));
  const text = Buffer.concat(parts).toString();
  expect(text.split('\n').length - 1).toBe(rows[0]!.count);
  expect(text).not.toContain('Moved');
});

test('no more than three run at once', async () => {
  await manyProducts();
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${desk.key}` };
  const open = await Promise.all(
    [1, 2, 3].map(() => fetch(`${hub.hub.url}/export/products`, { headers, signal: leaving.signal })),
  );
  expect(open.map(({ status }) => status)).toEqual([200, 200, 200]);
  const fourth = await download('stock');
  expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([429, '10']);
  leaving.abort();
  await eventually('room for another', async () => (await download('stock')).status === 200);
});
