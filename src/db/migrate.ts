import { Migration, Migrator } from '@mikro-orm/migrations';
import pg from 'pg';
import { readdir, readFile } from 'node:fs/promises';
import type { Database } from './database.js';

const FOLDER = new URL('./migrations/', import.meta.url);
// Any number, the same in every hub: two that start at once migrate one after the other.
const MIGRATION_LOCK = 7_120_001;

/** Brings the database to the newest schema; safe to call in several processes at once. Names what it ran. */
export async function migrate(database: Database): Promise<string[]> {
  const guard = new pg.Client({ connectionString: database.url });
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrator = new Migrator(await withMigrations(database));
    return (await migrator.up()).map((migration) => migration.name);
  } finally {
    await guard.end();
  }
}

async function withMigrations(database: Database) {
  const em = database.fork();
  em.config.set('migrations', {
    ...em.config.get('migrations'),
    tableName: 'hub_migration',
    migrationsList: await migrationsList(),
    snapshot: false,
    disableForeignKeys: false,
    transactional: true,
    allOrNothing: false,
    silent: true,
  });
  return em;
}

export async function migrationFiles(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
}

async function migrationsList() {
  const files = await migrationFiles();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, FOLDER), 'utf8');
      class SqlFile extends Migration {
        override up(): void {
          this.addSql(text);
        }
      }
      return { name: file.replace(/\.sql$/, ''), class: SqlFile };
    }),
  );
}
