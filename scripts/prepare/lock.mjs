import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrepareFailure, childIds, isInterrupted, passSignalsOn, say } from './child.mjs';
import { stateFolder } from './paths.mjs';

const lockFolder = join(stateFolder, 'lock');
const beatMs = 500;
const silentMs = 20_000;
// Longer than an install takes: a child that outlived its killed parent is left to finish.
const orphanMs = 300_000;
// Windows answers with a refusal where others say that the folder is there.
const takenCodes = [
  'ENOTEMPTY',
  'EEXIST',
  'ENOENT',
  ...(process.platform === 'win32' ? ['EPERM', 'EACCES', 'EBUSY'] : []),
];

/** Runs the work while no other prepare of this working copy does; waits for one that is at it. */
export async function withLock(work) {
  mkdirSync(stateFolder, { recursive: true });
  passSignalsOn();
  const owner = await acquire();
  const beat = setInterval(() => writeOwner(lockFolder, owner), beatMs);
  try {
    if (isInterrupted()) throw new PrepareFailure('interrupted');
    return await work();
  } finally {
    clearInterval(beat);
    if (readOwner(lockFolder)?.token === owner.token) rmSync(lockFolder, { recursive: true, force: true });
  }
}

async function acquire() {
  const owner = { token: randomUUID(), pid: process.pid, host: hostname() };
  const candidate = join(stateFolder, `lock-${owner.token}`);
  mkdirSync(candidate);
  writeOwner(candidate, owner);
  const watched = { token: undefined, beat: undefined, since: 0 };
  let hasSaid = false;
  try {
    for (;;) {
      if (isInterrupted()) throw new PrepareFailure('interrupted while waiting');
      // A folder that already holds its owner's name appears in one step, or not at all when one is there.
      if (moves(candidate, lockFolder)) return owner;
      const holder = readOwner(lockFolder);
      if (holder && isStale(holder, watched)) {
        say(`taking over from a prepare that ended half-way (process ${holder.pid})`);
        breakLock(holder);
        continue;
      }
      if (!hasSaid && holder) say(`waiting for another prepare (process ${holder.pid})`);
      hasSaid ||= Boolean(holder);
      await sleep(100);
    }
  } finally {
    rmSync(candidate, { recursive: true, force: true });
  }
}

function isStale(holder, watched) {
  const isNear = holder.host === hostname();
  const hasOrphan = isNear && (holder.children ?? []).some(isAlive);
  if (isNear && !isAlive(holder.pid) && !hasOrphan) return true;
  // A process id may have been reused, or belong to another container that shares the folder: then only the
  // beat tells. It must stay unchanged under our own eyes, so that a machine waking from sleep breaks nothing.
  if (watched.token !== holder.token || watched.beat !== holder.beat) {
    Object.assign(watched, { token: holder.token, beat: holder.beat, since: performance.now() });
    return false;
  }
  return performance.now() - watched.since > (hasOrphan ? orphanMs : silentMs);
}

function breakLock(holder) {
  const aside = join(stateFolder, `lock-broken-${randomUUID()}`);
  if (!moves(lockFolder, aside)) return;
  // Two waiters may judge the same lock: the slower one has just moved the lock of the faster one, and gives it back.
  if (readOwner(aside)?.token !== holder.token && moves(aside, lockFolder)) return;
  rmSync(aside, { recursive: true, force: true });
}

function moves(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (takenCodes.includes(error.code)) return false;
    throw error;
  }
}

function readOwner(folder) {
  const file = join(folder, 'owner.json');
  try {
    return { ...JSON.parse(readFileSync(file, 'utf8')), beat: statSync(file).mtimeMs };
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

function writeOwner(folder, owner) {
  try {
    writeFileSync(join(folder, 'owner.json'), JSON.stringify({ ...owner, children: childIds() }));
  } catch (error) {
    // Someone removed dist/ by hand: the work goes on, only the lock is lost.
    if (error.code !== 'ENOENT') throw error;
  }
}
