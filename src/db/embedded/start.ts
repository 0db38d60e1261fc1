import { rm } from 'node:fs/promises';
import path from 'node:path';
import { firstBarrier } from './account.js';
import { findPackage, usableBinaries } from './binaries.js';
import { bringUp, type Running, type Site } from './bring-up.js';
import { connectionStringOf } from './connect.js';
import { livePostmaster } from './control-file.js';
import { enterHubs, leaveHubs, liveHubs } from './hubs.js';
import { acquireLock } from './lock.js';
import { passwordOf } from './password.js';
import { STATE_ROOTS, findPlace, openDataDir, usableRoot } from './place.js';
import { stopPostmaster } from './stop-postmaster.js';
import { reportOf, type EmbeddedLog, type Report } from './report.js';
import { settingArguments } from './settings.js';
import { serverLogs } from './start-failure.js';
import { watch } from './watch.js';

export interface EmbeddedOptions {
  /** The hub's data directory; made where it is missing. */
  dataDir: string;
  log?: EmbeddedLog;
  /** Hears lines for a person who waits. */
  onProgress?: (message: string) => void;
  /** Server settings in place of the defaults; throws for those that the supervisor needs as they are. */
  settings?: Record<string, string>;
  /** Where the cluster goes when the user it runs as cannot reach the data directory. */
  stateRoots?: string[];
  /** Calls the start off: it throws the signal's reason, or an AbortError of it, and leaves no server behind. */
  signal?: AbortSignal;
}

export interface EmbeddedPostgres {
  readonly connectionString: string;
  readonly clusterDir: string;
  /** The server's process now: another one after it was restarted. */
  readonly pid: number;
  readonly howItStarted: Running['howItStarted'];
  /** Leaves the database, and stops it when no other hub uses it. May be called twice. */
  stop(): Promise<void>;
}

const KEPT_LOGS = 6;

/**
 * Starts the embedded database of a data directory, or joins the hubs that use it already, and keeps it running at the
 * same address until `stop`. Throws an `EmbeddedPostgresError` that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const report = reportOf(options);
  settingArguments(options.settings ?? {});
  const dataDir = await openDataDir(options.dataDir);
  const { site, seat, first } = await underLock(
    dataDir,
    report,
    () => takeSeat(dataDir, options, report),
    options.signal,
  );
  let running = first;
  report.log.info(
    { pid: first.process.pid, port: first.port, how: first.howItStarted },
    'the embedded database is ready',
  );
  const endWatch = watch({
    process: () => running.process,
    restart: async (signal) => {
      running = await underLock(dataDir, report, () => bringUp(site, first.port, signal), signal);
      report.log.info({ pid: running.process.pid }, 'the embedded database is ready again');
      report.progress('the database is ready again');
    },
    tidy: () => dropOldLogs(site),
    report,
  });
  let stopped: Promise<void> | undefined;
  return {
    connectionString: connectionStringOf({ port: first.port, password: site.password }),
    clusterDir: site.place.clusterDir,
    get pid() {
      return running.process.pid;
    },
    howItStarted: first.howItStarted,
    stop: () =>
      (stopped ??= endWatch().then(() =>
        underLock(dataDir, report, () => leave(dataDir, seat, site.place.clusterDir)),
      )),
  };
}

/** Alone on this data directory: no hub starts, stops or restores it meanwhile. */
export async function underLock<T>(
  dataDir: string,
  report: Report,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const tell = (pid: number): void => report.progress(`waiting for the process ${pid}, which works on the database`);
  const release = await acquireLock(path.join(dataDir, 'database.lock'), tell, signal);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Finds or makes all that a start needs. Call it under the lock. */
export async function prepareSite(dataDir: string, options: EmbeddedOptions, report: Report): Promise<Site> {
  const stateRoots = options.stateRoots ?? STATE_ROOTS;
  const place = await findPlace(dataDir, stateRoots, report);
  const isReachable = (await firstBarrier(dataDir, place.account)) === undefined;
  const stagingFolder = async (): Promise<string> => (isReachable ? dataDir : usableRoot(stateRoots, place.account));
  const binaries = await usableBinaries(await findPackage(), place.account, stagingFolder, report);
  return { place, binaries, password: await passwordOf(dataDir), settings: options.settings ?? {}, report };
}

async function takeSeat(
  dataDir: string,
  options: EmbeddedOptions,
  report: Report,
): Promise<{ site: Site; seat: string; first: Running }> {
  const site = await prepareSite(dataDir, options, report);
  await dropOldLogs(site);
  const seat = await enterHubs(dataDir);
  try {
    return { site, seat, first: await bringUp(site, undefined, options.signal) };
  } catch (error) {
    await leave(dataDir, seat, site.place.clusterDir);
    throw error;
  }
}

async function leave(dataDir: string, seat: string, clusterDir: string): Promise<void> {
  await leaveHubs(dataDir, seat);
  if ((await liveHubs(dataDir)).length > 0) return;
  const live = await livePostmaster(clusterDir);
  if (live) await stopPostmaster(live.process);
}

async function dropOldLogs(site: Site): Promise<void> {
  const logs = await serverLogs(site.place.home);
  for (const log of logs.slice(0, -KEPT_LOGS)) await rm(log);
}
