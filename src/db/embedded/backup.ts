import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../shared/clock.js';
import { backupCluster } from './backup-cluster.js';
import { withClient } from './connect.js';
import { copyFileSafely, type CopiedFile } from './copy.js';
import { syncFolder } from './initdb.js';
import { CLUSTER_PART, EXTRA_PART, MANIFEST_FILE, type Manifest } from './manifest.js';
import { EmbeddedPostgresError, codeOf, reportOf } from './report.js';
import { startEmbeddedPostgres, type EmbeddedOptions, type EmbeddedPostgres } from './start.js';

export interface BackupOptions extends EmbeddedOptions {
  /** A folder that does not exist yet, or is empty. */
  target: string;
  /** Names of files in the data directory to take along, such as the one of the secret key; a missing one is an error. */
  extraFiles?: string[];
  /** The database if this process runs it; otherwise it is joined, or started and stopped again. */
  running?: Pick<EmbeddedPostgres, 'connectionString' | 'clusterDir'>;
  clock: Clock;
}

export interface BackupResult {
  target: string;
  systemIdentifier: string;
  timelineId: number;
  fileCount: number;
  byteCount: number;
}

/**
 * Copies the database into `target` while it is in use. The folder gets its name only when the copy is whole and on
 * disk. Throws, and leaves nothing behind, when a file cannot be copied.
 */
export async function backupEmbedded(options: BackupOptions): Promise<BackupResult> {
  const target = path.resolve(options.target);
  await refuseUsedTarget(target);
  const draft = `${target}.new-${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const joined = options.running ? undefined : await startEmbeddedPostgres(options);
    try {
      const manifest = await fill(draft, options, options.running ?? joined);
      await rename(draft, target);
      await syncFolder(path.dirname(target));
      return resultOf(target, manifest);
    } finally {
      await joined?.stop();
    }
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function fill(draft: string, options: BackupOptions, database: BackupOptions['running']): Promise<Manifest> {
  if (!database) throw new Error('a backup needs a running database');
  const report = reportOf(options);
  report.progress(`copying the database to ${options.target}`);
  await mkdir(path.join(draft, CLUSTER_PART), { mode: 0o700 });
  const facts = await withClient(database.connectionString, (client) =>
    backupCluster(client, database.clusterDir, path.join(draft, CLUSTER_PART)),
  );
  const extras = await copyExtras(draft, options);
  const manifest: Manifest = {
    format: 1,
    madeAt: options.clock.now().toISOString(),
    ...facts,
    files: [...facts.files.map((file) => ({ ...file, path: `${CLUSTER_PART}/${file.path}` })), ...extras],
    folders: facts.folders.map((folder) => `${CLUSTER_PART}/${folder}`),
  };
  await writeFile(path.join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, null, 1)}\n`, {
    mode: 0o600,
    flush: true,
  });
  for (const folder of ['.', CLUSTER_PART, ...manifest.folders]) await syncFolder(path.join(draft, folder));
  return manifest;
}

async function copyExtras(draft: string, options: BackupOptions): Promise<CopiedFile[]> {
  const copied: CopiedFile[] = [];
  await mkdir(path.join(draft, EXTRA_PART), { mode: 0o700 });
  for (const name of options.extraFiles ?? []) {
    if (path.basename(name) !== name)
      throw new EmbeddedPostgresError(`Expected the name of a file in ${options.dataDir}, got ${name}.`);
    const facts = await copyFileSafely(path.join(options.dataDir, name), path.join(draft, EXTRA_PART, name));
    copied.push({ path: `${EXTRA_PART}/${name}`, ...facts });
  }
  await syncFolder(path.join(draft, EXTRA_PART));
  return copied;
}

async function refuseUsedTarget(target: string): Promise<void> {
  try {
    if ((await readdir(target)).length === 0) return;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    if (codeOf(error) !== 'ENOTDIR') throw error;
  }
  throw new EmbeddedPostgresError(`The backup needs a folder of its own: ${target} holds something already.`);
}

function resultOf(target: string, { systemIdentifier, timelineId, files }: Manifest): BackupResult {
  const byteCount = files.reduce((sum, file) => sum + file.size, 0);
  return { target, systemIdentifier, timelineId, fileCount: files.length, byteCount };
}
