import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../shared/clock.js';
import { ownerOf, type Account } from './account.js';
import { bringUp, type Site } from './bring-up.js';
import { withClient } from './connect.js';
import { livePostmaster, readControlFile } from './control-file.js';
import { copyFileSafely, overAll } from './copy.js';
import { liveHubs } from './hubs.js';
import { syncFolder } from './initdb.js';
import { CLUSTER_PART, EXTRA_PART, readVerified, type Manifest } from './manifest.js';
import { PASSWORD_FILE } from './password.js';
import { openDataDir } from './place.js';
import { stopPostmaster } from './stop-postmaster.js';
import { EmbeddedPostgresError, codeOf, reportOf, type Report } from './report.js';
import { prepareSite, underLock, type EmbeddedOptions } from './start.js';

export interface RestoreOptions extends EmbeddedOptions {
  /** The folder of a backup. */
  source: string;
  clock: Clock;
}

export interface RestoreResult {
  clusterDir: string;
  /** Where the database that was there before is kept; undefined where there was none. */
  replacedClusterDir: string | undefined;
  systemIdentifier: string;
  /** Higher than any this data directory has had. */
  timelineId: number;
}

/**
 * Puts a backup in the place of the present database, which is kept beside it. Refuses, and changes nothing, while a
 * hub or the server runs, or when the backup is not whole; goes back to the present database when recovery fails.
 */
export async function restoreEmbedded(options: RestoreOptions): Promise<RestoreResult> {
  const report = reportOf(options);
  const source = path.resolve(options.source);
  report.progress('checking the backup');
  const manifest = await readVerified(source);
  const dataDir = await openDataDir(options.dataDir);
  return underLock(dataDir, report, async () => {
    const site = await prepareSite(dataDir, options, report);
    await refuseWhileRunning(site);
    refuseOtherVersion(manifest, site);
    const stamp = options.clock.now().toISOString().replace(/[:.]/g, '-');
    const draft = await copyCluster(source, manifest, site, report);
    const replaced = await swap(site, draft, stamp);
    if (replaced) report.progress(`kept the database that was there as ${replaced}`);
    const timelineId = await recover(site, replaced, stamp);
    await restoreExtras(source, manifest, dataDir, stamp, report);
    return {
      clusterDir: site.place.clusterDir,
      replacedClusterDir: replaced,
      systemIdentifier: manifest.systemIdentifier,
      timelineId,
    };
  });
}

async function refuseWhileRunning({ place }: Site): Promise<void> {
  const hubs = await liveHubs(place.dataDir);
  if (hubs.length > 0) {
    throw new EmbeddedPostgresError(
      `The hub is running (process ${hubs.join(', ')}). Stop it, then restore. Nothing was changed.`,
    );
  }
  const live = await livePostmaster(place.clusterDir);
  if (live) {
    const pid = live.process.pid;
    throw new EmbeddedPostgresError(
      `The database of a killed hub is still running. Stop it (kill -INT ${pid}), then restore. Nothing was changed.`,
    );
  }
}

function refuseOtherVersion(manifest: Manifest, site: Site): void {
  if (manifest.postgres.split('.')[0] === site.binaries.major) return;
  throw new EmbeddedPostgresError(
    `The backup is of PostgreSQL ${manifest.postgres}, and this hub brings PostgreSQL ${site.binaries.major}. ` +
      'Restore it with the version of the hub that made it. Nothing was changed.',
  );
}

