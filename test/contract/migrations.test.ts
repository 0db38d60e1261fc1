import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type pg from 'pg';
import { openDatabase } from '../../src/app.js';
import { Database } from '../../src/db/database.js';
import { migrate, migrationFiles } from '../../src/db/migrate.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { TestLog } from '../support/hub.js';

const AT = '2026-03-02T09:00:00Z';

let fresh: FreshDatabase;
let db: Database;
let pool: pg.Pool;

beforeAll(async () => {
  fresh = await freshDatabase();
  db = await openDatabase({ databaseUrl: fresh.url, log: new TestLog() });
  pool = db.pool;
});
afterAll(async () => {
  await db.close();
  await fresh.drop();
});

/** The SQLSTATE that a statement is refused with; null where it is carried out. */
async function refusedWith(text: string, values: unknown[] = []): Promise<string | null> {
  try {
    await pool.query(text, values);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('migrations', () => {
  let empty: FreshDatabase;
  let databases: Database[];

  beforeAll(async () => {
    empty = await freshDatabase();
    databases = await Promise.all([1, 2].map(() => Database.open({ url: empty.url, entities: [] })));
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await empty.drop();
  });

  async function emptyIt(): Promise<void> {
    await databases[0]!.pool.query('drop schema public cascade');
    await databases[0]!.pool.query('create schema public');
  }

  test('lead from an empty database to the newest schema, and the second time do nothing', async () => {
    await emptyIt();
    const all = (await migrationFiles()).map((file) => file.replace(/\.sql$/, ''));
    expect(all.length).toBeGreaterThanOrEqual(10);
    expect(await migrate(databases[0]!)).toEqual(all);
    expect(await migrate(databases[0]!)).toEqual([]);
  });

  test('run once where two processes start at the same time', async () => {
    await emptyIt();
    const all = (await migrationFiles()).map((file) => file.replace(/\.sql$/, ''));
    const ran = await Promise.all(databases.map((database) => migrate(database)));
    expect(ran.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, all.length]);
    expect(ran.flat()).toEqual(all);
  });

  test('are numbered without a gap, so that two changes cannot take the same place', async () => {
    const numbers = (await migrationFiles()).map((file) => Number(file.slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

interface Column {
  column_name: string;
  is_nullable: 'YES' | 'NO';
  column_default: string | null;
}

test('entities name the columns that the migrations made, nullable where those are', async () => {
  const metadata = [...db.mikroOrm.getMetadata().getAll().values()];
  const tables = metadata.filter((meta) => meta.tableName);
  expect(tables.map((meta) => meta.tableName)).toEqual(expect.arrayContaining(['customer', 'product', 'api_key']));
  for (const meta of tables) {
    const { rows } = await pool.query<Column>(
      `select column_name, is_nullable, column_default from information_schema.columns
        where table_schema = 'public' and table_name = $1`,
      [meta.tableName],
    );
    const columns = new Map(rows.map((row) => [row.column_name, row]));
    const properties = meta.props.filter((property) => property.persist !== false && property.fieldNames);
    const inEntity = Object.fromEntries(
      properties.map((property) => [property.fieldNames[0]!, property.nullable ? 'YES' : 'NO']),
    );
    const inDatabase = Object.fromEntries(
      Object.keys(inEntity).map((name) => [name, columns.get(name)?.is_nullable ?? 'no such column']),
    );
    expect({ [meta.tableName]: inEntity }).toEqual({ [meta.tableName]: inDatabase });
    const needed = rows.filter((row) => row.is_nullable === 'NO' && row.column_default === null);
    expect(needed.map((row) => row.column_name).filter((name) => !(name in inEntity))).toEqual([]);
  }
});

describe('the event log', () => {
  beforeAll(async () => {
    await pool.query(`insert into event_personal (id, customer_id, payload) values (1, 7, '{"name": "Ada"}')`);
    await pool.query(
      `insert into event (subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes, personal_id)
       values ('order', 1, 1, 'CREATED', $1, 'SYSTEM', 'Hub', 'made', '[]', 1)`,
      [AT],
    );
    await pool.query('insert into event_position (position, event_id) select 1, id from event');
  });

  test.each(['event', 'event_position'])('refuses to change, delete or empty %s', async (table) => {
    const column = table === 'event' ? "message = 'other'" : 'position = 2';
    expect(await refusedWith(`update ${table} set ${column}`)).toBe('HU001');
    expect(await refusedWith(`delete from ${table}`)).toBe('HU001');
    expect(await refusedWith(`truncate ${table}`)).toBe('HU001');
    expect((await pool.query(`select from ${table}`)).rowCount).toBe(1);
  });

  test('refuses a second event with the number of the first', async () => {
    const again = `insert into event (subject_kind, subject_id, sequence, type, at, actor_kind, actor_name, message, changes)
      values ('order', 1, $1, 'EDITED', $2, 'SYSTEM', 'Hub', 'again', '[]')`;
    expect(await refusedWith(again, [1, AT])).toBe('23505');
    expect(await refusedWith(again, [0, AT])).toBe('23514');
  });

  test('lets personal values be erased, and never rewritten or removed', async () => {
    expect(await refusedWith(`update event_personal set payload = '{"name": "Eve"}'`)).toBe('HU001');
    expect(await refusedWith('update event_personal set payload = null, erased_at = $1, customer_id = 8', [AT])).toBe(
      'HU001',
    );
    expect(await refusedWith('delete from event_personal')).toBe('HU001');
    expect(await refusedWith('update event_personal set payload = null')).toBe('23514');
    expect(await refusedWith('update event_personal set payload = null, erased_at = $1', [AT])).toBeNull();
    expect((await pool.query('select payload, erased_at from event_personal')).rows).toEqual([
      { payload: null, erased_at: expect.anything() },
    ]);
    expect(await refusedWith(`update event_personal set payload = '{}', erased_at = null`)).toBe('HU001');
  });
});

describe('stock', () => {
  beforeAll(async () => {
    await pool.query(`insert into product (id, sku, name, created_at, updated_at) values (1, 'A', 'A', $1, $1)`, [AT]);
    await pool.query(
      `insert into stock_location (id, code, name, created_at, updated_at) values (1, 'MAIN', 'Main', $1, $1)`,
      [AT],
    );
    await pool.query(`insert into stock_level (id, product_id, location_id, updated_at) values (1, 1, 1, $1)`, [AT]);
  });

  function move(id: number, quantity: string): Promise<string | null> {
    return refusedWith(
      `insert into stock_movement (id, product_id, location_id, kind, quantity, actor_kind, actor_name, at)
       values ($1, 1, 1, 'ADJUSTMENT', $2, 'SYSTEM', 'Hub', $3)`,
      [id, quantity, AT],
    );
  }

  async function level() {
    return (await pool.query('select on_hand, reserved, version from stock_level')).rows[0] as object;
  }

  test('on hand changes through movements alone, and is their sum', async () => {
    expect(await move(1, '10.5')).toBeNull();
    expect(await move(2, '-0.25')).toBeNull();
    expect(await level()).toEqual({ on_hand: '10.25', reserved: '0', version: 3 });
    const balances = await pool.query('select balance_after from stock_movement order by id');
    expect(balances.rows).toEqual([{ balance_after: '10.5' }, { balance_after: '10.25' }]);
    expect(await refusedWith('update stock_level set on_hand = 100')).toBe('HU002');
    await pool.query(
      `insert into stock_location (id, code, name, created_at, updated_at) values (2, 'B', 'B', $1, $1)`,
      [AT],
    );
    expect(
      await refusedWith(
        'insert into stock_level (id, product_id, location_id, on_hand, updated_at) values (2, 1, 2, 5, $1)',
        [AT],
      ),
    ).toBe('HU002');
    expect(await level()).toEqual({ on_hand: '10.25', reserved: '0', version: 3 });
  });

  test('refuses a movement that would leave less than nothing', async () => {
    expect(await move(3, '-10.26')).toBe('23514');
    expect(await move(4, '0')).toBe('23514');
    expect(await level()).toMatchObject({ on_hand: '10.25' });
  });

  test('keeps its movements as they were written', async () => {
    expect(await refusedWith('update stock_movement set quantity = 1')).toBe('HU001');
    expect(await refusedWith('delete from stock_movement')).toBe('HU001');
    expect(await refusedWith('truncate stock_movement')).toBe('HU001');
  });

  test('is never promised beyond what is there less the safety stock, and a promise may be taken back', async () => {
    await pool.query('update stock_level set safety_stock = 0.25');
    expect(await refusedWith('update stock_level set reserved = 10.01')).toBe('23514');
    expect(await refusedWith('update stock_level set reserved = 10')).toBeNull();
    expect(await move(5, '-4.25')).toBeNull();
    expect(await refusedWith('update stock_level set reserved = 10.01')).toBe('23514');
    expect(await refusedWith('update stock_level set reserved = 9')).toBeNull();
    expect(await refusedWith('update stock_level set reserved = -1')).toBe('23514');
  });
});

test('a quote line never counts more as converted than it has, and an order line never more as promised', async () => {
  const checks = await pool.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid in ('quote_line'::regclass, 'order_line'::regclass) and contype = 'c'`,
  );
  const text = checks.rows.map((row) => row.definition).join('\n');
  expect(checks.rows.map((row) => row.name)).toContain('quote_line_converted_once');
  expect(text).toMatch(/converted_quantity <= quantity/);
  expect(text).toMatch(
    /reserved_quantity \+ backordered_quantity\) \+ canceled_quantity\) \+ shipped_quantity\) <= quantity/,
  );
});
