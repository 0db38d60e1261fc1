import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedPostgresError, codeOf } from './report.js';

/** Whom PostgreSQL runs as where that is not the hub's own user. */
export interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root; nobody is a user that every system has, so none is ever made. */
export async function unprivilegedAccount(passwdFile = '/etc/passwd'): Promise<Account> {
  const line = (await readFile(passwdFile, 'utf8')).split('\n').find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (!uid || !gid) {
    throw new EmbeddedPostgresError(
      `The hub runs as root, PostgreSQL must not, and ${passwdFile} has no user nobody to run it as. ` +
        'Run the hub as an ordinary user, or set DATABASE_URL to a database of your own.',
    );
  }
  // macOS writes nobody's numbers as -2.
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
}

export function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The first folder on the way, from the root to `folder` itself, that the account may not pass through. */
export async function firstBarrier(folder: string, account: Account | undefined): Promise<string | undefined> {
  if (!account) return undefined;
  for (const step of stepsTo(folder)) {
    const { mode, uid, gid } = await stat(step);
    const passBit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & passBit) === 0) return step;
  }
  return undefined;
}

/** The owner of a folder, undefined where it does not exist. */
export async function ownerOf(folder: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return { uid, gid };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function stepsTo(folder: string): string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [...stepsTo(above), folder];
}
