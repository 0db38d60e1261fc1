import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquireLock } from '../../../../src/db/embedded/lock.js';
import { ownIdentity } from '../../../../src/db/embedded/processes.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hub-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('lets one in at a time, and leaves nothing behind', async () => {
  const lock = path.join(folder, 'lock');
  let inside = 0;
  let most = 0;
  const waited: number[] = [];
  const turn = async (): Promise<void> => {
    const release = await acquireLock(lock, (pid) => void waited.push(pid));
    most = Math.max(most, (inside += 1));
    await new Promise(setImmediate);
    inside -= 1;
    await release();
  };
  await Promise.all(Array.from({ length: 8 }, turn));
  expect(most).toBe(1);
  expect(new Set(waited)).toEqual(new Set([process.pid]));
  expect(await readdir(folder)).toEqual([]);
});

test('breaks a lock whose owner is gone, once, however many wait for it', async () => {
  const lock = path.join(folder, 'lock');
  // The number of a living process with another start: a number that was used again.
  await writeFile(lock, JSON.stringify({ ...(await ownIdentity()), started: 'earlier', nonce: 'dead' }));
  let inside = 0;
  let most = 0;
  const turn = async (): Promise<void> => {
    const release = await acquireLock(lock);
    most = Math.max(most, (inside += 1));
    await new Promise(setImmediate);
    inside -= 1;
    await release();
  };
  await Promise.all(Array.from({ length: 8 }, turn));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('gives up waiting when told to', async () => {
  const lock = path.join(folder, 'lock');
  const release = await acquireLock(lock);
  await expect(acquireLock(lock, undefined, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
  await release();
  expect(await readdir(folder)).toEqual([]);
});
