import type pg from 'pg';
import { isConnectionLost } from './outage.js';
import type { Statement } from './statement.js';
import { corked, wire } from './transaction.js';

interface Waiting {
  statement: Statement;
  resolve(rows: unknown[]): void;
  reject(error: unknown): void;
}

// Enough for the loaders of one level of a document; more would keep one connection busy while others are idle.
const MAX_TOGETHER = 4;

/**
 * Reads on the pool. What is asked for in the same moment, as the loaders of one level of a document do, goes to one
 * connection in one write: on the way there and back that costs less than the statements themselves.
 */
export class Reader {
  #waiting: Waiting[] = [];

  constructor(private readonly pool: pg.Pool) {}

  read(statement: Statement): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ statement, resolve, reject }) === 1) queueMicrotask(() => this.#send());
    });
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at += MAX_TOGETHER) {
      const together = waiting.slice(at, at + MAX_TOGETHER);
      this.#sendTogether(together).catch((error: unknown) => {
        for (const { reject } of together) reject(error);
      });
    }
  }

  async #sendTogether(together: Waiting[]): Promise<void> {
    const client = await this.pool.connect();
    let lost: Error | undefined;
    const onLost = (error: Error): void => {
      lost = error;
    };
    client.once('error', onLost);
    const sent = corked(client, () => together.map(({ statement }) => client.query(wire(statement))));
    const settled = await Promise.allSettled(sent);
    client.off('error', onLost);
    const isLost = settled.some((result) => result.status === 'rejected' && isConnectionLost(result.reason));
    client.release(lost ?? isLost);
    settled.forEach((result, index) => {
      if (result.status === 'fulfilled') together[index]!.resolve(result.value.rows as unknown[]);
      else together[index]!.reject(result.reason);
    });
  }
}