async function copyCluster(source: string, manifest: Manifest, site: Site, report: Report): Promise<string> {
  const { home, account } = site.place;
  const draft = path.join(home, 'cluster.restoring');
  report.progress('copying the backup');
  await rm(draft, { recursive: true, force: true });
  try {
    await makeFolder(draft, account);
    const folders = partOf(CLUSTER_PART, manifest.folders);
    for (const folder of folders) await makeFolder(path.join(draft, folder), account);
    await overAll(
      partOf(
        CLUSTER_PART,
        manifest.files.map((file) => file.path),
      ),
      (item) => copyFor(account, path.join(source, CLUSTER_PART, item), path.join(draft, item)),
    );
    await keepTimelines(site, manifest, draft);
    // Makes the server recover to the end of the copied log and go on from there on a new timeline.
    await (await open(path.join(draft, 'recovery.signal'), 'wx', 0o600)).close();
    if (account) await giveFile(path.join(draft, 'recovery.signal'), account);
    for (const folder of ['.', ...folders]) await syncFolder(path.join(draft, folder));
    return draft;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The new timeline gets the first number without a history file. Those of the databases that were here before are
 * taken along, or the same backup restored twice would get the same number for two different histories.
 */
async function keepTimelines(site: Site, manifest: Manifest, draft: string): Promise<void> {
  const { home, account } = site.place;
  const earlier = (await readdir(home)).filter((name) => /^cluster($|\.replaced-)/.test(name));
  for (const name of earlier) {
    const cluster = path.join(home, name);
    if (!(await isSameSystem(cluster, manifest))) continue;
    const histories = (await readdir(path.join(cluster, 'pg_wal'))).filter((item) =>
      /^[0-9A-F]{8}\.history$/.test(item),
    );
    for (const history of histories) {
      const to = path.join(draft, 'pg_wal', history);
      if (!(await ownerOf(to))) await copyFor(account, path.join(cluster, 'pg_wal', history), to);
    }
  }
}

async function isSameSystem(cluster: string, manifest: Manifest): Promise<boolean> {
  try {
    return (await readControlFile(cluster)).systemIdentifier === manifest.systemIdentifier;
  } catch (error) {
    // A backup is restored over a damaged database too.
    if (codeOf(error) === 'ENOENT' || error instanceof EmbeddedPostgresError) return false;
    throw error;
  }
}

async function swap(site: Site, draft: string, stamp: string): Promise<string | undefined> {
  const { clusterDir, home } = site.place;
  const replaced = (await ownerOf(clusterDir)) ? `${clusterDir}.replaced-${stamp}` : undefined;
  if (replaced) await rename(clusterDir, replaced);
  await rename(draft, clusterDir);
  await syncFolder(home);
  return replaced;
}

/** Runs the server until it has recovered, and gives its new timeline. */
async function recover(site: Site, replaced: string | undefined, stamp: string): Promise<number> {
  const { clusterDir } = site.place;
  try {
    const running = await bringUp(site);
    try {
      return await withClient({ port: running.port, password: site.password }, async (client) => {
        const { rows } = await client.query<{ id: number }>('select timeline_id as id from pg_control_checkpoint()');
        return rows[0]?.id ?? 0;
      });
    } finally {
      await stopPostmaster(running.process);
    }
  } catch (error) {
    const failed = `${clusterDir}.failed-restore-${stamp}`;
    await rename(clusterDir, failed);
    if (replaced) await rename(replaced, clusterDir);
    const outcome = replaced ? 'the database that was there before is in its place again' : 'there is no database now';
    throw new EmbeddedPostgresError(`The backup did not recover and is kept as ${failed}; ${outcome}.`, {
      cause: error,
    });
  }
}

async function restoreExtras(
  source: string,
  manifest: Manifest,
  dataDir: string,
  stamp: string,
  report: Report,
): Promise<void> {
  for (const name of partOf(
    EXTRA_PART,
    manifest.files.map((file) => file.path),
  )) {
    // The restored database has just been given the password of this data directory.
    if (name === PASSWORD_FILE) continue;
    const from = path.join(source, EXTRA_PART, name);
    const to = path.join(dataDir, name);
    if (await ownerOf(to)) {
      if ((await readFile(to)).equals(await readFile(from))) continue;
      await rename(to, `${to}.replaced-${stamp}`);
      report.progress(`kept the ${name} that was there as ${name}.replaced-${stamp}`);
    }
    await copyFileSafely(from, to);
  }
  await syncFolder(dataDir);
}

async function makeFolder(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (account) await giveFile(folder, account);
}

async function copyFor(account: Account | undefined, from: string, to: string): Promise<void> {
  await copyFileSafely(from, to, async (copy) => {
    if (account) await copy.chown(account.uid, account.gid);
  });
}

/** Through a handle, since the folder belongs to the account, which could put a link in the file's place. */
async function giveFile(file: string, account: Account): Promise<void> {
  const handle = await open(file);
  try {
    await handle.chown(account.uid, account.gid);
  } finally {
    await handle.close();
  }
}

function partOf(part: string, paths: string[]): string[] {
  return paths.filter((item) => item.startsWith(`${part}/`)).map((item) => item.slice(part.length + 1));
}
