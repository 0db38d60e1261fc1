import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import pg from 'pg';
import { fill } from '../../bench/dataset/fill.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { ADMIN_KEY } from '../support/hub.js';
import { HubProcess } from '../support/hub-process.js';
import { scaled } from '../support/scale.js';

const ORDERS = scaled(8_000, 200_000);
const MOST_MEMORY_MB = 64;
const onLinux = process.platform === 'linux' ? test : test.skip;
const skipped = process.platform === 'linux' ? '' : ' (skipped: only Linux tells the highest memory of a process)';

let database: FreshDatabase;
let hub: HubProcess;

beforeAll(async () => {
  database = await freshDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await fill(client as unknown as pg.PoolClient, ORDERS);
  await client.end();
  hub = await HubProcess.start({ databaseUrl: database.url });
});
afterAll(async () => {
  await hub?.stop();
  await database?.drop();
});

/** Reads it as a slow disk would, and keeps nothing. */
async function linesOf(path: string): Promise<number> {
  const response = await fetch(`${hub.url}/export/${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  let lines = 0;
  for await (const part of response.body!) for (const byte of part) if (byte === 10) lines += 1;
  return lines;
}

const megabytes = (name: string): number => {
  const status = readFileSync(`/proc/${hub.pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)![1]) / 1_024;
};

onLinux(`an export of ${ORDERS} orders adds no more than ${MOST_MEMORY_MB} MB to the process${skipped}`, async () => {
  expect(await linesOf('stock')).toBeGreaterThan(0);
  for (const [path, header] of [
    ['orders', 0],
    ['orders?format=csv', 1],
  ] as const) {
    const floor = megabytes('VmRSS');
    writeFileSync(`/proc/${hub.pid}/clear_refs`, '5');
    expect(await linesOf(path)).toBe(ORDERS + header);
    const added = megabytes('VmHWM') - floor;
    process.stdout.write(`export of ${ORDERS} orders (${path}): ${added.toFixed(1)} MB above ${floor.toFixed(0)} MB\n`);
    expect(added).toBeLessThanOrEqual(MOST_MEMORY_MB);
  }
});
