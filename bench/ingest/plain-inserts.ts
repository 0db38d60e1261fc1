import type pg from 'pg';

/** What one transaction wrote, table by table. */
export type Written = { table: string; text: string; values: (string | null)[] }[];

interface Table {
  name: string;
  columns: string[];
}

/** Kept by triggers or by the reader of the log: whoever inserts the others has them made too. */
const MADE_BY_OTHERS = ['order_words', 'order_count', 'order_count_change', 'event_position', 'event_sequencer'];

/** The rows that carried out each of the newest messages, as statements that insert them: one list for each transaction. */
export async function writtenFor(client: pg.ClientBase, afterMessage: string): Promise<Written[]> {
  const { rows: messages } = await client.query<{ xid: string }>(
    'select xmin::text as xid from inbox_message where id > $1 order by id',
    [afterMessage],
  );
  const byTransaction = new Map<string, Written>(messages.map(({ xid }) => [xid, []]));
  for (const table of await tablesOf(client)) {
    const texts = table.columns.map((column) => `t."${column}"::text`).join(', ');
    const { rows } = await client.query<(string | null)[]>({
      rowMode: 'array',
      text: `select t.xmin::text, ${texts} from "${table.name}" t where t.xmin::text = any($1)`,
      values: [[...byTransaction.keys()]],
    });
    for (const [xid, own] of Map.groupBy(rows, ([first]) => first!)) {
      const values = own.flatMap(([, ...row]) => row);
      byTransaction.get(xid)!.push({ table: table.name, text: insertOf(table, own.length), values });
    }
  }
  return [...byTransaction.values()];
}

/** In the order in which they were made: what a table refers to stands before it. */
async function tablesOf(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' and a.attidentity = '' and c.relname <> all ($1)
      group by c.oid, c.relname order by c.oid`,
    [MADE_BY_OTHERS],
  );
  return rows;
}

function insertOf({ name, columns }: Table, count: number): string {
  const width = columns.length;
  const rows = Array.from(
    { length: count },
    (_, row) => `(${columns.map((_column, at) => `$${row * width + at + 1}`).join(', ')})`,
  );
  return `insert into "${name}" (${columns.map((column) => `"${column}"`).join(', ')}) values ${rows.join(', ')} on conflict do nothing`;
}

/**
 * Writes all of it on so many connections, each transaction in one trip; answers the milliseconds it took. Customers are
 * there before: several orders are of one.
 */
export async function insertPlainly(pool: pg.Pool, all: readonly Written[], connections: number): Promise<number> {
  for (const { text, values } of all.flat().filter(isCustomer)) await pool.query(text, values);
  const written = all.map((own) => own.filter((one) => !isCustomer(one)));
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    const name = names.get(text) ?? `plain-${names.size}`;
    names.set(text, name);
    return name;
  };
  const startedAt = performance.now();
  try {
    let next = 0;
    const work = async (client: pg.PoolClient): Promise<void> => {
      for (let own = written[next++]; own; own = written[next++]) {
        const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } })
          .connection;
        stream.cork();
        const sent = [
          client.query('begin'),
          ...own.map(({ text, values }) => client.query({ name: nameOf(text), text, values })),
          client.query('commit'),
        ];
        stream.uncork();
        const results = await Promise.all(sent);
        if (results.at(-1)!.command !== 'COMMIT') throw new Error('plain inserts were rolled back');
      }
    };
    await Promise.all(clients.map(work));
    return performance.now() - startedAt;
  } finally {
    for (const client of clients) client.release(true);
  }
}

function isCustomer({ table }: { table: string }): boolean {
  return table === 'customer';
}
