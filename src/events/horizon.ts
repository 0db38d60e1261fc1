import type pg from 'pg';

interface Undecided {
  limit: number;
  holders: Set<string>;
}

// Who took an id from the sequence holds this lock from before that moment to the end of its transaction.
const HOLDERS = `
  select virtualtransaction as holder from pg_locks
   where locktype = 'relation' and relation = 'event_id_seq'::regclass and mode = 'RowExclusiveLock' and granted
     and database = (select oid from pg_database where datname = current_database())`;

/**
 * Knows below which id no event without a position can appear any more, so that looking for one starts there.
 *
 * An id is taken early and becomes visible, or never does, when its transaction ends: that an id is missing says
 * nothing. So: read the newest id L, only then list the transactions that hold the sequence's lock. Every id up to
 * L was taken by one of these or by one that has ended. Once all of these have ended too, each id up to L is either
 * visible to every later snapshot or rolled back for good. Transaction ids would not do: one may take an event's id
 * before it is given its own xid. Transactions that write no event hold nothing up, however long they run.
 */
export class Horizon {
  #undecided: Undecided | undefined;
  #decided = 0;

  constructor(public id: number) {
    this.#decided = id;
  }

  /** Looks which ids are decided by now. What it finds holds for statements sent after it has answered. */
  async observe(client: pg.Client): Promise<void> {
    const limit = this.#undecided ? 0 : await newestId(client);
    const { rows } = await client.query<{ holder: string }>({ name: 'sequencer.holders', text: HOLDERS });
    const holders = new Set(rows.map(({ holder }) => holder));
    const waiting = this.#undecided ?? { limit, holders };
    waiting.holders = new Set([...waiting.holders].filter((holder) => holders.has(holder)));
    this.#undecided = waiting.holders.size > 0 ? waiting : undefined;
    if (!this.#undecided) this.#decided = Math.max(this.#decided, waiting.limit);
  }

  /** To be told after each batch; `lastId` where the batch was full, so that more may wait behind it. */
  placed(lastId: number | undefined): void {
    this.id = Math.max(this.id, Math.min(this.#decided, lastId ?? Infinity));
  }
}

async function newestId(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ id: string }>({
    name: 'sequencer.newest-id',
    text: 'select case when is_called then last_value else 0 end as id from event_id_seq',
  });
  return Number(rows[0]!.id);
}
