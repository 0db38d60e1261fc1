import { randomBytes } from 'node:crypto';
import { open, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ownerOf } from './account.js';
import type { Binaries } from './binaries.js';
import { readControlFile } from './control-file.js';
import { ROLE } from './password.js';
import type { Place } from './place.js';
import { runProgram } from './programs.js';
import { EmbeddedPostgresError, codeOf, type Report } from './report.js';

const DRAFT = 'cluster.new-';

export type ClusterState = 'created' | 'clean' | 'recovered';

/**
 * Makes the cluster where there is none, and says in which state the one found was left. A cluster has its name only
 * when it is whole and on disk, so that a start which was cut off is simply done again. Call it under the lock.
 */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  password: string,
  report: Report,
): Promise<ClusterState> {
  if (!(await ownerOf(place.clusterDir))) {
    await refuseAfterHalfRestore(place);
    report.progress('initialising the database');
    await initialise(place, binaries, password);
    return 'created';
  }
  await refuseOtherVersion(place, binaries);
  return (await readControlFile(place.clusterDir)).wasStoppedCleanly ? 'clean' : 'recovered';
}

async function initialise(place: Place, binaries: Binaries, password: string): Promise<void> {
  await removeDrafts(place);
  // A name of its own each time: the initdb of a hub that was killed may still be at work on the last one.
  const draft = path.join(place.home, `${DRAFT}${randomBytes(4).toString('hex')}`);
  const passwordFile = `${draft}.password`;
  try {
    await writeFor(passwordFile, password, place);
    const { code, output } = await runProgram(
      binaries.initdb,
      [
        ['-D', draft, '--username', ROLE, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
        ['--locale', 'C.UTF-8', '--encoding', 'UTF8', '--data-checksums', '--no-instructions'],
      ].flat(),
      { account: place.account },
    );
    if (code !== 0) throw new EmbeddedPostgresError(`Could not initialise the database in ${draft}: ${output}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, place.clusterDir);
  await syncFolder(place.home);
}

async function removeDrafts({ home }: Place): Promise<void> {
  const drafts = (await readdir(home)).filter((name) => name.startsWith(DRAFT));
  for (const name of drafts) await rm(path.join(home, name), { recursive: true, force: true, maxRetries: 10 });
}

/** Fails on a file that exists, since the folder belongs to the account and root must not follow its links. */
async function writeFor(file: string, text: string, place: Place): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    if (place.account) await handle.chown(place.account.uid, place.account.gid);
  } finally {
    await handle.close();
  }
}

/** Makes the names in a folder outlast a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** An empty database in place of the orders that were there would be the worst answer to an interrupted restore. */
async function refuseAfterHalfRestore(place: Place): Promise<void> {
  const aside = (await readdir(place.home)).filter((name) => name.startsWith('cluster.replaced-')).sort();
  if (aside.length === 0) return;
  throw new EmbeddedPostgresError(
    `A restore into ${place.home} was interrupted. Run it again, or go back to the database before it: ` +
      `mv "${path.join(place.home, aside.at(-1) ?? '')}" "${place.clusterDir}"`,
  );
}

async function refuseOtherVersion(place: Place, binaries: Binaries): Promise<void> {
  const found = await versionOf(place.clusterDir);
  if (found === undefined) {
    throw new EmbeddedPostgresError(
      `${place.clusterDir} holds no database, or a damaged one. Move it away, or restore a backup.`,
    );
  }
  if (found !== binaries.major) {
    throw new EmbeddedPostgresError(
      `The database in ${place.clusterDir} is of PostgreSQL ${found}, and this hub brings PostgreSQL ${binaries.major}. ` +
        'Start it with the version of the hub that made it.',
    );
  }
}

async function versionOf(clusterDir: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(clusterDir, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
