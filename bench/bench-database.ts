import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';
import { Database } from '../src/db/database.js';
import { startEmbeddedPostgres } from '../src/db/embedded/index.js';
import { migrate } from '../src/db/migrate.js';
import { checkRules } from './dataset/checks.js';
import { fill } from './dataset/fill.js';

export interface BenchDatabase {
  url: string;
  /** Another database that holds the same at this moment; nobody may be connected to the first. */
  copy(): Promise<string>;
  stop(): Promise<void>;
}

/** A filled hub database for one measurement: on the server of DATABASE_URL, or else on an embedded one of its own. */
export async function benchDatabase(orders: number): Promise<BenchDatabase> {
  const server = await postgresServer();
  const names: string[] = [];
  const create = async (template?: string): Promise<string> => {
    const name = `hub_bench_${randomBytes(5).toString('hex')}`;
    await asAdmin(server.url, `create database ${name}${template ? ` template ${template}` : ''}`);
    names.push(name);
    return urlOf(server.url, name);
  };
  const stop = async (): Promise<void> => {
    for (const name of names) await asAdmin(server.url, `drop database if exists ${name} with (force)`);
    await server.stop();
  };
  try {
    const url = await create();
    await fillDatabase(url, orders);
    return { url, copy: () => create(names[0]), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Migrates and fills; the database must have no orders yet. */
export async function fillDatabase(url: string, orders: number): Promise<void> {
  const database = await Database.open({ url, entities: [] });
  try {
    await migrate(database);
    const client = await database.pool.connect();
    try {
      const before = performance.now();
      const { customers, events } = await fill(client, orders);
      const took = ((performance.now() - before) / 1_000).toFixed(1);
      process.stdout.write(`filled in ${took} s: ${orders} orders, ${customers} customers, ${events} events\n`);
      await checkRules(client);
    } finally {
      client.release();
    }
  } finally {
    await database.close();
  }
}

async function postgresServer(): Promise<{ url: string; stop(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL, stop: () => Promise.resolve() };
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  return {
    url: postgres.connectionString,
    stop: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function urlOf(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function asAdmin(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(url, 'postgres') });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
