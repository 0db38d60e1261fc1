import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, START, startTestHub, type TestHub } from '../support/hub.js';
import { Desk, eur, fresh, seeded } from './support/desk.js';

interface Page {
  edges: { cursor: string; node: Row }[];
  nodes: Row[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}
type Row = { id: string } & Record<string, unknown>;

/** A list of the graph, and what one of its rows is sorted by. */
interface List {
  field: string;
  /** Around the list, where it is a field of a record. */
  within?: () => { head: string; path: string };
  select: string;
  orderBy?: string;
  key: (row: Row) => string | number;
  descending?: boolean;
}

let hub: TestHub;
let desk: Desk;
let sku: string;
const customers: string[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  const below = seeded(51);
  sku = await desk.product('1.00', null, { isStocked: false });
  for (let n = 0; n < 3; n += 1) customers.push((await desk.customer({ name: `name ${'abc'[n]}` })).id);
  for (let n = 0; n < 27; n += 1) {
    // The clock stands still more often than not, and totals repeat, so that most sort keys are tied.
    if (below(4) === 0) hub.clock.forward(1_000 * (1 + below(100)));
    const lines = [{ sku, quantity: '1', unitPrice: eur(`${1 + below(4)}.00`) }];
    const more = {
      customerId: customers[below(2)],
      channel: ['api', 'phone', 'web'][below(3)],
      confirm: below(2) === 0,
    };
    const order = await desk.order({ ...more, lines });
    if (below(4) === 0) await desk.done('cancelOrder', { orderId: order.id });
    if (n % 2 === 0) await desk.quote({ customerId: customers[below(2)], lines });
    if (n % 3 === 0) await desk.done('upsertCustomer', { name: `name ${below(5)}`, tags: below(2) ? ['vip'] : [] });
    if (n % 3 === 1)
      await desk.done('upsertProduct', {
        sku: fresh(`p${String(n).padStart(3, '0')}`),
        name: `name ${below(5)}`,
        isActive: below(2) === 0,
      });
  }
  await desk.done('upsertStockLocation', { code: 'A' });
  await desk.done('upsertStockLocation', { code: 'B' });
  const { products } = await desk.ask<{ products: { nodes: { sku: string }[] } }>(
    '{ products(first: 250) { nodes { sku } } }',
  );
  for (const product of products.nodes.slice(0, 8)) {
    for (const location of ['A', 'B']) {
      await desk.send('adjustStock', {
        idempotencyKey: newKey(),
        sku: product.sku,
        location,
        delta: String(1 + below(9)),
        reason: 'x',
      });
    }
  }
});
afterAll(() => hub.stop());
beforeEach(() => hub.clock.set(new Date(START.getTime() + 86_400_000)));

const amount = (row: Row, field = 'total') => Math.round(Number((row[field] as { amount: string }).amount) * 100);
const ORDER = 'id number placedAt updatedAt total { amount }';
const QUOTE = 'id number createdAt updatedAt validUntil total { amount }';
const ofCustomer = () => ({ head: `customer(id: "${customers[0]}")`, path: 'customer' });

const LISTS: Record<string, List> = {
  'orders, the newest first': { field: 'orders', select: ORDER, key: (row) => String(row.placedAt), descending: true },
  'orders by PLACED_AT': {
    field: 'orders',
    select: ORDER,
    orderBy: '{field: PLACED_AT, direction: ASC}',
    key: (row) => String(row.placedAt),
  },
  'orders by UPDATED_AT': {
    field: 'orders',
    select: ORDER,
    orderBy: '{field: UPDATED_AT, direction: DESC}',
    key: (row) => String(row.updatedAt),
    descending: true,
  },
  'orders by TOTAL': {
    field: 'orders',
    select: ORDER,
    orderBy: '{field: TOTAL, direction: ASC}',
    key: (row) => amount(row),
  },
  'orders by TOTAL, the largest first': {
    field: 'orders',
    select: ORDER,
    orderBy: '{field: TOTAL, direction: DESC}',
    key: (row) => amount(row),
    descending: true,
  },
  'orders by NUMBER': {
    field: 'orders',
    select: ORDER,
    orderBy: '{field: NUMBER, direction: ASC}',
    key: (row) => String(row.number),
  },
  'the orders of a customer': {
    field: 'orders',
    within: ofCustomer,
    select: ORDER,
    key: (row) => String(row.placedAt),
    descending: true,
  },
  'quotes, the newest first': { field: 'quotes', select: QUOTE, key: (row) => String(row.createdAt), descending: true },
  'quotes by VALID_UNTIL': {
    field: 'quotes',
    select: QUOTE,
    orderBy: '{field: VALID_UNTIL, direction: ASC}',
    key: (row) => String(row.validUntil),
  },
  'quotes by TOTAL': {
    field: 'quotes',
    select: QUOTE,
    orderBy: '{field: TOTAL, direction: DESC}',
    key: (row) => amount(row),
    descending: true,
  },
  'the quotes of a customer': {
    field: 'quotes',
    within: ofCustomer,
    select: QUOTE,
    key: (row) => String(row.createdAt),
    descending: true,
  },
  'customers, by number': { field: 'customers', select: 'id number name', key: (row) => String(row.number) },
  'customers by NAME': {
    field: 'customers',
    select: 'id name',
    orderBy: '{field: NAME, direction: DESC}',
    key: (row) => String(row.name),
    descending: true,
  },
  'customers by CREATED_AT': {
    field: 'customers',
    select: 'id createdAt',
    orderBy: '{field: CREATED_AT, direction: ASC}',
    key: (row) => String(row.createdAt),
  },
  'products, by SKU': { field: 'products', select: 'id sku', key: (row) => String(row.sku) },
  'products by NAME': {
    field: 'products',
    select: 'id name',
    orderBy: '{field: NAME, direction: ASC}',
    key: (row) => String(row.name),
  },
  'products by UPDATED_AT': {
    field: 'products',
    select: 'id updatedAt',
    orderBy: '{field: UPDATED_AT, direction: DESC}',
    key: (row) => String(row.updatedAt),
    descending: true,
  },
};

