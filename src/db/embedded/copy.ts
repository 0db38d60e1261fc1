import { createHash } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './report.js';

/** A file of a backup: its path below the backup's folder, with slashes. */
export interface CopiedFile {
  path: string;
  size: number;
  sha256: string;
}

const BLOCK = 1024 * 1024;
// Used again: one for each of a cluster's thousand files would have the collector go through the whole heap over and over.
const spare: Buffer[] = [];

/** Reads a file to its end for its size and digest, handing each block on. */
export async function readThrough(
  file: string,
  each: (block: Buffer) => Promise<unknown> = async () => undefined,
): Promise<Omit<CopiedFile, 'path'>> {
  const source = await open(file);
  const buffer = spare.pop() ?? Buffer.allocUnsafe(BLOCK);
  try {
    const hash = createHash('sha256');
    for (let size = 0; ;) {
      const { bytesRead } = await source.read(buffer, 0, BLOCK);
      if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
      const block = buffer.subarray(0, bytesRead);
      hash.update(block);
      await each(block);
      size += bytesRead;
    }
  } finally {
    spare.push(buffer);
    await source.close();
  }
}

/** Copies a file onto the disk, readable by its owner only. */
export async function copyFileSafely(
  from: string,
  to: string,
  finish: (copy: FileHandle) => Promise<void> = async () => undefined,
): Promise<Omit<CopiedFile, 'path'>> {
  const copy = await open(to, 'wx', 0o600);
  try {
    const facts = await readThrough(from, (block) => copy.writeFile(block));
    await finish(copy);
    await copy.datasync();
    return facts;
  } finally {
    await copy.close();
  }
}

export interface TreeEntry {
  path: string;
  isFolder: boolean;
}

/** Folders and files below `root`, each folder before what it holds. Links, and what vanishes meanwhile, are left out. */
export async function treeOf(root: string, isWanted: (path: string) => boolean, below = ''): Promise<TreeEntry[]> {
  const found: TreeEntry[] = [];
  for (const entry of await entriesOf(path.join(root, below))) {
    const item = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!isWanted(item)) continue;
    if (entry.isFile()) found.push({ path: item, isFolder: false });
    if (entry.isDirectory()) found.push({ path: item, isFolder: true }, ...(await treeOf(root, isWanted, item)));
  }
  return found;
}

/** Runs `work` over the items, a few at a time: most of a copy's time is waiting for the disk. */
export async function overAll<T>(items: T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
