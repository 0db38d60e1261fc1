import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database } from '../../src/db/database.js';
import { unnamed } from '../../src/db/statement.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

let fresh: FreshDatabase;
let db: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  db = await Database.open({ url: fresh.url, entities: [] });
  await db.pool.query('create table told (word text primary key)');
});
afterAll(async () => {
  await db?.close();
  await fresh?.drop();
});

const tell = (word: string) => unnamed('insert into told values ($1)', [word]);
const heard = unnamed<{ word: string }>('select word from told order by word', []);
const words = async () => (await db.read(heard)).map(({ word }) => word);

test('what is read behind a flush sees what was flushed', async () => {
  const seen = await db.transaction('test', async (tx) => {
    tx.defer(tell('a'));
    await tx.flush();
    tx.defer(tell('b'));
    await tx.flush();
    return tx.query(heard);
  });
  expect(seen).toEqual([{ word: 'a' }, { word: 'b' }]);
  expect(await words()).toEqual(['a', 'b']);
});

test.each(['a statement', 'another flush', 'the unit of work', 'the commit'])(
  'what fails in a flush is thrown with its own code by %s behind it, and nothing of it remains',
  async (next) => {
    let runs = 0;
    const work = db.transaction('test', async (tx) => {
      runs += 1;
      tx.defer(tell('c'), tell('a'));
      await tx.flush();
      if (next === 'a statement') await tx.query(heard);
      if (next === 'the unit of work') await tx.entities();
      if (next === 'another flush') tx.defer(tell('d'));
      await tx.flush();
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    // Two may have made the same at once, so it was run again.
    expect(runs).toBeGreaterThan(1);
    expect(await words()).toEqual(['a', 'b']);
  },
);