async function page(list: List, args: string): Promise<Page> {
  const sort = list.orderBy ? `orderBy: ${list.orderBy}, ` : '';
  const selection = `{ edges { cursor node { ${list.select} } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }`;
  const within = list.within?.();
  const text = `${list.field}(${sort}${args}) ${selection}`;
  const data = await desk.ask<Record<string, Page & Record<string, Page>>>(
    within ? `{ ${within.head} { ${text} } }` : `{ ${text} }`,
  );
  const found = within ? data[within.path]![list.field]! : data[list.field]!;
  expect(found.nodes.map(({ id }) => id)).toEqual(found.edges.map(({ node }) => node.id));
  expect([found.pageInfo.startCursor, found.pageInfo.endCursor]).toEqual([
    found.edges[0]?.cursor ?? null,
    found.edges.at(-1)?.cursor ?? null,
  ]);
  return found;
}

/** The rows as memory sorts them: by their key, ties by id, all of it turned round where the list descends. */
function reference(list: List, rows: Row[]): string[] {
  const sorted = rows.toSorted((a, b) => {
    const [x, y] = [list.key(a), list.key(b)];
    return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
  });
  return (list.descending ? sorted.reverse() : sorted).map(({ id }) => id);
}

describe.each(Object.keys(LISTS))('%s', (name) => {
  const list = LISTS[name]!;

  test('comes in order, whole, and counts itself', async () => {
    const all = await page(list, 'first: 250');
    const rows = all.edges.map(({ node }) => node);
    expect(rows.length).toBeGreaterThan(5);
    expect(new Set(rows.map(list.key)).size).toBeGreaterThan(list.orderBy?.includes('VALID_UNTIL') ? 0 : 1);
    expect(rows.map(({ id }) => id)).toEqual(reference(list, rows));
    expect(all).toMatchObject({ totalCount: rows.length, pageInfo: { hasNextPage: false, hasPreviousPage: false } });
  });

  test.each([1, 4, 7])('is the same in pages of %i, forwards and backwards', async (size) => {
    const whole = (await page(list, 'first: 250')).edges.map(({ node }) => node.id);
    const forwards: string[] = [];
    for (let at: Page | undefined; !at || at.pageInfo.hasNextPage;) {
      const behind: string = at ? `, after: "${at.pageInfo.endCursor}"` : '';
      const next: Page = await page(list, `first: ${size}${behind}`);
      expect(next.pageInfo.hasPreviousPage).toBe(at !== undefined);
      expect(next.totalCount).toBe(whole.length);
      forwards.push(...next.edges.map(({ node }) => node.id));
      expect(next.pageInfo.hasNextPage).toBe(forwards.length < whole.length);
      at = next;
    }
    expect(forwards).toEqual(whole);
    const backwards: string[] = [];
    for (let at: Page | undefined; !at || at.pageInfo.hasPreviousPage;) {
      const before: string = at ? `, before: "${at.pageInfo.startCursor}"` : '';
      const next: Page = await page(list, `last: ${size}${before}`);
      backwards.unshift(...next.edges.map(({ node }) => node.id));
      at = next;
    }
    expect(backwards).toEqual(whole);
  });

  test('gives any window between two cursors', async () => {
    const { edges } = await page(list, 'first: 250');
    const below = seeded(61);
    for (let run = 0; run < 4; run += 1) {
      const from = below(edges.length);
      const to = from + below(edges.length - from);
      const inside = edges.slice(from + 1, to).map(({ node }) => node.id);
      const bounds = `after: "${edges[from]!.cursor}", before: "${edges[to]!.cursor}"`;
      const [first, last] = [await page(list, `first: 3, ${bounds}`), await page(list, `last: 3, ${bounds}`)];
      expect(first.edges.map(({ node }) => node.id)).toEqual(inside.slice(0, 3));
      expect(last.edges.map(({ node }) => node.id)).toEqual(inside.slice(-3));
    }
  });
});

