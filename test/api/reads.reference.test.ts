import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseTypeId, typeId } from '../../src/shared/ids.js';
import { startTestHub, type TestHub } from '../support/hub.js';
import { scaled, SEED } from '../support/scale.js';
import { Desk, seeded } from './support/desk.js';
import { insertRecords, randomRecords } from './support/random-records.js';
import type { RandomFilter, ReferenceList } from './support/random-filters.js';
import { newestOf, referenceLists } from './support/reference-lists.js';

interface Page {
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  totalCount: number;
}
/** One way to ask for a list, and the ids that memory answers. */
interface Asked {
  list: ReferenceList;
  filter: Record<string, unknown>;
  orderBy: object | undefined;
  expected: string[];
}

const SIZE = 300;
const RUNS = scaled(6, 300);
const FILTER_RUNS = scaled(12, 300);
const PAGE =
  '{ edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }';

const records = randomRecords(SEED, SIZE);
const lists = referenceLists(records);
let hub: TestHub;
let desk: Desk;

beforeAll(async () => {
  hub = await startTestHub();
  desk = new Desk(hub);
  await insertRecords(hub.hub.db.pool, records);
});
afterAll(() => hub.stop());

/** Up to three filters and an order, by chance; with what a walk over all records makes of them. */
function ask(list: ReferenceList, below: (bound: number) => number): Asked {
  const chosen = new Map<string, RandomFilter<{ id: string }>>();
  const names = Object.keys(list.filters);
  for (let n = below(4); n > 0 && names.length > 0; n -= 1) {
    const name = names[below(names.length)]!;
    chosen.set(name, list.filters[name]!(below));
  }
  const sorts = Object.keys(list.sorts);
  const field = below(6) === 0 ? undefined : sorts[below(sorts.length)];
  const isDescending = field ? below(2) === 0 : list.unsorted.descending;
  return {
    list,
    filter: Object.fromEntries([...chosen].map(([name, { value }]) => [name, value])),
    orderBy: field ? { field, direction: isDescending ? 'DESC' : 'ASC' } : undefined,
    expected: answer(list, [...chosen.values()], field ? list.sorts[field]! : list.unsorted.key, isDescending),
  };
}

/** The plain answer: filter, sort by the key, ties by id, all of it turned round where the list descends. */
function answer(
  list: ReferenceList,
  filters: RandomFilter<{ id: string }>[],
  key: (row: { id: string }) => string | number | bigint,
  isDescending: boolean,
): string[] {
  const tie = list.tie ?? ((row) => BigInt(row.id));
  const rows = list.rows.filter((row) => filters.every((filter) => filter.holds(row)));
  rows.sort((a, b) => compare(key(a), key(b)) || compare(tie(a), tie(b)));
  return (isDescending ? rows.reverse() : rows).map(({ id }) => typeId(list.prefix, id));
}

