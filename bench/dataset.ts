// Fills a hub's database with a made-up company: npm run bench:data -- --orders 100000
// The database is that of DATABASE_URL, else the embedded one of HUB_DATA_DIR; it must be an empty hub's.
import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/db/embedded/index.js';
import { fillDatabase } from './bench-database.js';

const { values } = parseArgs({ options: { orders: { type: 'string', default: '10000' } } });
const orders = Number(values.orders);
if (!Number.isInteger(orders) || orders < 1 || orders > 10_000_000) {
  throw new Error(`--orders: expected a whole number from 1 to 10000000, got "${values.orders}"`);
}

const databaseUrl = process.env.DATABASE_URL;
const dataDir = resolve(process.env.HUB_DATA_DIR ?? '.hub');
const embedded = databaseUrl ? null : await startEmbeddedPostgres({ dataDir });
try {
  await fillDatabase(databaseUrl ?? embedded!.connectionString, orders);
} finally {
  await embedded?.stop();
}
