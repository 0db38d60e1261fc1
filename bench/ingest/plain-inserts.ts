import type pg from 'pg';

/** What one transaction wrote, table by table. */
export type Written = { table: string; text: string; values: (string | null)[] }[];

interface Table {
  name: string;
  columns: string[];
}

/** Kept by triggers or by the reader of the log: whoever inserts the others has them made too. */
const MADE_BY_OTHERS = ['order_words', 'order_count', 'order_count_change', 'event_position', 'event_sequencer'];

/**
 * The rows that carried out each of the newest messages, as statements that insert them: one list for each order, and one
 * for each other transaction. What was taken over together is plainly inserted order by order all the same.
 */
export async function writtenFor(client: pg.ClientBase, afterMessage: string): Promise<Written[]> {
  const { rows: messages } = await client.query<Message>(
    `select m.xmin::text as xid, m.external_id, r.record_id::text as order_id
       from inbox_message m
       join external_reference r on r.integration_id = m.integration_id and r.record_kind = 'order'
                                and r.external_id = m.external_id
      where m.id > $1 order by m.id`,
    [afterMessage],
  );
  const byTransaction = Map.groupBy(messages, ({ xid }) => xid);
  const written = new Map<string, Written>(messages.map((message) => [nameOf(message), []]));
  for (const table of await tablesOf(client)) {
    const texts = table.columns.map((column) => `t."${column}"::text`).join(', ');
    const { rows } = await client.query<(string | null)[]>({
      rowMode: 'array',
      text: `select t.xmin::text, ${texts} from "${table.name}" t where t.xmin::text = any($1)`,
      values: [[...byTransaction.keys()]],
    });
    const owned = Map.groupBy(rows, ([xid, ...row]) => nameOf(ownerOf(table, row, byTransaction.get(xid!)!)));
    for (const [owner, own] of owned) {
      const values = own.flatMap(([, ...row]) => row);
      written.get(owner)!.push({ table: table.name, text: insertOf(table, own.length), values });
    }
  }
  return [...written.values()];
}

interface Message {
  xid: string;
  external_id: string;
  order_id: string;
}

function nameOf({ xid, order_id: orderId }: Message): string {
  return `${xid} ${orderId}`;
}

/** The message whose order a row belongs to; of what one transaction wrote for one message, all is that one's. */
function ownerOf({ name, columns }: Table, row: (string | null)[], messages: Message[]): Message {
  if (messages.length === 1) return messages[0]!;
  const valueOf = (column: string) => row[columns.indexOf(column)];
  const named = ['order_id', 'record_id', 'subject_id', ...(name === 'orders' ? ['id'] : [])].map(valueOf);
  const owner = messages.find(
    ({ order_id: id, external_id: message }) =>
      named.includes(id) || (name === 'inbox_message' && valueOf('external_id') === message),
  );
  if (!owner) throw new Error(`a row of ${name} belongs to none of the orders that were taken over with it`);
  return owner;
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
