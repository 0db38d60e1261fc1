import { appendFile, readFile, readdir, rm, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { backupEmbedded, restoreEmbedded, type BackupResult, type RestoreResult } from '../../src/db/embedded/index.js';
import { Workbench, isRunning, query, until } from './support/bench.js';

const bench = new Workbench();
afterEach(() => bench.clear());

const clock = { now: () => new Date('2026-03-01T10:00:00Z') };
const TIMELINE = 'select timeline_id as id from pg_control_checkpoint()';

test('brings back what was committed before and during the backup, not after, on a new timeline', async () => {
  const dataDir = await bench.madeFolder();
  const target = path.join(await bench.folder(), 'monday', 'backup 1');
  const database = await bench.start(dataDir);
  await query(
    database.connectionString,
    `create table kept (n bigserial, stage text); insert into kept (stage) values ('before')`,
  );
  const writer = await startWriting(database.connectionString);
  await until('rows are written', () => writer.written() > 20);
  const seenBefore = writer.written();

  const backup = await back(dataDir, target);
  const seenAfter = await writer.stop();
  expect(seenAfter).toBeGreaterThan(seenBefore);
  await query(database.connectionString, `insert into kept (stage) values ('after'); create table later (n int)`);
  await database.stop();

  const restored = await restore(dataDir, target);
  expect(restored.systemIdentifier).toBe(backup.systemIdentifier);
  expect(restored.timelineId).toBe(backup.timelineId + 1);
  expect(await readdir(path.dirname(restored.clusterDir))).toContain('cluster.replaced-2026-03-01T10-00-00-000Z');

  const again = await bench.start(dataDir);
  expect(again.howItStarted).toBe('clean');
  const [facts] = await query<{ before: number; during: number; after: number; gaps: number; later: boolean }>(
    again.connectionString,
    `select count(*) filter (where stage = 'before')::int as before, count(*) filter (where stage = 'during')::int as during,
            count(*) filter (where stage = 'after')::int as after, to_regclass('later') is not null as later,
            (max(n) filter (where stage = 'during') - count(*) filter (where stage = 'during') - 1)::int as gaps from kept`,
  );
  expect(facts).toMatchObject({ before: 1, after: 0, gaps: 0, later: false });
  expect(facts?.during).toBeGreaterThanOrEqual(seenBefore);
  expect(facts?.during).toBeLessThanOrEqual(seenAfter);
  expect(await query(again.connectionString, TIMELINE)).toEqual([{ id: restored.timelineId }]);
});

test('gives each restore of the same backup a timeline of its own', async () => {
  const dataDir = await bench.madeFolder();
  const target = path.join(await bench.folder(), 'backup');
  const backup = await back(dataDir, target);
  const timelines: number[] = [];
  for (let turn = 1; turn <= 3; turn += 1) {
    timelines.push((await restore(dataDir, target, turn)).timelineId);
    const database = await bench.start(dataDir);
    await query(database.connectionString, `create table turn_${turn} (n int)`);
    await database.stop();
  }
  expect(timelines).toEqual([1, 2, 3].map((rise) => backup.timelineId + rise));
}, 240_000);

test('backs up a database that no hub runs, and stops it again', async () => {
  const dataDir = await bench.madeFolder();
  const first = await bench.start(dataDir);
  await first.stop();
  const target = path.join(await bench.folder(), 'backup');
  await back(dataDir, target);
  expect(await readdir(first.clusterDir)).not.toContain('postmaster.pid');
  expect(await readdir(target)).toEqual(expect.arrayContaining(['cluster', 'files', 'manifest.json']));
  const cluster = await readdir(path.join(target, 'cluster'));
  expect(cluster).toContain('backup_label');
  expect(cluster).not.toContain('postmaster.pid');
});

test('restores into an empty data directory, with the extra files and a password of its own', async () => {
  const dataDir = await bench.madeFolder();
  await writeFile(path.join(dataDir, 'secret-key'), 'the key', { mode: 0o600 });
  const database = await bench.start(dataDir);
  await query(database.connectionString, 'create table kept (n int); insert into kept values (5)');
  const target = path.join(await bench.folder(), 'backup');
  await backupEmbedded({ dataDir, target, clock, running: database, extraFiles: ['secret-key', 'database-password'] });

  const elsewhere = path.join(await bench.folder(), 'new home');
  await restore(elsewhere, target);
  expect(await readFile(path.join(elsewhere, 'secret-key'), 'utf8')).toBe('the key');
  expect((await stat(path.join(elsewhere, 'secret-key'))).mode & 0o777).toBe(0o600);
  const copy = await bench.start(elsewhere);
  expect(await query(copy.connectionString, 'select n from kept')).toEqual([{ n: 5 }]);
  expect(new URL(copy.connectionString).password).not.toBe(new URL(database.connectionString).password);
});

test('keeps an extra file that the restore replaces', async () => {
  const dataDir = await bench.madeFolder();
  await writeFile(path.join(dataDir, 'secret-key'), 'old');
  const target = path.join(await bench.folder(), 'backup');
  await backupEmbedded({
    dataDir,
    target,
    clock,
    extraFiles: ['secret-key'],
    stateRoots: [path.join(dataDir, 'state')],
  });
  await writeFile(path.join(dataDir, 'secret-key'), 'new');
  await restore(dataDir, target);
  expect(await readFile(path.join(dataDir, 'secret-key'), 'utf8')).toBe('old');
  expect(await readFile(path.join(dataDir, 'secret-key.replaced-2026-03-01T10-00-00-000Z'), 'utf8')).toBe('new');
});

test('refuses to restore while a hub runs, or the server of a killed one', async () => {
  const dataDir = await bench.madeFolder();
  const target = path.join(await bench.folder(), 'backup');
  const hub = await bench.hubProcess(dataDir);
  await back(dataDir, target);
  await expect(restore(dataDir, target)).rejects.toThrow(/The hub is running/);
  await hub.kill();
  await expect(restore(dataDir, target)).rejects.toThrow(`kill -INT ${hub.pid}`);
  expect(await isRunning(hub.pid)).toBe(true);
});

test('refuses a backup of which a file is missing, has changed or was cut short, and changes nothing', async () => {
  const dataDir = await bench.madeFolder();
  const target = path.join(await bench.folder(), 'backup');
  await back(dataDir, target);
  const version = path.join(target, 'cluster', 'PG_VERSION');
  await writeFile(version, '17\n');
  await expect(restore(dataDir, target)).rejects.toThrow(/PG_VERSION has other content/);
  await appendFile(version, 'x');
  await expect(restore(dataDir, target)).rejects.toThrow(/PG_VERSION has 4 bytes instead of 3/);
  await unlink(version);
  await expect(restore(dataDir, target)).rejects.toThrow(/PG_VERSION is missing/);
  await rm(path.join(target, 'manifest.json'));
  await expect(restore(dataDir, target)).rejects.toThrow(/is no backup of the hub/);
  expect(await readdir(path.join(dataDir, 'database'))).toEqual(['cluster', 'log']);
});

test('goes back to the present database when the backup does not recover', async () => {
  const dataDir = await bench.madeFolder();
  const target = path.join(await bench.folder(), 'backup');
  const database = await bench.start(dataDir);
  await query(database.connectionString, 'create table kept (n int)');
  await back(dataDir, target);
  await database.stop();
  await forgetLog(target);
  await expect(restore(dataDir, target)).rejects.toThrow(/did not recover.*is in its place again/);
  const again = await bench.start(dataDir);
  expect(await query(again.connectionString, 'select n from kept')).toEqual([]);
});

test('refuses a target that is in use, and leaves nothing of a backup that failed', async () => {
  const dataDir = await bench.madeFolder();
  const folder = await bench.folder();
  await writeFile(path.join(folder, 'something'), '');
  await expect(back(dataDir, folder)).rejects.toThrow(/needs a folder of its own/);
  const failing = backupEmbedded({ dataDir, target: path.join(folder, 'backup'), clock, extraFiles: ['no-such-file'] });
  await expect(failing).rejects.toThrow(/no-such-file/);
  expect(await readdir(folder)).toEqual(['something']);
});

test('asks what to do, and makes no empty database, after a restore that was killed between its two moves', async () => {
  const dataDir = await bench.madeFolder();
  const target = path.join(await bench.folder(), 'backup');
  await back(dataDir, target);
  const { clusterDir } = await restore(dataDir, target);
  await rm(clusterDir, { recursive: true });
  await expect(bench.start(dataDir)).rejects.toThrow(/was interrupted. Run it again/);
  await restore(dataDir, target, 2);
  const database = await bench.start(dataDir);
  expect(database.howItStarted).toBe('clean');
});

function back(dataDir: string, target: string): Promise<BackupResult> {
  return backupEmbedded({ dataDir, target, clock, stateRoots: [path.join(dataDir, 'state')] });
}

function restore(dataDir: string, source: string, minute = 0): Promise<RestoreResult> {
  const now = new Date(clock.now().getTime() + minute * 60_000);
  return restoreEmbedded({ dataDir, source, clock: { now: () => now }, stateRoots: [path.join(dataDir, 'state')] });
}

/** Takes the log out of a backup, and out of its manifest too. */
async function forgetLog(target: string): Promise<void> {
  const file = path.join(target, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { files: { path: string }[] };
  const files = manifest.files.filter((item) => !/pg_wal\/[0-9A-F]{24}$/.test(item.path));
  await writeFile(file, JSON.stringify({ ...manifest, files }));
}

/** Commits one row after another until told to stop, which gives their number. */
async function startWriting(connectionString: string): Promise<{ written(): number; stop(): Promise<number> }> {
  const client = new Client({ connectionString });
  await client.connect();
  let count = 0;
  let isOn = true;
  const writing = (async () => {
    while (isOn) {
      await client.query(`insert into kept (stage) values ('during')`);
      count += 1;
    }
    await client.end();
  })();
  const stop = async (): Promise<number> => {
    isOn = false;
    await writing;
    return count;
  };
  return { written: () => count, stop };
}
