import pg from 'pg';

const BLOCK = 1000;

/**
 * Hands out record ids that a process knows before it writes, in blocks taken from one sequence. Over a connection of its
 * own: a transaction asks for ids while it holds locks, and must never wait for a connection that others hold while they
 * wait for those locks.
 */
export class IdBlocks {
  readonly #connection: pg.Pool;
  #next = 0n;
  #end = 0n;
  #refill: Promise<void> | undefined;

  constructor(url: string, onError: (error: Error) => void) {
    this.#connection = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 });
    this.#connection.on('error', onError);
  }

  async take(count: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) {
      if (this.#next === this.#end) await (this.#refill ??= this.#fetch());
      while (ids.length < count && this.#next < this.#end) ids.push((this.#next++).toString());
    }
    return ids;
  }

  async one(): Promise<string> {
    return (await this.take(1))[0]!;
  }

  async close(): Promise<void> {
    await this.#connection.end();
  }

  async #fetch(): Promise<void> {
    try {
      const { rows } = await this.#connection.query<{ id: string }>({
        name: 'ids.block',
        text: `select nextval('record_id') as id`,
      });
      this.#next = BigInt(rows[0]!.id);
      this.#end = this.#next + BigInt(BLOCK);
    } finally {
      this.#refill = undefined;
    }
  }
}