function compare(a: string | number | bigint, b: string | number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function page({ list, filter, orderBy }: Asked, bounds: object): Promise<Page> {
  const given: [name: string, type: string, value: unknown][] = Object.entries(bounds).map(([name, value]) => [
    name,
    typeof value === 'number' ? 'Int' : 'String',
    value,
  ]);
  if (list.argumentType)
    for (const [name, value] of Object.entries(filter)) given.push([name, list.argumentType, value]);
  else if (list.filterType) given.push(['filter', list.filterType, { ...list.base, ...filter }]);
  if (list.sortType) given.push(['orderBy', list.sortType, orderBy]);
  const named = given.map(([name]) => `${name}: $${name}`);
  const field = `${list.field}(${[...named, ...(list.always ? [list.always] : [])].join(', ')}) ${PAGE}`;
  const body = list.within ? `${list.within.field}(${list.within.arguments}) { ${field} }` : field;
  const head = given.map(([name, type]) => `$${name}: ${type}`).join(', ');
  const data = await desk.ask<Record<string, Page & Record<string, Page>>>(
    `query(${head}) { ${body} }`,
    Object.fromEntries(given.map(([name, , value]) => [name, value])),
  );
  return list.within ? data[list.within.field]![list.field]! : data[list.field]!;
}

const idsOf = ({ edges }: Page): string[] => edges.map(({ node }) => node.id);

/** Compares a page with the part of the answer that it must be; gives out its cursors. */
function check(found: Page, { expected }: Asked, from: number, to: number): string[] {
  const cursors = found.edges.map(({ cursor }) => cursor);
  expect({ ids: idsOf(found), totalCount: found.totalCount, ...found.pageInfo }).toEqual({
    ids: expected.slice(from, to),
    totalCount: expected.length,
    hasPreviousPage: from > 0,
    hasNextPage: to < expected.length,
    startCursor: cursors[0] ?? null,
    endCursor: cursors.at(-1) ?? null,
  });
  return cursors;
}

async function walkForwards(asked: Asked, size: number): Promise<string[]> {
  const { length } = asked.expected;
  const cursors: string[] = [];
  for (let from = 0; from === 0 || from < length; from += size) {
    const found = await page(asked, { first: size, ...(from > 0 && { after: cursors.at(-1) }) });
    cursors.push(...check(found, asked, from, Math.min(from + size, length)));
  }
  return cursors;
}

async function walkBackwards(asked: Asked, size: number): Promise<string[]> {
  const { length } = asked.expected;
  const cursors: string[] = [];
  for (let to = length; to === length || to > 0; to -= size) {
    const found = await page(asked, { last: size, ...(to < length && { before: cursors[0] }) });
    cursors.unshift(...check(found, asked, Math.max(to - size, 0), to));
  }
  return cursors;
}

describe.each(Object.keys(lists))('%s', (name) => {
  const list = lists[name]!;

  test('is what memory makes of the records: by any filter and order, in pages of any size, both ways', async () => {
    const below = seeded(SEED + name.length);
    let found = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const asked = ask(list, below);
      const { length } = asked.expected;
      const size = Math.max(1, Math.min(250, Math.ceil(length / (1 + below(6)))));
      const at = { run, filter: asked.filter, orderBy: asked.orderBy, size };
      try {
        const cursors = await walkForwards(asked, size);
        expect(await walkBackwards(asked, size)).toEqual(cursors);
        if (length > 2) {
          const from = below(length - 1);
          const to = from + 1 + below(length - from - 1);
          const window = { after: cursors[from], before: cursors[to] };
          expect(idsOf(await page(asked, { first: 3, ...window }))).toEqual(
            asked.expected.slice(from + 1, to).slice(0, 3),
          );
          expect(idsOf(await page(asked, { last: 3, ...window }))).toEqual(
            asked.expected.slice(from + 1, to).slice(-3),
          );
        }
      } catch (error) {
        throw new Error(`${JSON.stringify(at)}: ${(error as Error).message}`, { cause: error });
      }
      found += length;
    }
    expect(found).toBeGreaterThan(RUNS);
  });

  const filterNames = Object.keys(list.filters);
  if (filterNames.length === 0) return;

  test.each(filterNames)('filtered by %s alone', async (filterName) => {
    const below = seeded(SEED + filterName.length);
    const counts: number[] = [];
    for (let run = 0; run < FILTER_RUNS; run += 1) {
      const filter = list.filters[filterName]!(below);
      const expected = answer(list, [filter], list.unsorted.key, list.unsorted.descending);
      const asked = { list, filter: { [filterName]: filter.value }, orderBy: undefined, expected };
      const found = await page(asked, { first: 250 });
      expect({ value: filter.value, ids: idsOf(found), count: found.totalCount }).toEqual({
        value: filter.value,
        ids: expected.slice(0, 250),
        count: expected.length,
      });
      counts.push(expected.length);
    }
    expect(Math.max(...counts)).toBeGreaterThan(0);
    expect(Math.min(...counts)).toBeLessThan(list.rows.length);
  });
});

