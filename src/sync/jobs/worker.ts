import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Logger,
  parseCronItems,
  run,
  runMigrations,
  type Runner,
  type TaskList,
  type WorkerEvents,
} from 'graphile-worker';
import pg from 'pg';
import type { Log } from '../../shared/log.js';
import { Living } from './living.js';

const CONCURRENCY = 4;
const INBOX: WorkerKind = { name: 'inbox', concurrency: CONCURRENCY };
const RELAUNCH_MS = 1_000;
/** How long the last reports of a worker that has no job left may take. */
const REPORT_MS = 1_000;
// Any number, the same in every hub, and another than the hub's own migrations have: those are done by now.
const MIGRATION_LOCK = 7_120_006;

export interface Worker {
  stop(): Promise<void>;
}

/** Workers of one name sweep in turns, and take jobs of their own tasks alone. */
export interface WorkerKind {
  name: string;
  /** How many jobs run at once. */
  concurrency: number;
}

/** Brings the job tables to their newest shape; safe to call in several processes at once. */
export async function migrateJobs(url: string, log: Log): Promise<void> {
  const guard = new pg.Client({ connectionString: url });
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations({ connectionString: url, logger: loggerOf(log) });
  } finally {
    await guard.end();
  }
}

/**
 * Runs the tasks as their jobs come in, `sweep` before the first of them and then once a minute in one of all hubs. A
 * pool of its own: a hub that is busy with requests goes on working off its inbox, and jobs that wait for a lock keep no
 * request waiting.
 */
export async function startWorker(
  url: string,
  log: Log,
  tasks: TaskList,
  sweep: () => Promise<void>,
  kind = INBOX,
): Promise<Worker> {
  const pool = poolOf(url, log, kind.concurrency);
  let current: Crew | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let underway: Promise<void> = Promise.resolve();
  let isStopping = false;

  const launch = async (): Promise<void> => {
    await sweep();
    const crew = await hire(pool, url, log, { tasks, sweep, kind });
    current = crew;
    // The runner gives up where it cannot report a job's end, after a long outage of the database say.
    const ended = (error?: Error) => {
      if (isStopping) return;
      log.error({ err: error }, 'the job worker ended; another one starts');
      void crew.dismiss().then(relaunchLater, relaunchLater);
    };
    crew.over.then(() => ended(), ended);
  };
  const relaunchLater = (): void => {
    if (isStopping) return;
    again = setTimeout(() => {
      underway = launch().catch((error: Error) => {
        log.error({ err: error }, 'the job worker cannot start');
        relaunchLater();
      });
    }, RELAUNCH_MS);
  };

  try {
    await launch();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    async stop() {
      isStopping = true;
      clearTimeout(again);
      await underway;
      await current?.dismiss();
      await pool.end();
    },
  };
}

interface Crew {
  /** Settles when no job of it runs any more and none will. */
  over: Promise<void>;
  /** Waits for the jobs that run. */
  dismiss(): Promise<void>;
}

async function hire(
  pool: pg.Pool,
  url: string,
  log: Log,
  { tasks, sweep, kind }: { tasks: TaskList; sweep: () => Promise<void>; kind: WorkerKind },
): Promise<Crew> {
  const sweepTask = `sweep-${kind.name}`;
  const events: WorkerEvents = new EventEmitter();
  const named = new Promise<string>((resolve) => {
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id));
  });
  const living = named.then((name) => new Living(url, name, log));
  const idle = allStopped(events, kind.concurrency);
  const runner = await run({
    pgPool: pool,
    concurrency: kind.concurrency,
    noHandleSignals: true,
    logger: loggerOf(log),
    events,
    // Without these the end of a job that cannot be reported is an unhandled rejection, which ends the hub.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: {
      ...tasks,
      [sweepTask]: async () => {
        await (await living).hold();
        await sweep();
      },
    },
    parsedCronItems: parseCronItems([
      { task: sweepTask, match: '* * * * *', options: { backfillPeriod: 0, maxAttempts: 1 } },
    ]),
  });
  const over = endOf(runner, idle);
  const dismiss = async () => {
    // It may have stopped by itself, and may not come to an end by itself.
    runner.stop().catch(() => {});
    await over.catch(() => {});
    await (await living).release();
  };
  try {
    await (await living).hold();
  } catch (error) {
    await dismiss();
    throw error;
  }
  return { over, dismiss };
}

/** Resolves once none of so many workers takes jobs any more. */
function allStopped(events: WorkerEvents, count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    events.on('worker:stop', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
}

/**
 * A runner that could not report the end of a job counts wrongly how many reports are under way, and may wait for them
 * for ever: once its workers have stopped it is given a moment, and is over then whatever it says.
 */
async function endOf(runner: Runner, idle: Promise<void>): Promise<void> {
  await Promise.race([runner.promise, idle.then(() => pause(REPORT_MS, undefined, { ref: false }))]);
}

function poolOf(url: string, log: Log, size: number): pg.Pool {
  // One connection listens for new jobs all the time. That a job was taken or is done need not outlive a crash of the
  // database: it is then done again, as it is behind the death of a process.
  const options = '-c synchronous_commit=off';
  const pool = new pg.Pool({ connectionString: url, max: size, options, Client: ReportingClient });
  const report = (error: Error) => log.warn({ err: error }, 'a connection of the job worker was lost');
  pool.on('error', report);
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}

const DEADLOCK = '40P01';
const REPORTS = /^(complete|fail)_jobs?(_q)?\//;
const MOST_REPORTS = 5;

/**
 * A worker stops where the end of a job cannot be reported, even for a deadlock: whoever asks for several jobs at once may
 * meet a report of several. Each report is one statement, and is tried again.
 */
class ReportingClient extends pg.Client {
  override query(...given: unknown[]): never {
    const send = () => (super.query as (...args: unknown[]) => unknown).apply(this, given);
    const { name } = (given[0] ?? {}) as { name?: string };
    return (name !== undefined && REPORTS.test(name) ? this.#report(send) : send()) as never;
  }

  async #report(send: () => unknown): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await send();
      } catch (error) {
        if ((error as { code?: string }).code !== DEADLOCK || tries === MOST_REPORTS) throw error;
      }
    }
  }
}

/** What the worker says of each job is of interest only when something is sought. */
function loggerOf(log: Log): Logger {
  return new Logger(() => (level, message, meta) => {
    const facts = { worker: meta ?? {} };
    if (level === 'error') log.error(facts, message);
    else if (level === 'warning') log.warn(facts, message);
    else log.debug(facts, message);
  });
}
