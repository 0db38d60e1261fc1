import { chmod, cp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ownerOf } from './account.js';
import type { Report } from './report.js';

/** The npm package: its `native` folder, and its version, which begins with PostgreSQL's. */
export interface BinariesPackage {
  native: string;
  version: string;
}

/** Copies the programs into `folder` once per version, and gives the copy's `native` folder. Call it under the lock. */
export async function stageBinaries(source: BinariesPackage, folder: string, report: Report): Promise<string> {
  const staged = path.join(folder, `postgres-${source.version}-${process.arch}`);
  if (await ownerOf(staged)) return path.join(staged, 'native');
  report.progress(`copying PostgreSQL's programs to ${staged}`);
  // Several data directories share this folder, and each has a lock of its own.
  const draft = `${staged}.new-${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  await cp(source.native, path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true, filter: isNeeded });
  await openToAll(draft);
  await moveOnce(draft, staged);
  return path.join(staged, 'native');
}

/** Static libraries serve only to build against. */
function isNeeded(file: string): boolean {
  return !file.endsWith('.a') && path.basename(file) !== 'pkgconfig';
}

/** An install under a strict umask leaves files that only their owner can read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const item = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(item);
    else if (entry.isFile()) await chmod(item, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

async function moveOnce(draft: string, staged: string): Promise<void> {
  try {
    await rename(draft, staged);
  } catch (error) {
    if (!(await ownerOf(staged))) throw error;
    await rm(draft, { recursive: true });
  }
}
