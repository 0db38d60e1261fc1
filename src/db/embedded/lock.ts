import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive, ownIdentity } from './processes.js';
import { codeOf } from './report.js';

const ownerShape = z.object({ pid: z.number(), started: z.string(), nonce: z.string() });
type Owner = z.infer<typeof ownerShape>;

/**
 * Waits until this process alone holds the lock file, then returns what releases it. A lock whose owner was killed
 * is broken. `onWait` hears once which process holds it.
 */
export async function acquireLock(
  path: string,
  onWait?: (pid: number) => void,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  const nonce = randomBytes(6).toString('hex');
  const ticket = `${path}.${nonce}`;
  const owner: Owner = { ...(await ownIdentity()), nonce };
  await writeFile(ticket, JSON.stringify(owner), { mode: 0o600 });
  try {
    for (let told = false; ;) {
      signal?.throwIfAborted();
      if (await linked(ticket, path)) return () => rm(path);
      const holder = await readOwner(path);
      if (holder && !(await isAlive(holder))) {
        await breakLock(path, holder);
        continue;
      }
      if (holder && !told) {
        onWait?.(holder.pid);
        told = true;
      }
      await sleep(40);
    }
  } finally {
    await rm(ticket, { force: true });
  }
}

/** A link appears whole and only once, where a file written in place could be seen half-written. */
async function linked(ticket: string, path: string): Promise<boolean> {
  try {
    await link(ticket, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Under a lock of its own, or two breakers could remove the lock that the first of them has just taken. */
async function breakLock(path: string, dead: Owner): Promise<void> {
  const release = await acquireLock(`${path}.break`);
  try {
    if ((await readOwner(path))?.nonce === dead.nonce) await rm(path);
  } finally {
    await release();
  }
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    return ownerShape.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
