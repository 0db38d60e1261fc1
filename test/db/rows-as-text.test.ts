import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database } from '../../src/db/database.js';
import type { Statement } from '../../src/db/statement.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

let fresh: FreshDatabase;
let db: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  db = await Database.open({ url: fresh.url, entities: [] });
});
afterAll(async () => {
  await db?.close();
  await fresh?.drop();
});

let named = 0;

/** The same statement as the driver reads it and as one text: its first answer and its second. */
async function twice(text: string, values: unknown[] = []): Promise<[unknown[], unknown[]]> {
  named += 1;
  const statement: Statement<object> = { name: `test.${named}`, text, values };
  return [await db.read(statement), await db.read(statement)];
}

const TEXTS = [
  '',
  ' ',
  'plain',
  'a,b',
  '(a)',
  ')(',
  '"',
  '""',
  'say "x"',
  '\\',
  'a\\"b\\\\',
  "'",
  '\n\r\t',
  'ü€😀',
  'null',
  '{}',
  ',',
  '",",',
];

test('reads texts of any content', async () => {
  const [first, second] = await twice('select place, t from unnest($1::text[]) with ordinality as x (t, place)', [
    TEXTS,
  ]);
  expect(first).toEqual(TEXTS.map((t, index) => ({ place: String(index + 1), t })));
  expect(second).toEqual(first);
});

const VALUES: Record<string, string[]> = {
  bigint: ['0', '-1', '9223372036854775807'],
  integer: ['0', '-2147483648'],
  numeric: ['1.10', '-0.000001', '12345678901234567890.5'],
  boolean: ['true', 'false'],
  date: ['2026-02-28', '0044-03-15'],
  timestamptz: ['2026-03-01T09:30:00.123Z', '2026-03-01T09:30:00Z', '1999-12-31T23:59:59.999999+02:00'],
  'double precision': ['0.1', '1e300', 'NaN'],
  uuid: ['0191d9a2-0000-7000-8000-000000000000'],
  bytea: ['\\xdeadbeef'],
  jsonb: ['null', '"a \\"b\\" \\\\ c"', '{"a": [1, "x,y", {"b": "(\\"c\\")"}], "ü": null}', '[]', '12.50'],
  json: ['{"b":1,  "a":"\\\\"}'],
  'text[]': ['{}', '{a,"b c","d\\"e",NULL}'],
  'bigint[]': ['{1,9007199254740993}'],
};

test.each(Object.entries(VALUES))('reads values of type %s', async (type, values) => {
  const rows = [...values, null].map((value, index) => [index, value]);
  const [first, second] = await twice(
    `select v::${type} as v, null::${type} as nothing from unnest($1::text[]) with ordinality as x (v, place) order by place desc`,
    [rows.map(([, value]) => value)],
  );
  expect(first).toHaveLength(rows.length);
  expect(second).toStrictEqual(first);
});

test('reads no row, one row of nothing, and names that mean something to JavaScript or to the statement around', async () => {
  for (const text of [
    'select 1 as a where false',
    'select null::int as a',
    'select 1 as "constructor", 2 as whole_row, 3 as written, 4 as "a b", 5 as "ü""`"',
    'select 1 as a, 2 as a',
  ]) {
    const [first, second] = await twice(text);
    expect(second).toEqual(first);
  }
});

test('keeps rows in their order, be they many', async () => {
  const [first, second] = await twice(
    'select n, n % 7 as rest from generate_series(1, 5000) n order by n % 7 desc, n limit 4000 offset 3',
  );
  expect(second).toEqual(first);
});

test('reads as it is what may not stand in a subquery or has no name', async () => {
  const [first, second] = await twice('with x as (select 1 as a) select a from x');
  expect(second).toEqual(first);
  const unnamed = { name: '', text: 'select 1 as a', values: [] };
  expect([await db.read(unnamed), await db.read(unnamed)]).toEqual([[{ a: 1 }], [{ a: 1 }]]);
});

test('fails with the code that the statement has by itself', async () => {
  const failing = { name: 'test.failing', text: 'select 1 / $1::int as a', values: [1] };
  await db.read(failing);
  await db.read(failing);
  await expect(db.read({ ...failing, values: [0] })).rejects.toMatchObject({ code: '22012' });
});