test('stays where it is while rows are added and change', async () => {
  const list = LISTS['orders, the newest first']!;
  const whole = (await page(list, 'first: 250')).edges.map(({ node }) => node.id);
  const seen: string[] = [];
  let at: Page | undefined;
  do {
    const behind: string = at ? `, after: "${at.pageInfo.endCursor}"` : '';
    at = await page(list, `first: 5${behind}`);
    seen.push(...at.edges.map(({ node }) => node.id));
    await desk.order({ lines: [{ sku, quantity: '1', unitPrice: eur('0.01') }] });
  } while (at.pageInfo.hasNextPage);
  expect(seen).toEqual(whole);
});

test('stock levels come product by product and place by place, one page as all', async () => {
  const LEVELS =
    'edges { cursor node { id product { id } location { code } } } totalCount pageInfo { hasNextPage endCursor }';
  const ask = async (args: string) =>
    (await desk.ask<{ stockLevels: Page }>(`{ stockLevels(${args}) { ${LEVELS} } }`)).stockLevels;
  const all = await ask('first: 250');
  const place = ({ node }: Page['edges'][number]) =>
    `${(node.product as Row).id} ${(node.location as { code: string }).code}`;
  const places = all.edges.map(place);
  expect(places).toEqual(places.toSorted());
  expect(all.totalCount).toBe(places.length);
  const walked: string[] = [];
  for (let at: Page | undefined; !at || at.pageInfo.hasNextPage;) {
    at = await ask(`first: 3${at ? `, after: "${at.pageInfo.endCursor}"` : ''}`);
    walked.push(...at.edges.map(place));
  }
  expect(walked).toEqual(places);
});

test('a timeline is read in pages in both directions, the newest first where asked', async () => {
  const order = await desk.order({ lines: [{ sku, quantity: '9' }] });
  for (let n = 0; n < 6; n += 1)
    await desk.done('cancelOrder', { orderId: order.id, lines: [{ lineId: order.lines[0]!.id, quantity: '1' }] });
  const ask = async (args: string) => {
    const query = `query($id: ID!) { order(id: $id) { timeline(${args}) { nodes { sequence } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } } }`;
    const { timeline } = (await desk.ask<{ order: { timeline: Page } }>(query, { id: order.id })).order;
    return {
      sequences: timeline.nodes.map(({ sequence }) => sequence),
      ...timeline.pageInfo,
      totalCount: timeline.totalCount,
    };
  };
  const one = await ask('first: 3');
  expect(one).toMatchObject({ sequences: [1, 2, 3], hasNextPage: true, hasPreviousPage: false, totalCount: 7 });
  expect(await ask(`first: 3, after: "${one.endCursor}"`)).toMatchObject({
    sequences: [4, 5, 6],
    hasNextPage: true,
    hasPreviousPage: true,
  });
  expect(await ask(`last: 2, before: "${one.endCursor}"`)).toMatchObject({ sequences: [1, 2], hasPreviousPage: false });
  const newest = await ask('first: 3, newestFirst: true');
  expect(newest).toMatchObject({ sequences: [7, 6, 5], hasNextPage: true });
  expect(await ask(`first: 9, newestFirst: true, after: "${newest.endCursor}"`)).toMatchObject({
    sequences: [4, 3, 2, 1],
    hasNextPage: false,
  });
  expect(await ask('types: [CREATED]')).toMatchObject({ sequences: [1], totalCount: 1 });
});

