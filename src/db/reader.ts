import type pg from 'pg';
import { isConnectionLost } from './outage.js';
import { canComeAsText, rowsAsText, type RowsAsText } from './rows-as-text.js';
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
  /** By name; what a statement's rows consist of is known from its first answer. */
  readonly #asText = new Map<string, RowsAsText>();

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
    const forms = together.map(({ statement }) => this.#asText.get(statement.name));
    const sent = corked(client, () =>
      together.map(({ statement }, index) => client.query(wire({ ...statement, ...forms[index] }))),
    );
    const settled = await Promise.allSettled(sent);
    client.off('error', onLost);
    const isLost = settled.some((result) => result.status === 'rejected' && isConnectionLost(result.reason));
    client.release(lost ?? isLost);
    settled.forEach((result, index) => {
      const { statement, resolve, reject } = together[index]!;
      if (result.status === 'rejected') return reject(result.reason);
      const { rows, fields } = result.value as pg.QueryResult<{ written: string | null }>;
      const form = forms[index];
      if (form) return resolve(form.rowsOf(rows[0]!.written));
      if (!this.#asText.has(statement.name) && canComeAsText(statement)) this.#learn(statement, fields, client);
      resolve(rows);
    });
  }

  #learn(statement: Statement, fields: pg.FieldDef[], client: pg.PoolClient): void {
    const columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: client.getTypeParser(dataTypeID, 'text') as (text: string) => unknown,
    }));
    this.#asText.set(statement.name, rowsAsText(statement, columns));
  }
}
