import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { identityOf } from '../../../src/db/embedded/processes.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../src/db/embedded/index.js';
import { copyMadeDatabase } from '../../support/made-database.js';
import { scratchFolder } from '../../support/scratch.js';

/** What the hub process of the tests says about its database. */
export interface HubFacts {
  connectionString: string;
  pid: number;
  howItStarted: EmbeddedPostgres['howItStarted'];
  clusterDir: string;
}

export interface HubProcess extends HubFacts {
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Folders and databases of one test file, all gone after `clear`. */
export class Workbench {
  private readonly folders: string[] = [];
  private readonly databases: EmbeddedPostgres[] = [];
  private readonly hubs: ChildProcess[] = [];
  private readonly clusters = new Set<string>();
  readonly progress: string[] = [];

  /** A folder that the user nobody can pass through, with a blank in its name. */
  async folder(): Promise<string> {
    const made = await scratchFolder('hub embedded ');
    await chmod(made, 0o711);
    this.folders.push(made);
    return made;
  }

  /** The same with a database in it, for tests that are not about how one is made. */
  async madeFolder(): Promise<string> {
    const folder = await this.folder();
    await copyMadeDatabase(folder);
    return folder;
  }

  async start(dataDir: string, stateRoot = path.join(dataDir, 'state')): Promise<EmbeddedPostgres> {
    const onProgress = (message: string): void => void this.progress.push(message);
    const database = await startEmbeddedPostgres({ dataDir, onProgress, stateRoots: [stateRoot] });
    this.databases.push(database);
    this.clusters.add(database.clusterDir);
    return database;
  }

  spawnHub(dataDir: string): ChildProcessByStdio<Writable, Readable, null> {
    const program = fileURLToPath(new URL('./hub-process.js', import.meta.url));
    const child = spawn(process.execPath, [program, dataDir, path.join(dataDir, 'state')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.hubs.push(child);
    return child;
  }

  async hubProcess(dataDir: string): Promise<HubProcess> {
    const child = this.spawnHub(dataDir);
    const ended = once(child, 'exit');
    const failed = ended.then(() => Promise.reject(new Error('the hub process ended before it had a database')));
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [string];
    // The race is won; its loser ends with the process.
    failed.catch(() => undefined);
    const facts = JSON.parse(line) as HubFacts;
    this.clusters.add(facts.clusterDir);
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    const stop = async (): Promise<void> => {
      child.stdin.write('stop\n');
      const [code] = (await ended) as [number | null];
      if (code !== 0) throw new Error(`the hub process ended with ${String(code)}`);
    };
    return { ...facts, kill, stop };
  }

  async clear(): Promise<void> {
    for (const database of this.databases.splice(0)) await database.stop();
    for (const hub of this.hubs.splice(0)) hub.kill('SIGKILL');
    for (const cluster of this.clusters) await endServer(cluster);
    this.clusters.clear();
    for (const folder of this.folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    this.progress.length = 0;
  }
}

export async function query<T extends object>(connectionString: string, text: string): Promise<T[]> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Asks until the answer holds; fails with what was waited for. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, withinMs = 30_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await sleep(20);
  }
}

/** Not for a zombie, which a first process that is slow to collect its children leaves for a while. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await identityOf(pid)) !== undefined;
}

/** Ends a server that a test's killed hub left, known by its own pid file. */
async function endServer(clusterDir: string): Promise<void> {
  const text = await readFile(path.join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!pid || !(await isRunning(pid))) return;
  process.kill(pid, 'SIGQUIT');
  await until(`the server ${pid} ends`, async () => !(await isRunning(pid)));
}
