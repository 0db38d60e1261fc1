import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from 'pg';
import { copyFileSafely, overAll, readThrough, treeOf, type CopiedFile } from './copy.js';
import type { Manifest } from './manifest.js';
import { EmbeddedPostgresError, codeOf } from './report.js';

type ClusterFacts = Omit<Manifest, 'format' | 'madeAt'>;

const WAL = 'pg_wal';
const CONTROL = 'global/pg_control';

// What pg_basebackup leaves out too: it belongs to the running server, or is made anew by the next one.
// https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA
const EMPTIED =
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans|pg_tblspc)\/(?!archive_status$|summaries$)/;
const LEFT_OUT =
  /(^|\/)(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|backup_label.*|tablespace_map.*|backup_manifest|recovery\.signal|current_logfiles.*|postgresql\.auto\.conf\.tmp)$/;

/** Copies a running cluster into an empty folder, with the log that makes the copy consistent. */
export async function backupCluster(client: Client, clusterDir: string, target: string): Promise<ClusterFacts> {
  await refuseTablespaces(client);
  // Holds back the log from here on; it goes with the connection, also when the backup is killed.
  await client.query('select pg_create_physical_replication_slot($1, true, true)', [
    `backup_${randomBytes(6).toString('hex')}`,
  ]);
  await client.query(`select pg_backup_start('hub', true)`);
  const { folders, files } = await copyTree(clusterDir, target);
  const stop = await one<{ label: string; stopLsn: string; lastSegment: string }>(
    client,
    'select labelfile as label, lsn::text as "stopLsn", pg_walfile_name(lsn - 1) as "lastSegment" from pg_backup_stop(false)',
  );
  const label = /START WAL LOCATION: (\S+) \(file ([0-9A-F]{24})\)/.exec(stop.label);
  if (!label?.[1] || !label[2])
    throw new EmbeddedPostgresError(`PostgreSQL gave a backup label of an unknown form: ${stop.label}`);
  files.push(...(await copyLog(clusterDir, target, label[2], stop.lastSegment)));
  const labelFile = path.join(target, 'backup_label');
  await writeFile(labelFile, stop.label, { mode: 0o600, flush: true });
  files.push({ path: 'backup_label', ...(await readThrough(labelFile)) });
  const server = await one<{ postgres: string; systemIdentifier: string; timelineId: number }>(
    client,
    `select current_setting('server_version') as postgres, system_identifier::text as "systemIdentifier",
            timeline_id as "timelineId" from pg_control_system(), pg_control_checkpoint()`,
  );
  return { ...server, startLsn: label[1], stopLsn: stop.stopLsn, folders, files };
}

async function copyTree(clusterDir: string, target: string): Promise<{ folders: string[]; files: CopiedFile[] }> {
  const tree = await treeOf(clusterDir, (item) => !EMPTIED.test(item) && !LEFT_OUT.test(item));
  const folders = tree.filter((entry) => entry.isFolder).map((entry) => entry.path);
  for (const folder of folders) await mkdir(path.join(target, folder), { mode: 0o700 });
  const files: CopiedFile[] = [];
  const others = tree.filter((entry) => !entry.isFolder && entry.path !== CONTROL);
  await overAll(others, async (entry) => {
    const facts = await copyUnlessGone(path.join(clusterDir, entry.path), path.join(target, entry.path));
    if (facts) files.push({ path: entry.path, ...facts });
  });
  // Last, as pg_basebackup does.
  files.push({ path: CONTROL, ...(await copyControlFile(clusterDir, target)) });
  return { folders, files };
}

/** A table may be dropped meanwhile; the log that is replayed over the copy knows of that. */
async function copyUnlessGone(from: string, to: string): Promise<Omit<CopiedFile, 'path'> | undefined> {
  try {
    return await copyFileSafely(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await rm(to, { force: true });
    return undefined;
  }
}

/** The server may be writing it, and no log would mend a copy that is half old and half new. */
async function copyControlFile(clusterDir: string, target: string): Promise<Omit<CopiedFile, 'path'>> {
  const to = path.join(target, CONTROL);
  for (;;) {
    const copied = await copyFileSafely(path.join(clusterDir, CONTROL), to);
    if ((await readThrough(path.join(clusterDir, CONTROL))).sha256 === copied.sha256) return copied;
    await rm(to);
  }
}

/** Copies the log from the start of the backup to its end, and the history of the timelines. */
async function copyLog(clusterDir: string, target: string, first: string, last: string): Promise<CopiedFile[]> {
  const names = (await readdir(path.join(clusterDir, WAL))).sort();
  const segments = names.filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last);
  const isWhole = segments.length === numberOf(last) - numberOf(first) + 1;
  if (!isWhole)
    throw new EmbeddedPostgresError(
      `The database's log from ${first} to ${last} is not complete; make the backup again.`,
    );
  const files: CopiedFile[] = [];
  for (const name of [...segments, ...names.filter((item) => /^[0-9A-F]{8}\.history$/.test(item))]) {
    const item = `${WAL}/${name}`;
    files.push({ path: item, ...(await copyFileSafely(path.join(clusterDir, item), path.join(target, item))) });
  }
  return files;
}

/** The name counts in segments of 16 MB, 256 to each step of its middle part. */
function numberOf(segment: string): number {
  return parseInt(segment.slice(8, 16), 16) * 256 + parseInt(segment.slice(16), 16);
}

async function refuseTablespaces(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select spcname as name from pg_tablespace where spcname !~ '^pg_'`,
  );
  if (rows.length === 0) return;
  throw new EmbeddedPostgresError(
    `The database has tablespaces (${rows.map((row) => row.name).join(', ')}), which lie outside of its folder and cannot be backed up here. Use pg_basebackup.`,
  );
}

async function one<T extends object>(client: Client, statement: string): Promise<T> {
  const { rows } = await client.query<T>(statement);
  if (!rows[0]) throw new Error(`expected a row of: ${statement}`);
  return rows[0];
}
