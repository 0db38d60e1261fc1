import { createServer } from 'node:net';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownerOf } from './account.js';
import type { Binaries } from './binaries.js';
import { ask, ensureDatabase, type Answer } from './connect.js';
import { livePostmaster, pidFile, type LivePostmaster } from './control-file.js';
import { ensureCluster, type ClusterState } from './initdb.js';
import { resetPassword } from './password.js';
import type { Place } from './place.js';
import { spawnPostmaster } from './postmaster.js';
import { commandOf, identityOf, isAlive, processesIn, type ProcessIdentity } from './processes.js';
import { EmbeddedPostgresError, codeOf, type Report } from './report.js';
import { stopPostmaster } from './stop-postmaster.js';
import { logMarks, startFailure, writtenSince, type StartFailure } from './start-failure.js';

/** All that a start of one cluster needs. */
export interface Site {
  place: Place;
  binaries: Binaries;
  password: string;
  settings: Record<string, string>;
  report: Report;
}

export interface Running {
  process: ProcessIdentity;
  port: number;
  howItStarted: ClusterState | 'adopted';
}

const HELD_MS = 60_000;
const STRAGGLER_PATIENCE_MS = 3_000;
const SILENCE_MS = 60_000;
const PORT_TRIES = 10;

/**
 * Makes the cluster run: adopts the server that runs on it, or starts one, on `port` where the addresses given out name
 * it. Call it under the lock. Throws an `EmbeddedPostgresError` that says what to do, or the signal's reason.
 */
export async function bringUp(site: Site, port?: number, signal?: AbortSignal): Promise<Running> {
  const live = await livePostmaster(site.place.clusterDir);
  const adopted = live && (await adopt(site, live, port, signal));
  if (adopted) return adopted;
  if (port !== undefined && !(await ownerOf(site.place.clusterDir))) {
    throw new EmbeddedPostgresError(`The database in ${site.place.clusterDir} has vanished while the hub ran.`);
  }
  const state = await ensureCluster(site.place, site.binaries, site.password, site.report);
  signal?.throwIfAborted();
  if (state === 'recovered') site.report.progress('recovering the database after an unclean stop');
  const started = await start(site, port, signal);
  await ensureDatabase({ port: started.port, password: site.password });
  return { ...started, howItStarted: state };
}

/** Takes over a server that a killed hub left or another hub runs; stops one that does not let us in. */
async function adopt(
  site: Site,
  live: LivePostmaster,
  port: number | undefined,
  signal?: AbortSignal,
): Promise<Running | undefined> {
  const answer = live.port === undefined ? 'silent' : await waitForAnswer(site, live.process, live.port, signal);
  if (answer === 'ready' && live.port !== undefined) {
    if (port !== undefined && port !== live.port) {
      throw new EmbeddedPostgresError(
        `The database runs on port ${live.port}, and this hub knows it by port ${port}; restart the hub.`,
      );
    }
    await ensureDatabase({ port: live.port, password: site.password });
    return { process: live.process, port: live.port, howItStarted: 'adopted' };
  }
  site.report.log.warn({ pid: live.process.pid, answer }, 'stopping a database server that cannot be taken over');
  await stopPostmaster(live.process);
  return undefined;
}

async function start(
  site: Site,
  wantedPort: number | undefined,
  signal?: AbortSignal,
): Promise<Omit<Running, 'howItStarted'>> {
  const began = performance.now();
  let isPasswordSet = false;
  for (let attempt = 1, told = false; ; attempt += 1) {
    const port = wantedPort ?? (await freePort());
    const outcome = await tryStart(site, port, signal);
    if (outcome === 'wrong-password' && !isPasswordSet) {
      site.report.progress('setting the password of the database anew');
      await resetPassword(site.place, site.binaries, site.password);
      isPasswordSet = true;
      continue;
    }
    if (outcome === 'wrong-password')
      throw new EmbeddedPostgresError('The database does not take the password that was just set.');
    if ('process' in outcome) return outcome;
    const waitedMs = performance.now() - began;
    const isPassing =
      (outcome.kind === 'port-taken' && (wantedPort !== undefined || attempt < PORT_TRIES)) ||
      outcome.kind === 'still-held';
    if (!isPassing || waitedMs > HELD_MS) throw outcome.error;
    if (outcome.kind === 'still-held') {
      if (!told) site.report.progress('waiting for processes of the stopped database to end');
      told = true;
      if (waitedMs > STRAGGLER_PATIENCE_MS) await endStragglers(site);
    }
    await sleep(wantedPort === undefined && outcome.kind === 'port-taken' ? 0 : 400, undefined, { signal });
  }
}

async function tryStart(
  site: Site,
  port: number,
  signal?: AbortSignal,
): Promise<Omit<Running, 'howItStarted'> | 'wrong-password' | StartFailure> {
  const { place, binaries, settings } = site;
  await clearForeignPidFile(place);
  const marks = await logMarks(place.home);
  const output = path.join(place.dataDir, 'postgres-start.log');
  const process = await spawnPostmaster(place, binaries, port, settings, output);
  const answer = process ? await waitOrStop(site, process, port, signal) : 'silent';
  if (process && answer === 'ready') return { process, port };
  // Another server may have taken the port first, and it is that one which answers then.
  const isGone = !process || !(await isAlive(process));
  if (process && !isGone) await stopPostmaster(process);
  if (answer === 'wrong-password' && !isGone) return answer;
  // The server's log has a writer of its own, which may be a moment behind.
  await sleep(200);
  return startFailure(place.home, (await readFile(output, 'utf8')) + (await writtenSince(place.home, marks)));
}

/** A start that is called off must not leave a server behind that has not yet written its pid file. */
async function waitOrStop(site: Site, process: ProcessIdentity, port: number, signal?: AbortSignal): Promise<Answer> {
  try {
    return await waitForAnswer(site, process, port, signal);
  } catch (error) {
    await stopPostmaster(process);
    throw error;
  }
}

/** Waits while the server lives and recovers, for as long as that takes, and for one that is silent only so long. */
async function waitForAnswer(
  site: Site,
  process: ProcessIdentity,
  port: number,
  signal?: AbortSignal,
): Promise<Answer> {
  const began = performance.now();
  let heardAt = began;
  let tellAt = began + 5_000;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await ask({ port, password: site.password }, site.place.clusterDir);
    const now = performance.now();
    if (!(await isAlive(process))) return 'silent';
    if (answer === 'ready' || answer === 'wrong-password') return answer;
    if (answer === 'starting') heardAt = now;
    if (now - heardAt > SILENCE_MS) return answer;
    if (now > tellAt) {
      site.report.progress(`the database is not ready yet (${Math.round((now - began) / 1000)} s)`);
      tellAt = now + 5_000;
    }
    await sleep(answer === 'other-cluster' ? 200 : 25);
  }
}

/** PostgreSQL takes any living process of the number in its pid file for a server, also one that got it since. */
async function clearForeignPidFile(place: Place): Promise<void> {
  if (!(await livePostmaster(place.clusterDir))) await rm(pidFile(place.clusterDir), { force: true });
}

/** Children of a killed server notice that only when they are idle, so that a long query would hold up the next start. */
async function endStragglers(site: Site): Promise<void> {
  for (const pid of await processesIn(site.place.clusterDir)) {
    const child = await identityOf(pid);
    const isBackend = (await commandOf(pid))[0]?.startsWith('postgres:');
    if (!child || !isBackend) continue;
    site.report.log.warn({ pid }, 'ending a process that the killed database server left behind');
    try {
      process.kill(pid, 'SIGQUIT');
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('the system gave no port')),
      );
    });
  });
}