describe('a filter', () => {
  const ask = async (field: string, filter: string, select: string) => {
    const data = await desk.ask<Record<string, { nodes: Row[]; totalCount: number }>>(
      `{ ${field}(first: 250${filter && `, filter: ${filter}`}) { nodes { id ${select} } totalCount } }`,
    );
    expect(data[field]!.totalCount).toBe(data[field]!.nodes.length);
    return data[field]!.nodes;
  };
  const MIDDLE = '2026-03-02T09:05:00.000Z';
  const cases: [string, string, string, (row: Row) => boolean][] = [
    ['orders', '{status: [CONFIRMED]}', 'status', (row) => row.status === 'CONFIRMED'],
    [
      'orders',
      '{status: [CONFIRMED, CANCELED]}',
      'status',
      (row) => ['CONFIRMED', 'CANCELED'].includes(String(row.status)),
    ],
    [
      'orders',
      '{channel: ["phone", "web"]}',
      'channel { code }',
      (row) => (row.channel as { code: string }).code !== 'api',
    ],
    ['orders', `{placedAt: {gte: "${MIDDLE}"}}`, 'placedAt', (row) => String(row.placedAt) >= MIDDLE],
    [
      'orders',
      `{placedAt: {gt: "${START.toISOString()}", lt: "${MIDDLE}"}}`,
      'placedAt',
      (row) => String(row.placedAt) > START.toISOString() && String(row.placedAt) < MIDDLE,
    ],
    [
      'orders',
      `{updatedAt: {lte: "${MIDDLE}"}, status: [RECEIVED]}`,
      'updatedAt status',
      (row) => String(row.updatedAt) <= MIDDLE && row.status === 'RECEIVED',
    ],
    ['quotes', '{status: [DRAFT]}', 'status', (row) => row.status === 'DRAFT'],
    ['quotes', `{validUntil: {gt: "${MIDDLE}"}}`, 'validUntil', (row) => String(row.validUntil) > MIDDLE],
    ['customers', '{tag: "vip"}', 'tags', (row) => (row.tags as string[]).includes('vip')],
    ['customers', '{kind: COMPANY}', 'kind', (row) => row.kind === 'COMPANY'],
    ['products', '{isActive: false}', 'isActive', (row) => row.isActive === false],
    ['products', '{isActive: true}', 'isActive', (row) => row.isActive === true],
    ['stockLevels', '{location: ["B"]}', 'location { code }', (row) => (row.location as { code: string }).code === 'B'],
    ['stockLevels', '{availableBelow: "5"}', 'available', (row) => Number(row.available) < 5],
  ];
  test.each(cases)('%s %s finds what a search of all rows finds', async (field, filter, select, matches) => {
    const all = await ask(field, '', select);
    const expected = all.filter(matches);
    expect(expected.length).toBeGreaterThan(0);
    expect(await ask(field, filter, select)).toEqual(expected);
  });

  test.each([
    ['orders', '{status: []}'],
    ['orders', '{currency: "USD"}'],
    ['orders', '{customerId: "x"}'],
    ['orders', '{channel: ["none"]}'],
    ['customers', '{email: "none@x.example"}'],
    ['customers', '{kind: PERSON}'],
    ['products', '{sku: []}'],
    ['stockLevels', '{sku: ["none"]}'],
  ])('%s %s finds nothing', async (field, filter) => {
    expect(await ask(field, filter, '')).toEqual([]);
  });

  test('by customer finds its orders and quotes and no others', async () => {
    for (const field of ['orders', 'quotes']) {
      const all = await ask(field, '', 'customer { id }');
      const own = all.filter((row) => (row.customer as Row | null)?.id === customers[0]);
      expect(own.length).toBeGreaterThan(0);
      expect(await ask(field, `{customerId: "${customers[0]}"}`, 'customer { id }')).toEqual(own);
    }
  });

  test('by e-mail address finds it in any case', async () => {
    const { id } = await desk.customer({ email: 'Mixed.Case@Acme.Example' });
    expect(await ask('customers', '{email: "mixed.case@acme.example"}', '')).toEqual([{ id }]);
  });
});

test.each([
  ['first: 251', 'first: expected 0 to 250, got 251'],
  ['first: -1', 'first: expected 0 to 250, got -1'],
  ['last: 251', 'last: expected 0 to 250, got 251'],
  ['first: 1, last: 1', 'either `first` or `last`, not both'],
  ['after: "garbage"', 'after: expected a cursor that this list gave out'],
  ['before: ""', 'before: expected a cursor that this list gave out'],
])('refuses %s', async (args, message) => {
  const { errors } = await desk.answer(`{ orders(${args}) { totalCount } }`);
  expect(errors![0]).toMatchObject({ path: ['orders'], extensions: { code: 'BAD_USER_INPUT' } });
  expect(errors![0]!.message).toContain(message);
});

test('refuses the cursor of a list in another order', async () => {
  const { edges } = await page(LISTS['orders by TOTAL']!, 'first: 1');
  expect(await desk.code(`{ orders(after: "${edges[0]!.cursor}") { totalCount } }`)).toBe('BAD_USER_INPUT');
});

test('gives fifty where no number is asked for, and none where none is', async () => {
  const made = await Promise.all(
    Array.from({ length: 55 }, (_, n) => desk.done('upsertProduct', { sku: fresh('many'), name: `many ${n}` })),
  );
  expect(made).toHaveLength(55);
  const ask = async (args: string) =>
    (
      await desk.ask<{ products: Page }>(
        `{ products${args} { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      )
    ).products;
  expect((await ask('')).nodes).toHaveLength(50);
  expect(await ask('(first: 0)')).toEqual({
    nodes: [],
    pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});
