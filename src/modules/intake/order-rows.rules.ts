import { refuse, Refusals } from '../../shared/failures.js';
import type { Table, TableRow } from './csv.rules.js';
import type { ImportColumnInput } from './import-orders.type.js';
import {
  NEEDED_COLUMNS,
  ORDER_COLUMN_NAMES,
  ORDER_COLUMNS,
  plainColumn,
  type Column,
  type OrderColumn,
} from './order-columns.rules.js';
import { addError, type OrderRows, type ReadOptions, type Row } from './order-row.rules.js';
import { askedBy } from './row-values.rules.js';

/** The file's columns by what they hold, and those that hold nothing. */
export interface Heading {
  names: Map<Column, string>;
  places: Map<Column, number>;
  ignored: string[];
}

/** Of a file that comes within a call, and of one order. */
export const MOST_ROWS = 2_000;

/** Throws a Refusal where the first row does not name what is needed. */
export function readHeading(first: TableRow | undefined, mapping: readonly ImportColumnInput[]): Heading {
  const refusals = new Refusals();
  const heading: Heading = { names: new Map(), places: new Map(), ignored: [] };
  const held = new Map(mapping.map(({ column, holds }) => [plainColumn(column), holds]));
  mapping.forEach(({ holds }, index) => {
    if (!isColumn(holds))
      refusals.add('INVALID', `holds: expected one of ${ORDER_COLUMN_NAMES.join(', ')}, got "${holds}"`, [
        ...['mapping', String(index), 'holds'],
      ]);
  });
  (first?.cells ?? []).forEach((name, place) => {
    const column = held.get(plainColumn(name)) ?? plainColumn(name);
    if (!isColumn(column)) heading.ignored.push(name);
    else if (heading.places.has(column)) refusals.add('INVALID', `csv: two columns hold ${column}`, ['csv']);
    else {
      heading.places.set(column, place);
      heading.names.set(column, name);
    }
  });
  const missing = NEEDED_COLUMNS.filter((column) => !heading.places.has(column));
  if (missing.length > 0) refusals.add('REQUIRED', `csv: the first row names no column ${missing.join(', ')}`, ['csv']);
  refusals.throwIfAny();
  return heading;
}

function isColumn(name: string): name is Column {
  return (ORDER_COLUMN_NAMES as readonly string[]).includes(name);
}

/** The rows by their orders, in the order in which these begin. Throws a Refusal where there are too many. */
export function readOrders(table: Table, heading: Heading, options: ReadOptions): OrderRows[] {
  const [, ...others] = table.rows;
  if (others.length > MOST_ROWS) {
    throw refuse('INVALID', `csv: expected at most ${MOST_ROWS} rows, got ${others.length}`, ['csv']);
  }
  const rows = others.map((row) => rowOf(row, heading));
  return [...Map.groupBy(rows, ({ values }) => values.order ?? null).values()].map((own) => orderOf(own, options));
}

export function rowOf({ number, cells }: TableRow, heading: Heading): Row {
  const values = [...heading.places].map(([column, place]) => [column, cells[place] ?? ''] as const);
  return { number, values: Object.fromEntries(values.filter(([, value]) => value !== '')), errors: [] };
}

/** What rows with the same `order`, all that there are, ask for. Notes at them what cannot be read. */
export function orderOf(rows: Row[], options: ReadOptions): OrderRows {
  const reference = rows[0]!.values.order ?? null;
  if (reference === null) {
    for (const row of rows) addError(row, 'REQUIRED', 'order: a row needs to say which order it is of', 'order');
    return { reference, rows, asked: null };
  }
  const asked = askedBy(rows, sharedValues(rows), options);
  return { reference, rows, asked: rows.every(({ errors }) => errors.length === 0) ? asked : null };
}

/** What the rows say of their order: each of them may, and none may say something else. */
function sharedValues(rows: readonly Row[]): Partial<Record<OrderColumn, string>> {
  const shared: Partial<Record<OrderColumn, string>> = {};
  for (const row of rows) {
    for (const column of ORDER_COLUMNS) {
      const value = row.values[column];
      if (value === undefined) continue;
      shared[column] ??= value;
      if (shared[column] !== value)
        addError(row, 'CONFLICT', `${column}: "${value}", another row of the order says "${shared[column]}"`, column);
    }
  }
  return shared;
}
