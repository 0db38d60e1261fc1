import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isAlive, ownIdentity, type ProcessIdentity } from './processes.js';
import { codeOf } from './report.js';

const identityShape = z.object({ pid: z.number(), started: z.string() });

/** Enters this process into the list of those that use the database. Call it under the lock; the name is for `leaveHubs`. */
export async function enterHubs(dataDir: string): Promise<string> {
  const folder = hubsFolder(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(path.join(folder, name), JSON.stringify(await ownIdentity()), { mode: 0o600 });
  return name;
}

export async function leaveHubs(dataDir: string, name: string): Promise<void> {
  await rm(path.join(hubsFolder(dataDir), name), { force: true });
}

/** Who uses the database now. Call it under the lock: entries of processes that were killed are removed. */
export async function liveHubs(dataDir: string): Promise<number[]> {
  const folder = hubsFolder(dataDir);
  const live: number[] = [];
  for (const name of await namesIn(folder)) {
    const hub = readIdentity(await readFile(path.join(folder, name), 'utf8'));
    if (hub && (await isAlive(hub))) live.push(hub.pid);
    else await rm(path.join(folder, name), { force: true });
  }
  return live;
}

/** Undefined for half an entry, which a process leaves that was killed while it wrote. */
function readIdentity(text: string): ProcessIdentity | undefined {
  try {
    return identityShape.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function hubsFolder(dataDir: string): string {
  return path.join(dataDir, 'hubs');
}
