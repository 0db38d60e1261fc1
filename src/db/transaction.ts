import type { EntityManager } from '@mikro-orm/postgresql';
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { IdBlocks } from './id-blocks.js';
import type { Statement } from './statement.js';

/** Where a test may stop the world: after a transaction's first write, before and after its commit. */
export type Checkpoint = (point: string) => Promise<void>;

/**
 * One transaction on one connection. Hot paths send named statements, several in one trip; cold ones ask
 * for `entities()` and let the unit of work write. What is deferred goes out in one trip with the commit.
 */
export class Transaction {
  #begun = false;
  #wrote = false;
  #isOver = false;
  #deferred: Statement[] = [];
  #lead: { statement: Statement; check: (rows: unknown[]) => void } | undefined;
  #em: EntityManager | undefined;
  #underway: Promise<unknown> | undefined;

  constructor(
    readonly name: string,
    readonly client: pg.PoolClient,
    readonly ids: IdBlocks,
    private readonly fork: () => EntityManager,
    private readonly checkpoint: Checkpoint | undefined,
  ) {}

  async query<Row>(statement: Statement<Row>): Promise<Row[]> {
    const [rows] = await this.batch([statement]);
    return rows as Row[];
  }

  async one<Row>(statement: Statement<Row>): Promise<Row | undefined> {
    return (await this.query(statement))[0];
  }

  /** Sends all in one trip; the first error is thrown after all have answered. */
  async batch(statements: Statement[]): Promise<unknown[][]> {
    const lead = this.#lead;
    this.#lead = undefined;
    const results = await this.#send(lead ? [lead.statement, ...statements] : statements);
    if (lead) lead.check(results.shift()!.rows as unknown[]);
    await this.#stopBehindFirstWrite([...(lead ? [lead.statement] : []), ...statements]);
    return results.map((result) => result.rows as unknown[]);
  }

  /** Sends a statement ahead of the next batch, in the same trip; what `check` throws ends the transaction. */
  lead(statement: Statement, check: (rows: unknown[]) => void): void {
    this.#lead = { statement, check };
  }

  /** Leaves statements whose answers nobody needs to the trip of the commit. */
  defer(...statements: Statement[]): void {
    this.#deferred.push(...statements);
  }

  /**
   * Sends what is deferred now, for an action whose next reads must see it. They go behind it on the same connection, so
   * nobody waits for the answer; where it fails, whatever is sent next throws that.
   */
  async flush(): Promise<void> {
    const due = this.#deferred;
    this.#deferred = [];
    if (due.length === 0) return;
    if (this.#lead || this.checkpoint) {
      await this.batch(due);
      return;
    }
    this.#underway = this.#send(due);
    // The next trip throws it, at the latest that of the commit; a rejection that nobody has asked for yet ends the process.
    this.#underway.catch(() => {});
  }

  /** Forgets what is deferred and not sent: the action that left it was refused, and the transaction goes on. */
  dropDeferred(): void {
    this.#deferred = [];
  }

  /** The unit of work inside this transaction; flushed before the commit. */
  async entities(): Promise<EntityManager> {
    await this.#underway;
    if (!this.#em) {
      if (!this.#begun || this.#lead) await this.batch([]);
      this.#em = this.fork();
      this.#em.setTransactionContext(kyselyOn(this.client));
    }
    return this.#em;
  }

  /** Sends the last statement of the transaction with its commit, and answers its rows; nothing may follow. */
  async last<Row>(statement: Statement<Row>): Promise<Row[]> {
    if (this.checkpoint || this.#lead || this.#em) return this.query(statement);
    const due = this.#deferred;
    this.#deferred = [];
    const results = await this.#finish([...due, statement]);
    this.#isOver = true;
    return results.at(-1)!.rows as Row[];
  }

  async commit(): Promise<void> {
    if (this.#isOver) return;
    if (this.#lead) await this.batch([]);
    if (this.#em) {
      await this.#underway;
      await this.#em.flush();
    }
    const last = this.#deferred;
    this.#deferred = [];
    if (!this.#begun && last.length === 0) return;
    if (this.checkpoint) {
      await this.#send(last);
      await this.#stopBehindFirstWrite(last);
      await this.checkpoint(`${this.name}:before-commit`);
      await this.#finish([]);
      await this.checkpoint(`${this.name}:after-commit`);
    } else {
      await this.#finish(last);
    }
  }

  async rollback(): Promise<void> {
    if (this.#begun) await this.client.query('rollback');
  }

  async #stopBehindFirstWrite(statements: Statement[]): Promise<void> {
    if (this.#wrote || !this.checkpoint || !statements.some(({ text }) => /\b(insert into|update)\b/.test(text)))
      return;
    this.#wrote = true;
    await this.checkpoint(`${this.name}:after-first-write`);
  }

  async #finish(statements: Statement[]): Promise<pg.QueryResult[]> {
    const results = await this.#send([...statements, { name: '', text: 'commit', values: [] }]);
    const outcome = results.pop()!.command;
    // A pipelined COMMIT behind a failed statement "succeeds" with command ROLLBACK.
    if (outcome !== 'COMMIT') throw new Error(`transaction ${this.name} ended with ${outcome}`);
    return results;
  }

  async #send(statements: Statement[]): Promise<pg.QueryResult[]> {
    const trip = corked(this.client, () => [
      ...(this.#begun ? [] : [this.client.query('begin')]),
      ...statements.map((statement) => this.client.query(wire(statement))),
    ]);
    const begun = this.#begun;
    this.#begun = true;
    const before = this.#underway;
    this.#underway = undefined;
    const settled = await Promise.allSettled(trip);
    await before;
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    const results = settled.map((result) => (result as PromiseFulfilledResult<pg.QueryResult>).value);
    return begun ? results : results.slice(1);
  }
}

/** What is sent within the call leaves in one write. */
export function corked<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

export function wire(statement: Statement): pg.QueryConfig {
  return statement.name
    ? { name: statement.name, text: statement.text, values: statement.values }
    : { text: statement.text, values: statement.values };
}

/** The unit of work speaks Kysely: hand it this one connection as if it were a pool. */
function kyselyOn(client: pg.PoolClient): Kysely<unknown> {
  const oneClient = {
    query: client.query.bind(client),
    release: () => {},
  } as unknown as pg.PoolClient;
  const pool = { connect: () => Promise.resolve(oneClient), end: () => Promise.resolve() };
  return new Kysely({ dialect: new PostgresDialect({ pool: pool as never }) });
}
