import type pg from 'pg';
import type { Database } from '../../db/database.js';
import { wire } from '../../db/transaction.js';
import type { ExportDefinition } from './export.js';
import { beginSnapshot, selectNext, type ExportRow } from './export.queries.js';
import { HeapKeeper } from './heap.js';
import { writerOf, type ExportFormat, type ExportRecord } from './export-text.js';

/** Rows of one trip: what the process holds at a time, whatever the table has. */
const BATCH = 64;

/**
 * The records as text, part by part, all of one moment: one read-only snapshot. The next part is read when the one before
 * has been taken; whoever stops taking ends the transaction. Throws where the database goes away or nobody has taken
 * a part for a minute.
 */
export async function* exportText(
  db: Database,
  definition: ExportDefinition,
  format: ExportFormat,
  since: Date | null,
): AsyncGenerator<string, void, undefined> {
  const writer = writerOf(definition, format);
  const client = await db.pool.connect();
  const heap = new HeapKeeper();
  let lost: Error | undefined;
  const onLost = (error: Error): void => {
    lost = error;
  };
  client.on('error', onLost);
  let isDone = false;
  try {
    await client.query(beginSnapshot);
    yield writer.head;
    for (let last: ExportRow | null = null; ;) {
      if (lost) throw lost;
      const { rows }: { rows: ExportRow[] } = await client.query<ExportRow>(
        wire(selectNext(definition, since?.toISOString() ?? null, last, BATCH)),
      );
      if (rows.length > 0) {
        yield writer.body(await recordsOf(client, definition, format, rows));
      }
      if (rows.length < BATCH) break;
      last = rows.at(-1)!;
      heap.sweep();
    }
    await client.query('commit');
    isDone = true;
  } finally {
    client.off('error', onLost);
    // What is left in the middle is not worth a trip: the server ends the transaction with its connection.
    client.release(!isDone);
  }
}

async function recordsOf(
  client: pg.PoolClient,
  { toNode, children }: ExportDefinition,
  format: ExportFormat,
  rows: ExportRow[],
): Promise<ExportRecord[]> {
  const records: ExportRecord[] = rows.map((row) => ({ node: toNode(row as never), children: [] }));
  if (!children || format === 'csv') return records;
  const byParent = new Map(rows.map((row, index) => [row.export_id, records[index]!]));
  const found = await client.query<object>(wire(children.select([...byParent.keys()])));
  for (const row of found.rows) {
    const parent = byParent.get(String(children.parentId(row as never)));
    parent?.children.push(children.toNode({ ...row, ...currencyOf(parent.node) } as never));
  }
  return records;
}

/** Lines are kept without the currency, which is that of their order or quote. */
function currencyOf(node: object): { currency?: string } {
  return 'currency' in node ? { currency: String(node.currency) } : {};
}