test('every record is found by what names it: its id, number or SKU, and its id elsewhere', async () => {
  const below = seeded(SEED);
  const roots = [
    ['order', 'ord', 'number', records.orders],
    ['customer', 'cus', 'number', records.customers],
    ['quote', 'quo', 'number', records.quotes.filter(newestOf(records.quotes))],
    ['product', 'prd', 'sku', records.products],
  ] as const;
  for (const [field, prefix, key, rows] of roots) {
    for (let n = 0; n < 20; n += 1) {
      const row: { id: string; integrations?: string[]; number?: string; sku?: string } = rows[below(rows.length)]!;
      const id = typeId(prefix, row.id);
      const name = JSON.stringify(row[key]);
      const external = row.integrations?.map(
        (code) => `${code}: ${field}(external: { integration: "${code}", externalId: "${row.id}" }) { id }`,
      );
      const data = await desk.ask<Record<string, { id: string }>>(
        `{ byId: ${field}(id: "${id}") { id } byKey: ${field}(${key}: ${name}) { id } node(id: "${id}") { id } ${external?.join(' ') ?? ''} }`,
      );
      expect([...new Set(Object.values(data).map((found) => found.id))]).toEqual([id]);
      expect(Object.keys(data)).toHaveLength(3 + (row.integrations?.length ?? 0));
    }
  }
  const level = records.levels[below(records.levels.length)]!;
  const { stockLevel } = await desk.ask<{ stockLevel: { id: string } }>(
    `{ stockLevel(sku: ${JSON.stringify(level.product.sku)}, location: "${level.location.code}") { id } }`,
  );
  expect(parseTypeId(stockLevel.id)!.id).toBe(level.id);
});

describe('while rows are added between pages', () => {
  const walks = ['orders', 'customers', 'products', 'quotes'].flatMap((name) =>
    Object.keys(lists[name]!.sorts).flatMap((sort) =>
      ['ASC', 'DESC'].map((direction) => [name, sort, direction] as const),
    ),
  );

  const TABLES: Record<string, [table: string, key: string]> = {
    orders: ['orders', 'number'],
    customers: ['customer', 'number'],
    products: ['product', 'sku'],
    quotes: ['quote', 'number'],
  };
  type Row = { id: string } & Record<string, unknown>;
  /** What memory has of a list by now: what other walks have added, too. */
  const rowsNow = new Map<string, Row[]>();

  test.each(walks)('%s by %s %s: each that was there comes once, in its place', async (name, field, direction) => {
    const list = lists[name]!;
    const rows = rowsNow.get(name) ?? [...(list.rows as Row[])];
    rowsNow.set(name, rows);
    const inOrder = () => answer({ ...list, rows }, [], list.sorts[field]!, direction === 'DESC');
    /** Of each that is added, how far the walk had come. */
    const addedAt = new Map<string, string>();
    const seen: string[] = [];
    for (let at: Page | undefined; !at || at.pageInfo.hasNextPage;) {
      const asked = { list, filter: {}, orderBy: { field, direction }, expected: [] };
      at = await page(asked, { first: 60, ...(at && { after: at.pageInfo.endCursor }) });
      seen.push(...idsOf(at));
      if (!at.pageInfo.hasNextPage) break;
      const [here, now] = [seen.at(-1)!, inOrder()];
      // Behind the walk, before it, and beside the cursor with which it goes on.
      for (const id of [now[0]!, now.at(-1)!, here]) addedAt.set(await addCopyOf(name, rows, id), here);
    }
    const now = inOrder();
    const place = new Map(now.map((id, index) => [id, index]));
    const isAhead = (id: string) => place.get(id)! > place.get(addedAt.get(id)!)!;
    expect(seen).toEqual(now.filter((id) => !addedAt.has(id) || isAhead(id)));
    expect(new Set([...addedAt.keys()].map(isAhead))).toEqual(new Set([true, false]));
  });

  /** Under a new id and name: its other sort keys are tied with those of the row that is there. Answers its id. */
  async function addCopyOf(name: string, rows: Row[], like: string): Promise<string> {
    const [table, key] = TABLES[name]!;
    const from = rows.find((row) => row.id === parseTypeId(like)!.id)!;
    const id = await hub.hub.db.ids.one();
    await hub.hub.db.pool.query(
      `insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(r) || jsonb_build_object(
           'id', $1::bigint, '${key}', r.${key} || '+' || $1::text))).*
         from ${table} r where r.id = $2`,
      [id, from.id],
    );
    rows.push({ ...from, id, [key]: `${String(from[key])}+${id}` });
    return typeId(lists[name]!.prefix, id);
  }
});
