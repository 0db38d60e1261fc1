import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { connectionStringOf } from '../../../src/db/embedded/connect.js';
import { livePostmaster } from '../../../src/db/embedded/control-file.js';
import { passwordOf } from '../../../src/db/embedded/password.js';
import { isRunning } from '../../embedded/support/bench.js';
import { eventually } from '../../support/eventually.js';
import { askGraph } from '../../support/hub.js';
import { copyMadeDatabase } from '../../support/made-database.js';
import { scratchFolder } from '../../support/scratch.js';

const DIST = fileURLToPath(new URL('../../../src/', import.meta.url));
const READY_WITHIN_MS = 60_000;

type Environment = Record<string, string>;
type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A hub as `npm start` runs it: a process, its output, and what it printed. */
export class StartedHub {
  output = '';
  readonly exited: Promise<number | null>;

  constructor(readonly child: Child) {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (this.output += String(text)));
    this.exited = once(child, 'close').then(([code]) => code as number | null);
  }

  /** Returns once it says that it is ready. */
  async ready(): Promise<this> {
    await eventually(
      'the hub to be ready',
      () => {
        if (this.child.exitCode !== null) throw new Error(`the hub ended: ${this.output}`);
        return /The hub is ready[\s\S]*explorer .*\n/.test(this.output);
      },
      READY_WITHIN_MS,
    );
    return this;
  }

  /** Returns once it has printed the text; throws where it ends without. */
  async printed(text: string): Promise<this> {
    const ended = this.exited.then(() => true);
    for (let isOver = false; !this.output.includes(text);) {
      if (isOver) throw new Error(`the hub ended before it printed "${text}": ${this.output}`);
      isOver = await Promise.race([once(this.child.stdout, 'data').then(() => false), ended]);
    }
    return this;
  }

  get url(): string {
    return /graph {2,}(\S+)\/graphql/.exec(this.output)![1]!;
  }
  get readySeconds(): number {
    return Number(/The hub is ready \(([\d.]+) s\)/.exec(this.output)![1]);
  }
  get sampleKey(): string {
    return /sample key {2,}(\S+)/.exec(this.output)![1]!;
  }

  async graph<Data>(query: string, variables: object = {}, key = this.sampleKey): Promise<Data> {
    const { data, errors } = await askGraph<Data>(this.url, query, variables, key);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** Answers the exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.exited;
  }
}

/** Data directories and processes of one test file, all gone after `clear`. */
export class Desk {
  readonly #folders: string[] = [];
  readonly #hubs: StartedHub[] = [];

  async folder(): Promise<string> {
    const made = await scratchFolder('hub start ');
    await chmod(made, 0o711);
    this.#folders.push(made);
    return made;
  }

  /** The same with an empty database in it, for tests that are not about how one is made. */
  async madeFolder(): Promise<string> {
    const folder = await this.folder();
    await copyMadeDatabase(folder);
    return folder;
  }

  /** With the small company, unless told otherwise: the whole one has a suite of its own. */
  start(dataDir: string, environment: Environment = {}): StartedHub {
    const settings = { HUB_DATA_DIR: dataDir, PORT: '0', HUB_SAMPLE: 'small', ...environment };
    const hub = new StartedHub(run('main.js', [], settings));
    this.#hubs.push(hub);
    return hub;
  }

  /** Runs a command of the CLI to its end; throws with what it printed unless that was a good one. */
  async command(dataDir: string, ...args: string[]): Promise<string> {
    const child = new StartedHub(run('cli.js', args, { HUB_DATA_DIR: dataDir }));
    const code = await child.exited;
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${child.output}`);
    return child.output;
  }

  async clear(): Promise<void> {
    for (const { child } of this.#hubs.splice(0)) child.kill('SIGKILL');
    for (const folder of this.#folders.splice(0)) {
      const pid = await serverPid(folder).catch(() => 0);
      if (pid && (await isRunning(pid))) process.kill(pid, 'SIGQUIT');
      await eventually('the server to end', async () => !pid || !(await isRunning(pid)));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** The process id of the database server of a data directory. */
export async function serverPid(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, 'database', 'cluster', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

/** Where the database of a data directory answers. */
export async function databaseUrl(dataDir: string): Promise<string> {
  const live = await livePostmaster(path.join(dataDir, 'database', 'cluster'));
  return connectionStringOf({ port: live!.port!, password: await passwordOf(dataDir) });
}

/** With no setting of the surroundings but those that are given. */
function run(program: string, args: string[], environment: Environment): Child {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, ['--enable-source-maps', path.join(DIST, program), ...args], {
    env: { PATH, HOME, LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
