import pg from 'pg';
import { randomBytes } from 'node:crypto';
import { Database } from '../../src/db/database.js';
import { migrate } from '../../src/db/migrate.js';

export interface FreshDatabase {
  url: string;
  drop(): Promise<void>;
}

const TEMPLATE = 'hub_test_template';
const TEMPLATE_LOCK = 7_120_901;

/** An empty, migrated database of its own for one suite. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `hub_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await ensureTemplate(admin);
    await admin.query(`create database ${name} template ${TEMPLATE}`);
  });
  return {
    url: urlOf(name),
    drop: () => asAdmin((admin) => admin.query(`drop database ${name} with (force)`)).then(() => undefined),
  };
}

async function ensureTemplate(admin: pg.Client): Promise<void> {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [TEMPLATE]);
  if (rowCount) return;
  const draft = `${TEMPLATE}_draft`;
  await admin.query(`drop database if exists ${draft} with (force)`);
  await admin.query(`create database ${draft}`);
  const database = await Database.open({ url: urlOf(draft), entities: [] });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
  await admin.query(`alter database ${draft} rename to ${TEMPLATE}`);
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl() });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function adminUrl(): string {
  const url = process.env.HUB_TEST_DATABASE_URL;
  if (!url) throw new Error('HUB_TEST_DATABASE_URL is not set: run the tests with `npm test`');
  return url;
}

function urlOf(database: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;
  return url.href;
}
