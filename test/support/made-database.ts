import { execFile } from 'node:child_process';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedPostgres } from '../../src/db/embedded/index.js';

let made: Promise<string> | undefined;

/** Puts a database that was made and stopped into an empty data directory: making one anew takes seconds of computing. */
export async function copyMadeDatabase(dataDir: string): Promise<void> {
  await copyDataDir(await (made ??= makeDatabase()), dataDir);
}

/** With owners and modes, on which the embedded database depends. Nothing may run on the one that is copied. */
export async function copyDataDir(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', `${from}/.`, to]);
}

async function makeDatabase(): Promise<string> {
  const folder = process.env.HUB_TEST_FOLDER;
  if (!folder) throw new Error('HUB_TEST_FOLDER is not set: run the tests with `npm test`');
  const dataDir = path.join(folder, `made-${process.pid}`);
  await mkdir(dataDir);
  await chmod(dataDir, 0o711);
  const database = await startEmbeddedPostgres({ dataDir, stateRoots: [path.join(dataDir, 'state')] });
  await database.stop();
  return dataDir;
}
