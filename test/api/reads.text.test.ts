import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur } from './support/desk.js';

let hub: TestHub;
let desk: Desk;
let ids: Record<string, string>;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  const ada = await desk.customer({
    name: 'Ada Łódź & Co',
    email: 'Buyer@Ada.example',
    contacts: [{ name: 'Eve', email: 'eve@night.example' }],
  });
  const plain = await desk.customer({ name: 'Plain', email: null });
  await desk.done('upsertProduct', { sku: 'BOLT_M8', name: 'Bolt 100% steel', isStocked: false });
  const line = { quantity: '1', unitPrice: eur('1.00') };
  const first = await desk.order({
    customerId: ada.id,
    lines: [{ sku: 'BOLT_M8', ...line }],
    purchaseOrderNumber: 'PO 77/B',
    confirm: true,
  });
  const second = await desk.order({
    customerId: plain.id,
    lines: [{ sku: 'BOLT_M8', ...line }],
    email: 'other@else.example',
    confirm: true,
  });
  const location = { code: 'W' };
  await desk.done('upsertStockLocation', location);
  await desk.shipment(second.id, { location: 'W', trackingNumber: '1Z-999-AA' });
  ids = { [ada.id]: 'ada', [plain.id]: 'plain', [first.id]: 'first', [second.id]: 'second', [first.number]: 'number' };
});
afterAll(() => hub.stop());

async function found(field: string, text: string): Promise<string[]> {
  const query = `query($text: String) { ${field}(filter: { text: $text }) { nodes { id } totalCount } }`;
  const { nodes, totalCount } = (
    await desk.ask<Record<string, { nodes: { id: string }[]; totalCount: number }>>(query, { text })
  )[field]!;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ id }) => ids[id] ?? id).sort();
}

test.each([
  ['the PO number', 'po 77/b', ['first']],
  ['a piece of the PO number', '77/', ['first']],
  ['the customer’s name, in any case', 'ŁÓDŹ', ['first']],
  ['the customer’s e-mail', 'buyer@ada', ['first']],
  ['its own e-mail', 'else.example', ['second']],
  ['a tracking number', '999-aa', ['second']],
  ['a SKU, its underscore no wildcard', 'bolt_m8', ['first', 'second']],
  ['a SKU with another letter for the underscore, not at all', 'boltxm8', []],
  ['a piece of its number', 'SO-1000', ['first', 'second']],
  ['two characters where a value begins', 'bo', ['first', 'second']],
  ['two characters inside a value, not at all', 'ol', []],
  ['a text over two values, not at all', 'plain other', []],
  ['the name of a product, not at all', '100% steel', []],
  ['a blank text, as if it were left out', '  ', ['first', 'second']],
])('orders are found by %s', async (_, text, expected) => {
  expect(await found('orders', text)).toEqual(expected);
});

test('orders follow their words: a changed name finds them, the old one no more', async () => {
  const { id } = await desk.customer({ name: 'Before' });
  const order = await desk.order({
    customerId: id,
    lines: [{ sku: 'BOLT_M8', quantity: '1', unitPrice: eur('1.00') }],
  });
  expect(await found('orders', 'before')).toEqual([order.id]);
  await desk.done('upsertCustomer', { id, name: 'Afterwards' });
  expect(await found('orders', 'before')).toEqual([]);
  expect(await found('orders', 'afterwards')).toEqual([order.id]);
  await hub.hub.db.pool.query(
    `update orders set purchase_order_number = 'LATER-1', email = 'later@x.example' where id = (select max(id) from orders)`,
  );
  expect(await found('orders', 'later-1')).toEqual([order.id]);
  expect(await found('orders', 'later@x')).toEqual([order.id]);
});

