import { execFile } from 'node:child_process';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { codeOf } from './report.js';

/** A process by number and start, since numbers are used again: in a container often for the very same role. */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/** Undefined where no such process lives; a zombie does not live. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const started = process.platform === 'linux' ? await startFromProc(pid) : await startFromPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  return (await identityOf(process.pid))?.started === process.started;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const own = await identityOf(process.pid);
  if (!own) throw new Error(`process ${process.pid} finds no record of itself in the process table`);
  return own;
}

/** The command line of a process, empty where it cannot be read. */
export async function commandOf(pid: number): Promise<string[]> {
  if (process.platform !== 'linux') return (await ps(pid, 'command=')).split(' ');
  const text = await readProc(`/proc/${pid}/cmdline`);
  return (text ?? '').split('\0');
}

/** Processes other than `except` that work in this folder: a killed postmaster's children, which outlive it while busy. */
export async function processesIn(folder: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        return (await readlink(`/proc/${pid}/cwd`)) === folder ? Number(pid) : undefined;
      } catch (error) {
        if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return undefined;
        throw error;
      }
    }),
  );
  return found.filter((pid) => pid !== undefined);
}

export async function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(target))) return;
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

/** Whether the process ended within the time. */
export async function endsWithin(target: ProcessIdentity, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (await isAlive(target)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

async function startFromProc(pid: number): Promise<string | undefined> {
  const stat = await readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in brackets and may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  // Starts are counted from boot, so the boot belongs to the identity.
  const boot = (await readProc('/proc/sys/kernel/random/boot_id')) ?? '';
  return `${boot.trim()}:${fields[19] ?? ''}`;
}

async function readProc(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const [state, ...start] = (await ps(pid, 'stat=,lstart=')).trim().split(/\s+/);
  return !state || state.startsWith('Z') ? undefined : start.join(' ');
}

async function ps(pid: number, columns: string): Promise<string> {
  try {
    return (
      await promisify(execFile)('ps', ['-ww', '-o', columns, '-p', String(pid)], { env: { LC_ALL: 'C', TZ: 'UTC' } })
    ).stdout;
  } catch (error) {
    // ps leaves with 1 where no such process lives.
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 1) return '';
    throw error;
  }
}
