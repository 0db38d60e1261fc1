import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { startEmbeddedPostgres } from '../../src/db/embedded/index.js';
import { copyMadeDatabase } from '../support/made-database.js';
import { Workbench, isRunning, query, until } from './support/bench.js';
import { needsRoot, testUnless } from './support/skips.js';

const bench = new Workbench();
afterEach(() => bench.clear());

test('makes the database at the first start, and finds its rows at the next', async () => {
  const dataDir = await bench.folder();
  const first = await bench.start(dataDir);
  expect(first.howItStarted).toBe('created');
  expect(bench.progress).toContain('initialising the database');
  await query(first.connectionString, 'create table kept (n int); insert into kept values (7)');
  await first.stop();
  expect(await isRunning(first.pid)).toBe(false);

  const second = await bench.start(dataDir);
  expect(second.howItStarted).toBe('clean');
  expect(await query(second.connectionString, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('listens on loopback only, with checksums, scram, UTF-8 and fsync', async () => {
  const database = await bench.start(await bench.folder());
  const [facts] = await query(
    database.connectionString,
    `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
            current_setting('data_checksums') as checksums, current_setting('fsync') as fsync,
            current_setting('jit') as jit, current_setting('timezone') as zone, current_setting('server_encoding') as encoding,
            (select datcollate from pg_database where datname = 'hub') as locale,
            (select rolpassword like 'SCRAM-SHA-256%' from pg_authid where rolname = 'hub') as scram`,
  );
  expect(facts).toEqual({
    addresses: '127.0.0.1',
    sockets: '',
    checksums: 'on',
    fsync: 'on',
    jit: 'off',
    zone: 'UTC',
    encoding: 'UTF8',
    locale: 'C.UTF-8',
    scram: true,
  });
});

test('keeps the password in a file that only its owner can read, and refuses another', async () => {
  const dataDir = await bench.folder();
  const database = await bench.start(dataDir);
  expect((await stat(path.join(dataDir, 'database-password'))).mode & 0o777).toBe(0o600);
  const wrong = database.connectionString.replace(/:[0-9a-f]+@/, ':0000000000000000@');
  await expect(query(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('sets a new password when the file with the old one was lost', async () => {
  const dataDir = await bench.madeFolder();
  const first = await bench.start(dataDir);
  await query(first.connectionString, 'create table kept (n int)');
  await first.stop();
  await rm(path.join(dataDir, 'database-password'));
  const second = await bench.start(dataDir);
  expect(second.connectionString).not.toBe(first.connectionString);
  expect(await query(second.connectionString, 'select n from kept')).toEqual([]);
});

test('begins again when a first start was killed while it made the database', async () => {
  const dataDir = await bench.folder();
  const home = path.join(dataDir, 'database');
  const killed = bench.spawnHub(dataDir);
  await until('initdb is at work', async () => (await draftsIn(home)).length > 0);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  expect(await readdir(home)).not.toContain('cluster');

  const database = await bench.start(dataDir);
  expect(database.howItStarted).toBe('created');
  await query(database.connectionString, 'create table kept (n int)');
  await database.stop();
  const again = await bench.start(dataDir);
  expect(again.howItStarted).toBe('clean');
  expect(await query(again.connectionString, 'select n from kept')).toEqual([]);
});

test('refuses a setting that it stands on', async () => {
  const dataDir = await bench.folder();
  await expect(startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } })).rejects.toThrow(/sets fsync itself/);
});

test('says what to do when the database cannot start, and leaves no server behind', async () => {
  const dataDir = await bench.madeFolder();
  const database = await bench.start(dataDir);
  await database.stop();
  const wal = path.join(database.clusterDir, 'pg_wal');
  for (const name of await readdir(wal)) if (/^[0-9A-F]{24}$/.test(name)) await rm(path.join(wal, name));
  await expect(bench.start(dataDir)).rejects.toThrow(/damaged. Restore a backup/);
  expect(await readdir(database.clusterDir)).not.toContain('postmaster.pid');
});

testUnless(needsRoot, 'keeps the database in a state folder when nobody cannot reach the data directory', async () => {
  const [closed, open] = [await bench.folder(), await bench.folder()];
  await chmod(closed, 0o700);
  const dataDir = path.join(closed, 'my clone', '.hub');
  const stateRoot = path.join(open, 'state');
  const first = await bench.start(dataDir, stateRoot);
  expect(first.clusterDir.startsWith(`${stateRoot}/`)).toBe(true);
  expect(bench.progress.join('\n')).toContain(`cannot pass through ${closed}`);
  expect(JSON.parse(await readFile(path.join(dataDir, 'cluster-location'), 'utf8'))).toMatchObject({
    home: path.dirname(first.clusterDir),
  });
  await query(first.connectionString, 'create table kept (n int)');
  await first.stop();

  const second = await bench.start(dataDir, stateRoot);
  expect(second.howItStarted).toBe('clean');
  expect(await query(second.connectionString, 'select n from kept')).toEqual([]);
});

testUnless(needsRoot, 'refuses a copy of a data directory that would share the database of the first', async () => {
  const [closed, open] = [await bench.folder(), await bench.folder()];
  await chmod(closed, 0o700);
  const first = await bench.start(path.join(closed, 'one'), path.join(open, 'state'));
  await first.stop();
  await cp(path.join(closed, 'one'), path.join(closed, 'two'), { recursive: true });
  await expect(bench.start(path.join(closed, 'two'), path.join(open, 'state'))).rejects.toThrow(/is a copy of/);
});

testUnless(needsRoot, 'begins anew, and keeps the old database, when its data directory was deleted', async () => {
  const [closed, open] = [await bench.folder(), await bench.folder()];
  await chmod(closed, 0o700);
  const dataDir = path.join(closed, '.hub');
  const first = await bench.start(dataDir, path.join(open, 'state'));
  await first.stop();
  await rm(dataDir, { recursive: true });
  const second = await bench.start(dataDir, path.join(open, 'state'));
  expect(second.howItStarted).toBe('created');
  expect(await readdir(path.join(open, 'state'))).toContainEqual(expect.stringMatching(/\.unclaimed-/));
});

testUnless(needsRoot, 'names the folder that no longer lets nobody through', async () => {
  const outer = await bench.folder();
  const dataDir = path.join(outer, '.hub');
  await mkdir(dataDir);
  await copyMadeDatabase(dataDir);
  const first = await bench.start(dataDir);
  await first.stop();
  await chmod(outer, 0o700);
  await expect(bench.start(dataDir)).rejects.toThrow(`chmod o+x "${outer}"`);
});

async function draftsIn(home: string): Promise<string[]> {
  const names = await readdir(home).catch((): string[] => []);
  return names.filter((name) => name.startsWith('cluster.new-') && !name.endsWith('.password'));
}
