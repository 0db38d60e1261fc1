import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Binaries } from './binaries.js';
import type { Place } from './place.js';
import { runProgram } from './programs.js';
import { EmbeddedPostgresError, codeOf } from './report.js';

/** The database's one role, which owns it. */
export const ROLE = 'hub';

/** In the data directory; a backup may carry it as an extra file. */
export const PASSWORD_FILE = 'database-password';

/** Reads the password of the data directory, and makes it first where there is none. Call it under the lock. */
export async function passwordOf(dataDir: string): Promise<string> {
  const file = path.join(dataDir, PASSWORD_FILE);
  try {
    const password = (await readFile(file, 'utf8')).trim();
    // It goes into statements and URLs as it stands.
    if (!/^[\w-]{16,}$/.test(password)) {
      throw new EmbeddedPostgresError(`${file} holds no password of the hub. Delete it, and the hub sets a new one.`);
    }
    return password;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const password = randomBytes(24).toString('hex');
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, `${password}\n`, { mode: 0o600, flush: true });
  await rename(draft, file);
  return password;
}

/** Sets the role's password in a stopped cluster: its file was lost, or the cluster comes from a backup. */
export async function resetPassword(place: Place, binaries: Binaries, password: string): Promise<void> {
  const { code, output } = await runProgram(
    binaries.postgres,
    ['--single', '-D', place.clusterDir, '-c', 'logging_collector=off', '-c', 'log_statement=none', 'postgres'],
    { account: place.account, input: `alter role ${ROLE} password '${password}'\n` },
  );
  if (code !== 0) throw new EmbeddedPostgresError(`Could not set the database's password: ${output}`);
}
