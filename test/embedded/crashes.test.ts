import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { Workbench, isRunning, query, until } from './support/bench.js';
import { needsLinux, testUnless } from './support/skips.js';

const bench = new Workbench();
afterEach(() => bench.clear());

test('takes over the server of a hub that was killed', async () => {
  const dataDir = await bench.madeFolder();
  const killed = await bench.hubProcess(dataDir);
  await query(killed.connectionString, 'create table kept (n int)');
  await killed.kill();
  expect(await isRunning(killed.pid)).toBe(true);

  const database = await bench.start(dataDir);
  expect(database).toMatchObject({
    howItStarted: 'adopted',
    pid: killed.pid,
    connectionString: killed.connectionString,
  });
  await database.stop();
  expect(await isRunning(killed.pid)).toBe(false);
});

test('replaces the server of a killed hub when it does not take our password', async () => {
  const dataDir = await bench.madeFolder();
  const killed = await bench.hubProcess(dataDir);
  await query(killed.connectionString, `create table kept (n int); alter role hub password 'another'`);
  await killed.kill();
  const database = await bench.start(dataDir);
  expect(database.pid).not.toBe(killed.pid);
  expect(await isRunning(killed.pid)).toBe(false);
  expect(await query(database.connectionString, 'select n from kept')).toEqual([]);
});

test('recovers what was committed when hub and server were killed', async () => {
  const dataDir = await bench.madeFolder();
  const killed = await bench.hubProcess(dataDir);
  await query(killed.connectionString, 'create table kept (n int); insert into kept select generate_series(1, 1000)');
  await killed.kill();
  process.kill(killed.pid, 'SIGKILL');

  const database = await bench.start(dataDir);
  expect(database.howItStarted).toBe('recovered');
  expect(bench.progress).toContain('recovering the database after an unclean stop');
  expect(await query(database.connectionString, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
});

test('does not take a later process with the number of the old server for it', async () => {
  const dataDir = await bench.madeFolder();
  const first = await bench.start(dataDir);
  await first.stop();
  const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  try {
    await once(other, 'spawn');
    const lines = [other.pid, first.clusterDir, 1, 5432, '', '127.0.0.1', '', 'ready'];
    await writeFile(path.join(first.clusterDir, 'postmaster.pid'), `${lines.join('\n')}\n`, { mode: 0o600 });
    const second = await bench.start(dataDir);
    expect(second.howItStarted).toBe('clean');
    expect(await isRunning(other.pid ?? 0)).toBe(true);
  } finally {
    other.kill('SIGKILL');
  }
});

test('restarts a killed server by itself on the same port', async () => {
  const database = await bench.start(await bench.madeFolder());
  const { connectionString, pid } = database;
  await query(connectionString, 'create table kept (n int); insert into kept values (1)');
  process.kill(pid, 'SIGKILL');
  await until('the database answers again', () => answers(connectionString));
  await until('the new server is known', () => database.pid !== pid);
  expect(await query(connectionString, 'select n from kept')).toEqual([{ n: 1 }]);
  expect(bench.progress).toContain('the database is ready again');
});

test('restarts a killed server that it had taken over', async () => {
  const dataDir = await bench.madeFolder();
  const hub = await bench.hubProcess(dataDir);
  await hub.kill();
  const database = await bench.start(dataDir);
  process.kill(hub.pid, 'SIGKILL');
  await until('the new server is known', () => database.pid !== hub.pid);
  expect(await answers(database.connectionString)).toBe(true);
});

testUnless(needsLinux, 'ends a busy process that outlives its killed server and would hold up the start', async () => {
  const database = await bench.start(await bench.madeFolder());
  const client = new Client({ connectionString: database.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const busy = rows[0]?.pid ?? 0;
  const endless = client.query('select sum(a * b) from generate_series(1, 1e6) a, generate_series(1, 1e6) b');
  const outcome = expect(endless).rejects.toThrow();
  await until('the query computes', async () => (await cpuTicks(busy)) > 5);

  process.kill(database.pid, 'SIGKILL');
  await until('the database answers again', () => answers(database.connectionString));
  expect(bench.progress).toContain('waiting for processes of the stopped database to end');
  expect(await isRunning(busy)).toBe(false);
  await outcome;
});

test('lets the last of two hubs stop the database, and the other use it until then', async () => {
  const dataDir = await bench.madeFolder();
  const first = await bench.hubProcess(dataDir);
  const second = await bench.start(dataDir);
  expect(second).toMatchObject({ howItStarted: 'adopted', pid: first.pid });
  await first.stop();
  expect(await answers(second.connectionString)).toBe(true);
  await second.stop();
  expect(await isRunning(first.pid)).toBe(false);
});

test('starts one server for hubs that start at once, and one again for both when it is killed', async () => {
  const dataDir = await bench.folder();
  const hubs = await Promise.all([bench.start(dataDir), bench.hubProcess(dataDir), bench.hubProcess(dataDir)]);
  expect(new Set(hubs.map((hub) => hub.connectionString)).size).toBe(1);
  expect(hubs.map((hub) => hub.howItStarted).sort()).toEqual(['adopted', 'adopted', 'created']);
  const [own, other, third] = hubs;
  process.kill(own.pid, 'SIGKILL');
  await until('the new server is known', () => own.pid !== other.pid);
  expect(await answers(other.connectionString)).toBe(true);
  await other.stop();
  await third.kill();
  await own.stop();
  expect(await isRunning(own.pid)).toBe(false);
});

async function answers(connectionString: string): Promise<boolean> {
  try {
    await query(connectionString, 'select 1');
    return true;
  } catch {
    return false;
  }
}

async function cpuTicks(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[11]);
}
