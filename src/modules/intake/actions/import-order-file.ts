import { createHash } from 'node:crypto';
import type { GraphContext } from '../../../graph/context.js';
import { BodyError } from '../../../graph/http.js';
import { layoutOf, streamTable, type Layout, type TableRow } from '../csv.rules.js';
import type { ImportColumnInput } from '../import-orders.type.js';
import { addError, type OrderRows, type ReadOptions, type Row } from '../order-row.rules.js';
import { MOST_ROWS, orderOf, readHeading, rowOf, type Heading } from '../order-rows.rules.js';
import type { ReceivedFile } from '../received-file.js';
import { readOptions, takeOrders, type FileOptions, type ImportedOrder } from './import-orders.js';

/** What a file may have beside its first row. */
export const MOST_FILE_ROWS = 100_000;
/** Rows whose orders are made in one transaction, as far as orders are whole. */
const ROWS_AT_ONCE = 200;

/** A file that has been read through: nothing of it was made yet, and all of it can be. */
export interface OrderFileToImport {
  heading: Heading;
  layout: Layout;
  file: ReceivedFile;
  /** Orders that are refused whole, by a hash of their reference: why. */
  unfit: ReadonlyMap<string, string>;
}

/**
 * Reads a file through before anything is made of it. Throws a Refusal where it cannot be read, and a BodyError where it has
 * too many rows. What is kept in memory is a hash for each order.
 */
export async function readThrough(
  file: ReceivedFile,
  mapping: readonly ImportColumnInput[],
): Promise<OrderFileToImport> {
  const layout = layoutIn(await file.head());
  const unfit = new Map<string, string>();
  const seen = new Set<string>();
  let heading: Heading | null = null;
  let rows = 0;
  let last = '';
  let own = 0;
  for await (const row of streamTable(file.read(layout.start), layout)) {
    if (heading === null) {
      heading = readHeading(row, mapping);
      continue;
    }
    rows += 1;
    if (rows > MOST_FILE_ROWS) throw new BodyError(413, `body: expected at most ${MOST_FILE_ROWS} rows`);
    const reference = referenceIn(row, heading);
    if (reference === '') continue;
    const key = keyOf(reference);
    own = key === last ? own + 1 : 1;
    if (own > MOST_ROWS) unfit.set(key, `an order has at most ${MOST_ROWS} rows`);
    if (key !== last && seen.has(key)) unfit.set(key, 'the rows of an order need to stand together in a file');
    seen.add(key);
    last = key;
  }
  return { heading: heading ?? readHeading(undefined, mapping), layout, file, unfit };
}

/** The same by bytes. */
function layoutIn(head: string): Layout {
  const layout = layoutOf(head);
  return { ...layout, start: Buffer.byteLength(head.slice(0, layout.start)) };
}

function referenceIn({ cells }: TableRow, { places }: Heading): string {
  return cells[places.get('order')!] ?? '';
}

function keyOf(reference: string): string {
  return createHash('sha256').update(reference).digest('base64');
}

/**
 * Makes the orders of a file, some in a transaction, and answers what became of them as it goes: each time as many as were
 * committed together. Whoever stops taking ends it; what was answered stays.
 */
export async function* importOrderFile(
  context: GraphContext,
  toImport: OrderFileToImport,
  options: FileOptions,
): AsyncGenerator<ImportedOrder[]> {
  const service = context.service.bind(context);
  const read = readOptions({ service }, options, toImport.layout.delimiter);
  let batch: OrderRows[] = [];
  let rows = 0;
  for await (const order of ordersOf(toImport, read)) {
    batch.push(order);
    rows += order.rows.length;
    if (rows < ROWS_AT_ONCE) continue;
    yield await take(context, options, batch);
    [batch, rows] = [[], 0];
  }
  if (batch.length > 0) yield await take(context, options, batch);
}

function take(context: GraphContext, options: FileOptions, orders: OrderRows[]): Promise<ImportedOrder[]> {
  const { db, clock, viewer } = context;
  const service = context.service.bind(context);
  return db.transaction('import-order-file', (tx) => {
    // A transaction that is tried again begins with the rows as they were read.
    const fresh = orders.map((order) => ({
      ...order,
      rows: order.rows.map((row) => ({ ...row, errors: [...row.errors] })),
    }));
    return takeOrders(
      { tx, now: clock.now(), actor: viewer.actor, customerId: viewer.customerId, service },
      options,
      fresh,
    );
  });
}

/** The orders in the order of the file; a row that names none is by itself. */
async function* ordersOf(
  { file, layout, heading, unfit }: OrderFileToImport,
  options: ReadOptions,
): AsyncGenerator<OrderRows> {
  let own: Row[] = [];
  let isFirst = true;
  for await (const cells of streamTable(file.read(layout.start), layout)) {
    if (isFirst) {
      isFirst = false;
      continue;
    }
    const row = rowOf(cells, heading);
    const [before] = own;
    const goesOn = before?.values.order !== undefined && before.values.order === row.values.order;
    if (own.length > 0 && (!goesOn || own.length === MOST_ROWS)) {
      yield fit(own, options, unfit);
      own = [];
    }
    own.push(row);
  }
  if (own.length > 0) yield fit(own, options, unfit);
}

function fit(rows: Row[], options: ReadOptions, unfit: ReadonlyMap<string, string>): OrderRows {
  const reference = rows[0]!.values.order;
  const why = reference === undefined ? undefined : unfit.get(keyOf(reference));
  if (reference === undefined || why === undefined) return orderOf(rows, options);
  for (const row of rows) addError(row, 'CONFLICT', `order: ${why}`, 'order');
  return { reference, rows, asked: null };
}
