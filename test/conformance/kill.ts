import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Connector } from '../../src/connect/index.js';
import { differences } from './differences.js';
import { happened, hubState } from './hub-state.js';
import { Stage } from './run.js';

const PROGRAM = fileURLToPath(new URL('./hub-process.js', import.meta.url));
/** In the middle of a page: some of it is written, all of it is written, all of it is committed. */
export const POINTS = ['keep-page:after-first-write', 'keep-page:before-commit', 'keep-page:after-commit'];
const SEED = 23;
const LATER_MS = 5 * 60_000;
/** Only where a process does not come to its end: what a dead one held may be found a minute later. */
const HANGS_MS = 150_000;

/** What is kept of everything that a system has, once it is read for the first time. */
async function kept(stage: Stage): Promise<object> {
  await stage.takeOver();
  await stage.settle();
  // Whether something was sent before or behind a count decides how often the level moves, not what it comes to.
  const { orders, quotes, shipments, sent, references } = await happened(stage.hub);
  return { state: await hubState(stage.hub), counts: { orders, quotes, shipments, sent, references } };
}

/**
 * Reads a system for the first time, by processes that end the hard way in the middle of a page one after the other, and
 * gives what is lost or repeated by it.
 */
export async function lossesOf(connector: Connector, folder: string, acts: number): Promise<string[]> {
  const options = { seed: SEED, firstNumber: acts + 1, isSilent: true };
  const whole = await Stage.open(connector, { ...options, isIdle: true });
  await whole.clock.atDawn(() => whole.system.act(acts));
  const expected = await kept(whole).finally(() => whole.close());
  const stage = await Stage.open(connector, { ...options, isIdle: true });
  let laterMs = 0;
  try {
    await stage.clock.atDawn(() => stage.system.act(acts));
    for (const point of POINTS) {
      // What the one before had taken of the system's allowance has run out by then.
      stage.clock.leap(LATER_MS);
      laterMs += LATER_MS;
      await endAt(point, stage.fresh.url, folder, laterMs);
    }
    stage.clock.leap(LATER_MS);
    return differences(expected, await kept(stage));
  } finally {
    await stage.close();
  }
}

async function endAt(point: string, databaseUrl: string, folder: string, laterMs: number): Promise<void> {
  const child = fork(PROGRAM, [databaseUrl, folder, point, String(laterMs)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const late = setTimeout(() => child.kill('SIGTERM'), HANGS_MS);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(late);
  if (signal !== 'SIGKILL') throw new Error(`the process did not end at ${point}, but by ${signal ?? code}`);
}
