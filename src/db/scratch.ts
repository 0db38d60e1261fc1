import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from './database.js';
import { startEmbeddedPostgres } from './embedded/index.js';
import { migrate } from './migrate.js';

/** A migrated database that lives only for the work. */
export async function withScratchDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-scratch-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const database = await Database.open({ url: postgres.connectionString, entities: [] });
    try {
      await migrate(database);
      return await work(database);
    } finally {
      await database.close();
    }
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
