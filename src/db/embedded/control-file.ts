import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { commandOf, identityOf, type ProcessIdentity } from './processes.js';
import { EmbeddedPostgresError, codeOf } from './report.js';

/** `DB_SHUTDOWNED` of PostgreSQL's `DBState`: the last stop wrote everything out. */
const CLEAN = 1;

export interface ControlFile {
  systemIdentifier: string;
  wasStoppedCleanly: boolean;
}

/** Reads from `global/pg_control` what must be known before a server runs. */
export async function readControlFile(clusterDir: string): Promise<ControlFile> {
  const file = await open(path.join(clusterDir, 'global', 'pg_control'));
  try {
    const start = Buffer.alloc(20);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    if (bytesRead < start.length) {
      throw new EmbeddedPostgresError(
        `The database in ${clusterDir} is damaged (its control file has ${bytesRead} bytes). Restore a backup.`,
      );
    }
    return {
      systemIdentifier: start.readBigUInt64LE(0).toString(),
      wasStoppedCleanly: start.readUInt32LE(16) === CLEAN,
    };
  } finally {
    await file.close();
  }
}

export interface LivePostmaster {
  process: ProcessIdentity;
  /** Undefined while it starts and has not chosen yet. */
  port: number | undefined;
}

/** The server that runs on this cluster, if the process named in its pid file is one and not a later bearer of the number. */
export async function livePostmaster(clusterDir: string): Promise<LivePostmaster | undefined> {
  const named = await readPidFile(clusterDir);
  if (!named) return undefined;
  const found = await identityOf(named.pid);
  if (!found) return undefined;
  const command = await commandOf(named.pid);
  const isOurs = command.some((part) => part.endsWith('postgres')) && command.join(' ').includes(`-D ${clusterDir} `);
  return isOurs ? { process: found, port: named.port } : undefined;
}

export function pidFile(clusterDir: string): string {
  return path.join(clusterDir, 'postmaster.pid');
}

async function readPidFile(clusterDir: string): Promise<{ pid: number; port: number | undefined } | undefined> {
  try {
    const lines = (await readFile(pidFile(clusterDir), 'utf8')).split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3]) || undefined } : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
