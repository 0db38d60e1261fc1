import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../shared/log.js';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 5_000;
const QUERY_TIMEOUT_MS = 30_000;

/**
 * A process that was stopped or whose host is gone must not keep its locks: the server then ends the session
 * by itself. Whoever works on a session queries each second, so that a living one is never idle for so long.
 */
const SERVER_SETTINGS = [
  'timezone=UTC',
  'idle_session_timeout=10s',
  'tcp_keepalives_idle=5',
  'tcp_keepalives_interval=2',
  'tcp_keepalives_count=3',
];

/** What the work on a session waits for: a notification, the poll's time, or the session's end. */
export class Wake {
  #pending = false;
  #failure: Error | undefined;
  #resume: (() => void) | undefined;

  notify(): void {
    this.#pending = true;
    this.#resume?.();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#resume?.();
  }

  /** Returns at once where a notification came since the last call; throws once the session is gone. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#pending && !this.#failure) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        timer = setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
      this.#resume = undefined;
    }
    if (this.#failure) throw this.#failure;
    this.#pending = false;
  }
}

export type SessionWork = (client: pg.Client, wake: Wake) => Promise<void>;

/** One connection of its own for work that never ends; connects again with growing pauses whenever it is lost. */
export class Session {
  readonly #stop = new AbortController();
  #wake: Wake | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly name: string,
    private readonly url: string,
    private readonly log: Log,
    private readonly work: SessionWork,
    private readonly settings: string[] = [],
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.fail(new Error(`${this.name} was stopped`));
    await this.#running;
  }

  async #run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#stop.signal.aborted) {
      const failure = await this.#once(() => {
        retryMs = FIRST_RETRY_MS;
      });
      if (this.#stop.signal.aborted) return;
      this.log.warn({ err: failure, session: this.name, retryMs }, 'lost a database session; connecting again');
      await pause(retryMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  /** Answers with what ended the session. */
  async #once(onConnected: () => void): Promise<unknown> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: this.name,
      connectionTimeoutMillis: 10_000,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
      options: [...SERVER_SETTINGS, ...this.settings].map((setting) => `-c ${setting}`).join(' '),
    });
    const wake = new Wake();
    client.on('notification', () => wake.notify());
    client.on('error', (error) => wake.fail(error));
    client.on('end', () => wake.fail(new Error(`${this.name}: the connection has ended`)));
    try {
      await client.connect();
      onConnected();
      this.#wake = wake;
      if (!this.#stop.signal.aborted) await this.work(client, wake);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.#wake = undefined;
      await client.end().catch((error: unknown) => {
        this.log.debug({ err: error, session: this.name }, 'a lost session could not say goodbye');
      });
    }
  }
}
