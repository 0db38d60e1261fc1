import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from './processes.js';
import type { Report } from './report.js';

export interface Watched {
  process(): ProcessIdentity;
  /** Brings the server back; called again, with growing pauses, until it does not throw. */
  restart(signal: AbortSignal): Promise<void>;
  /** Called now and then while all is well. */
  tidy(): Promise<void>;
  report: Report;
}

const POLL_MS = 250;
const TIDY_MS = 600_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const STEADY_MS = 60_000;

/**
 * Restarts the server whenever it has died, and never gives up: a full disk is freed some day. By polling, since an
 * adopted server is no child whose end is told. Returns what ends the watch.
 */
export function watch(watched: Watched): () => Promise<void> {
  const ended = new AbortController();
  const running = keepAlive(watched, ended.signal);
  return async () => {
    ended.abort();
    await running;
  };
}

async function keepAlive(watched: Watched, signal: AbortSignal): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let upSince = performance.now();
  let tidiedAt = upSince;
  while (await pause(POLL_MS, signal)) {
    if (await isAlive(watched.process())) {
      if (performance.now() - tidiedAt > TIDY_MS) {
        tidiedAt = performance.now();
        await attempt(watched, 'could not tidy the logs of the database', () => watched.tidy());
      }
      continue;
    }
    watched.report.log.error({ pid: watched.process().pid }, 'the database server has died; restarting it');
    watched.report.progress('the database has stopped by itself; restarting it');
    if (performance.now() - upSince > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
    do {
      // Also before the first try, since a server may start well and die again at once.
      if (!(await pause(pauseMs, signal))) return;
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    } while (!(await attempt(watched, 'could not restart the database', () => watched.restart(signal))));
    upSince = performance.now();
  }
}

async function attempt(watched: Watched, failure: string, step: () => Promise<void>): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    watched.report.log.error({ err: error }, failure);
    return false;
  }
}

/** False when the watch has ended. Does not keep the process alive. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal, ref: false });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