test('a customer finds its own orders alone', async () => {
  const { id } = await desk.customer({ name: 'Own' });
  const own = await desk.customerDesk(id);
  const order = await desk.order({
    customerId: id,
    lines: [{ sku: 'BOLT_M8', quantity: '1', unitPrice: eur('1.00') }],
  });
  const { orders } = await own.ask<{ orders: object }>(
    '{ orders(filter: { text: "bolt" }) { nodes { id } totalCount } }',
  );
  expect(orders).toEqual({ nodes: [{ id: order.id }], totalCount: 1 });
});

test.each([
  ['the name', 'łódź', ['ada']],
  ['the e-mail', 'ada.example', ['ada']],
  ['the e-mail of a contact', 'eve@', ['ada']],
  ['one character where a value begins', 'p', ['plain']],
])('customers are found by %s', async (_, text, expected) => {
  expect(await found('customers', text)).toEqual(expected);
});

test.each([
  ['SKU', 'olt_m'],
  ['name', '100% ST'],
])('products are found by %s', async (_, text) => {
  expect(await found('products', text)).toHaveLength(1);
});

test.each([
  ['nothing but signs', '%%%', 'at least one letter or figure'],
  ['more than 200 characters', 'x'.repeat(201), 'at most 200 characters'],
])('a text of %s is refused', async (_, text, message) => {
  for (const field of ['orders', 'customers', 'products']) {
    const answer = await desk.answer(`query($text: String) { ${field}(filter: { text: $text }) { nodes { id } } }`, {
      text,
    });
    expect(answer.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(answer.errors![0]!.message).toContain(message);
  }
});

describe('among tens of thousands', () => {
  /** Tables that grow; of the others reading all rows may be the best plan. */
  const LARGE = [
    'orders',
    'order_words',
    'order_line',
    'shipment',
    'quote',
    'customer',
    'contact',
    'product',
    'external_reference',
    'event',
  ];
  let sent: { text: string; values: unknown[] }[] = [];
  const { query } = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown };

  beforeAll(async () => {
    await hub.hub.db.pool.query(MANY);
    await hub.hub.db.pool.query('vacuum analyze');
    Object.assign(pg.Client.prototype, {
      query(this: pg.Client, ...args: unknown[]) {
        const [statement] = args as [{ text?: string; values?: unknown[] }];
        if (statement?.text?.includes('like lower($'))
          sent.push({ text: statement.text, values: statement.values ?? [] });
        return query.apply(this, args);
      },
    });
  });
  afterAll(() => {
    Object.assign(pg.Client.prototype, { query });
  });
  beforeEach(() => {
    sent = [];
  });

  /** Which of the large tables a statement’s plan reads from end to end. */
  async function readWhole({ text, values }: { text: string; values: unknown[] }): Promise<string[]> {
    const { rows } = await hub.hub.db.pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (format json) ${text}`,
      values,
    );
    return wholeReads(rows[0]!['QUERY PLAN'][0].Plan).filter((table) => LARGE.includes(table));
  }

  test.each([
    ['orders', 'so-31234', 1],
    ['orders', 'po-21234', 1],
    ['orders', 'mail12345@', 1],
    ['orders', 'trk-9876', 1],
    ['orders', 'firm 4321', 3],
    ['orders', 'firm4321@', 3],
    ['orders', 'sku-4321', 3],
    ['orders', 'zz', 1],
    ['customers', 'firm 4321', 1],
    ['customers', 'n-4321', 1],
    ['customers', 'firm4321@', 1],
    ['customers', 'contact4321@', 1],
    ['quotes', 'qu-14321', 1],
    ['quotes', 'firm 4321', 2],
    ['quotes', 'firm4321@', 2],
    ['products', 'sku-4321', 1],
    ['products', 'thing 4321', 1],
  ])('%s by "%s" are read by index alone, page and count', async (field, text, expected) => {
    expect(await found(field, text)).toHaveLength(expected);
    expect(sent.length).toBeGreaterThanOrEqual(2);
    for (const statement of sent) expect(await readWhole(statement)).toEqual([]);
  });

  test.each(['so-', 'po-'])(
    '"%s", which most orders have, is found page by page among the orders themselves',
    async (text) => {
      const page = async (bounds: string) => {
        const query = `query($text: String) { orders(${bounds}, filter: { text: $text }) { nodes { number } pageInfo { endCursor hasNextPage } totalCount } }`;
        return (await desk.ask<{ orders: Common }>(query, { text })).orders;
      };
      interface Common {
        nodes: { number: string }[];
        pageInfo: { endCursor: string };
        totalCount: number;
      }
      const column = text === 'so-' ? 'number' : 'purchase_order_number';
      const { rows } = await hub.hub.db.pool.query<{ number: string }>(
        `select number from orders where lower(${column}) like $1 order by placed_at desc, id desc`,
        [`%${text}%`],
      );
      expect(rows.length).toBeGreaterThan(29_000);
      const first = await page('first: 200');
      const second = await page(`first: 200, after: "${first.pageInfo.endCursor}"`);
      expect([...first.nodes, ...second.nodes]).toEqual(rows.slice(0, 400));
      expect((await page('last: 5')).nodes).toEqual(rows.slice(-5));
      expect([first.totalCount, second.totalCount]).toEqual([rows.length, rows.length]);
      const pages = sent.filter((one) => one.text.includes('order by'));
      expect(pages.length).toBe(3);
      for (const one of pages) expect(await readWhole(one)).toEqual([]);
    },
  );
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}
function wholeReads(node: PlanNode): string[] {
  const own = node['Node Type'].endsWith('Seq Scan') ? [node['Relation Name']!] : [];
  return [...own, ...(node.Plans ?? []).flatMap(wholeReads)];
}

const MANY = `
  insert into customer (id, number, kind, name, email, created_at, updated_at)
  select 1000000 + n, 'N-' || n, 'COMPANY', 'Firm ' || n, 'firm' || n || '@x.example', now(), now() from generate_series(1000, 10999) n;
  insert into contact (id, customer_id, position, name, email)
  select 1000000 + n, 1000000 + n, 0, 'Contact', 'contact' || n || '@x.example' from generate_series(1000, 10999) n;
  insert into product (id, sku, name, created_at, updated_at)
  select 1000000 + n, 'SKU-' || n, 'Thing ' || n, now(), now() from generate_series(1000, 10999) n;
  insert into orders (id, number, channel_id, status, customer_id, email, purchase_order_number, currency, prices_include_tax,
    subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, placed_at, created_at, updated_at, event_count)
  select 1000000 + n, case n when 10000 then 'ZZ-1' else 'SO-' || n end, 1, 'RECEIVED', 1000000 + 1000 + n % 10000, 'mail' || n || '@y.example', 'PO-' || n, 'EUR',
    false, n, 0, 0, 0, n, now() - n * interval '1 minute', now(), now(), 0 from generate_series(10000, 39999) n;
  insert into order_line (id, order_id, position, product_id, sku, description, requires_shipping, quantity, unit_price,
    discount_minor, tax_minor, total_minor, ordered_discount_minor)
  select 1000000 + n, 1000000 + 10000 + n % 30000, n / 30000, 1000000 + 1000 + n % 10000, 'SKU-' || 1000 + n % 10000, 'Line', true, 1, 1, 0, 0, 1, 0
    from generate_series(0, 59999) n;
  insert into shipment (id, number, order_id, location_id, status, status_at, tracking_number, created_at, updated_at)
  select 1000000 + n, 'SH-' || n, 1000000 + n + 10000, (select min(id) from stock_location), 'SHIPPED', now(), 'TRK-' || n, now(), now() from generate_series(5000, 24999) n;
  insert into quote (id, number, revision, status, customer_id, currency, valid_until, subtotal_minor, discount_minor, tax_minor,
    total_minor, created_at, updated_at, event_count)
  select 1000000 + n, 'QU-' || 10000 + n / 2, 1 + n % 2, 'SENT', 1000000 + 1000 + n / 2 % 10000, 'EUR', now(), n, 0, 0, n,
    now() - n * interval '1 minute', now(), 1 from generate_series(0, 39999) n`;
