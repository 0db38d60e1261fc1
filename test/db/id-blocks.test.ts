import { expect, test } from '@jest/globals';
import { Database } from '../../src/db/database.js';
import { freshDatabase } from '../support/database.js';

test('a transaction gets new blocks of ids while every connection of the pool is taken', async () => {
  const fresh = await freshDatabase();
  const database = await Database.open({ url: fresh.url, entities: [], poolSize: 1 });
  try {
    const ids = await database.transaction('test', async (tx) => {
      await tx.query({ name: '', text: 'select 1', values: [] });
      return tx.ids.take(2_500);
    });
    expect(new Set(ids).size).toBe(2_500);
  } finally {
    await database.close();
    await fresh.drop();
  }
});
