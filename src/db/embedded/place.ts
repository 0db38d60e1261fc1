import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, chown, constants, lstat, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { firstBarrier, ownerOf, runsAsRoot, unprivilegedAccount, type Account } from './account.js';
import { livePostmaster } from './control-file.js';
import { EmbeddedPostgresError, codeOf, type Report } from './report.js';
import { stopPostmaster } from './stop-postmaster.js';

/** Where a database lives and whom it runs as; `account` is undefined for the hub's own user. */
export interface Place {
  dataDir: string;
  /** Holds `cluster` and `log`, and belongs to the account. */
  home: string;
  clusterDir: string;
  account: Account | undefined;
}

/** Where clusters go that cannot lie in their data directory: the second for systems where /var/lib cannot be written. */
export const STATE_ROOTS = ['/var/lib/commerce-hub', '/var/tmp/commerce-hub'];

const pointerShape = z.object({ home: z.string(), dataDir: z.string() });

/** Makes the data directory and gives its true path. An account other than the owner may pass through, not look inside. */
export async function openDataDir(dataDir: string): Promise<string> {
  try {
    if ((await mkdir(dataDir, { recursive: true })) !== undefined) await chmod(dataDir, 0o711);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(dataDir);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The data directory ${dataDir} cannot be used (${codeOf(error) ?? String(error)}). ` +
        'Give it to the user the hub runs as, or set HUB_DATA_DIR to another folder.',
      { cause: error },
    );
  }
}

/** Finds the place of the database, or chooses one and prepares its folder. Call it under the lock. */
export async function findPlace(dataDir: string, stateRoots: string[], report: Report): Promise<Place> {
  const pointed = await readPointer(dataDir);
  const home = pointed ?? path.join(dataDir, 'database');
  const owner = await ownerOf(home);
  if (pointed && !owner) {
    throw new EmbeddedPostgresError(
      `${pointerFile(dataDir)} says that the database is in ${home}, which is not there. ` +
        'Bring that folder back, or delete the file to begin with an empty database.',
    );
  }
  if (owner) refuseOtherOwner(dataDir, home, owner);
  if (owner && (pointed || (await ownerOf(path.join(home, 'cluster')))))
    return existingPlace(dataDir, home, owner, report);
  const account = runsAsRoot() ? await unprivilegedAccount() : undefined;
  const barrier = await firstBarrier(dataDir, account);
  if (barrier === undefined) {
    await makeHome(home, account);
    return place(dataDir, home, account);
  }
  return newStateFolder(dataDir, barrier, account, stateRoots, report);
}

/** The first of the folders that only root can write and the account can pass through. */
export async function usableRoot(roots: string[], account: Account | undefined): Promise<string> {
  const refused: string[] = [];
  for (const root of roots) {
    const problem = await problemOfRoot(root, account);
    if (problem === undefined) return root;
    refused.push(`${root} (${problem})`);
  }
  throw new EmbeddedPostgresError(
    `Found no folder for the database which the user nobody can reach: ${refused.join(', ')}. ` +
      'Set HUB_DATA_DIR to such a folder, run the hub as an ordinary user, or set DATABASE_URL.',
  );
}

async function existingPlace(dataDir: string, home: string, owner: Account, report: Report): Promise<Place> {
  if (runsAsRoot() && owner.uid === 0) {
    throw new EmbeddedPostgresError(
      `${home} belongs to root, whom PostgreSQL does not run as; give it to nobody (chown -R nobody "${home}").`,
    );
  }
  const account = runsAsRoot() ? owner : undefined;
  const barrier = await firstBarrier(home, account);
  if (barrier !== undefined) {
    throw new EmbeddedPostgresError(
      `The database in ${home} runs as the user ${owner.uid}, who can no longer pass through ${barrier}. Allow that (chmod o+x "${barrier}").`,
    );
  }
  if (home !== path.join(dataDir, 'database')) report.progress(`the database is in ${home}`);
  return place(dataDir, home, account);
}

/** Before anything in it is looked at, which the other user's folder may not allow. */
function refuseOtherOwner(dataDir: string, home: string, owner: Account): void {
  const own = process.getuid?.();
  if (!runsAsRoot() && own !== undefined && owner.uid !== own) {
    throw new EmbeddedPostgresError(
      `The database in ${home} belongs to the user ${owner.uid}: it was made by a hub that ran as another user than now (${own}). ` +
        `Run the hub as before, or give the data directory to this user (as root: chown -R ${own} "${dataDir}" "${home}").`,
    );
  }
}

async function newStateFolder(
  dataDir: string,
  barrier: string,
  account: Account | undefined,
  stateRoots: string[],
  report: Report,
): Promise<Place> {
  const root = await usableRoot(stateRoots, account);
  const home = path.join(root, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  await setUnclaimedAside(home, report);
  await makeHome(home, account);
  await writePointer(dataDir, home);
  report.progress(
    `the database is in ${home}, because the user nobody, as whom it runs, cannot pass through ${barrier}`,
  );
  return place(dataDir, home, account);
}

/** What a data directory of the same name left, that was since deleted: nobody expects its orders to come back. */
async function setUnclaimedAside(home: string, report: Report): Promise<void> {
  if (!(await ownerOf(path.join(home, 'cluster')))) return;
  const live = await livePostmaster(path.join(home, 'cluster'));
  if (live) await stopPostmaster(live.process);
  const aside = `${home}.unclaimed-${randomBytes(3).toString('hex')}`;
  await rename(home, aside);
  report.progress(`kept the database of a data directory that was deleted as ${aside}`);
}

async function makeHome(home: string, account: Account | undefined): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (account) await chown(home, account.uid, account.gid);
}

function place(dataDir: string, home: string, account: Account | undefined): Place {
  return { dataDir, home, clusterDir: path.join(home, 'cluster'), account };
}

async function problemOfRoot(root: string, account: Account | undefined): Promise<string | undefined> {
  try {
    // Others may have made a folder of this name in /var/tmp, and put there what they like.
    if ((await mkdir(root, { recursive: true, mode: 0o755 })) !== undefined) await chmod(root, 0o755);
    const { uid, mode } = await lstat(root);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return 'others can write it';
    const barrier = await firstBarrier(await realpath(root), account);
    return barrier && `it cannot pass through ${barrier}`;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return code;
  }
}

function pointerFile(dataDir: string): string {
  return path.join(dataDir, 'cluster-location');
}

async function readPointer(dataDir: string): Promise<string | undefined> {
  const pointer = await pointerIn(dataDir);
  if (!pointer || pointer.dataDir === dataDir) return pointer?.home;
  if ((await pointerIn(pointer.dataDir))?.home === pointer.home) {
    throw new EmbeddedPostgresError(
      `${dataDir} is a copy of ${pointer.dataDir}, and both name the database in ${pointer.home}. ` +
        `Delete ${pointerFile(dataDir)} for an empty database of its own; use a backup to copy what is in the other.`,
    );
  }
  await writePointer(dataDir, pointer.home);
  return pointer.home;
}

async function pointerIn(dataDir: string): Promise<z.infer<typeof pointerShape> | undefined> {
  try {
    return pointerShape.parse(JSON.parse(await readFile(pointerFile(dataDir), 'utf8')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all, since a start that finds half of it would not know of the orders it points to. */
async function writePointer(dataDir: string, home: string): Promise<void> {
  const draft = `${pointerFile(dataDir)}.new`;
  await writeFile(draft, `${JSON.stringify({ home, dataDir })}\n`, { mode: 0o600 });
  await rename(draft, pointerFile(dataDir));
}
