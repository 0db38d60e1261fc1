import { MikroORM, type EntityManager, type EntitySchema } from '@mikro-orm/postgresql';
import pg from 'pg';
import { IdBlocks } from './id-blocks.js';
import { isConnectionLost } from './outage.js';
import { Reader } from './reader.js';
import type { Statement } from './statement.js';
import { Transaction, type Checkpoint } from './transaction.js';

export interface DatabaseOptions {
  url: string;
  entities: EntitySchema[];
  poolSize?: number;
  /** Called at named points of every transaction; only tests that kill the process pass one. */
  checkpoint?: Checkpoint;
  onPoolError?: (error: Error) => void;
  /** Told the name of every statement read; how tests hold the number of statements per document. */
  onRead?: (statement: string) => void;
}

// The driver would look at each figure first, to hand on the same text.
pg.types.setTypeParser(pg.types.builtins.INT8, (text: string) => text);

const RETRIES = 4;
const DEADLOCK = '40P01';
const SERIALIZATION = '40001';
/** Two made the same record at once: run again, the later one finds what the first has made. */
const UNIQUE_VIOLATION = '23505';
const RUN_AGAIN = new Set<string | undefined>([DEADLOCK, SERIALIZATION, UNIQUE_VIOLATION]);
const LOCK_TIMEOUT_MS = 8_000;

/** The one way to the database: reads on the pool, writes in a transaction. */
export class Database {
  readonly ids: IdBlocks;
  readonly #reader: Reader;

  private constructor(
    private readonly orm: MikroORM,
    readonly pool: pg.Pool,
    readonly url: string,
    private readonly options: DatabaseOptions,
  ) {
    this.ids = new IdBlocks(url, (error) => options.onPoolError?.(error));
    this.#reader = new Reader(pool);
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const orm = await MikroORM.init({
      clientUrl: options.url,
      entities: options.entities,
      discovery: { warnWhenNoEntities: false },
      allowGlobalContext: false,
      pool: { max: options.poolSize ?? 16 },
      driverOptions: {
        pipeline: true,
        connectionTimeoutMillis: 10_000,
        options: `-c timezone=UTC -c lock_timeout=${LOCK_TIMEOUT_MS} -c idle_in_transaction_session_timeout=60000`,
      },
    });
    const pool = await orm.em.getConnection().getNativeClient();
    pool.on('error', (error: Error) => options.onPoolError?.(error));
    return new Database(orm, pool, options.url, options);
  }

  async read<Row>(statement: Statement<Row>): Promise<Row[]> {
    this.options.onRead?.(statement.name || statement.text);
    return (await this.#reader.read(statement)) as Row[];
  }

  async readOne<Row>(statement: Statement<Row>): Promise<Row | undefined> {
    return (await this.read(statement))[0];
  }

  /**
   * Runs the work in one transaction (READ COMMITTED). Whatever it throws rolls everything back; a deadlock, and a record
   * that another has just made, is run again from the start, so the work must not keep anything outside the transaction.
   */
  async transaction<T>(name: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(name, work);
      } catch (error) {
        const code = (error as { code?: string }).code;
        if (!RUN_AGAIN.has(code) || attempt === RETRIES) throw error;
      }
    }
  }

  async #attempt<T>(name: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const tx = new Transaction(name, client, this.ids, () => this.fork(), this.options.checkpoint);
    let isBroken = false;
    try {
      const result = await work(tx);
      await tx.commit();
      return result;
    } catch (error) {
      isBroken = isConnectionLost(error) || !(await isRolledBack(tx));
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  /** The unit of work outside a transaction: for cold reads and schema work only. */
  fork(): EntityManager {
    return this.orm.em.fork() as EntityManager;
  }

  get mikroOrm(): MikroORM {
    return this.orm;
  }

  async close(): Promise<void> {
    await this.ids.close();
    await this.orm.close(true);
  }
}

async function isRolledBack(tx: Transaction): Promise<boolean> {
  try {
    await tx.rollback();
    return true;
  } catch {
    // What the work threw is what the caller hears of; the server rolls back what its connection leaves.
    return false;
  }
}
