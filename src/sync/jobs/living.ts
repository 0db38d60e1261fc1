import pg from 'pg';
import type { Log } from '../../shared/log.js';

/** First half of the advisory locks that living workers hold; any number, the same in every hub. */
export const LIVING = 7_120_003;

/**
 * Holds a lock in a worker's name for as long as the process lives: PostgreSQL lets go of it when the connection
 * ends, however the process ends. That is how others know whose jobs nobody works on any more.
 */
export class Living {
  #client: pg.Client | undefined;
  #taking: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly worker: string,
    private readonly log: Log,
  ) {}

  /** Takes the lock, or takes it again where the connection was lost; does nothing while it is held. */
  async hold(): Promise<void> {
    if (this.#client) return;
    // Of two that take it at once the second would wait for as long as the worker lives, and the worker for it to end.
    this.#taking ??= this.#take().finally(() => (this.#taking = undefined));
    await this.#taking;
  }

  async #take(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, keepAlive: true });
    client.on('error', (error) =>
      this.log.warn({ err: error }, 'the connection that shows this worker alive was lost'),
    );
    client.on('end', () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    await client.query('select pg_advisory_lock($1::int, hashtext($2))', [LIVING, this.worker]);
    this.#client = client;
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }
}
