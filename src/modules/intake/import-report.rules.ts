import type { ImportedOrder, ImportReport } from './actions/import-orders.js';
import type { Heading } from './order-rows.rules.js';
import { ImportOutcome, type ImportedRow, type ImportOrdersPayload } from './import-orders.type.js';

/** A report as the graph shows it. */
export type ImportReported = Omit<ImportOrdersPayload, 'replayed' | 'userErrors'>;

/** The report as the graph shows it: row by row, in the order of the file. Without one, none of it was read. */
export function reportOf(report: ImportReport | null): ImportReported {
  const orders = report?.orders ?? [];
  const count = (...outcomes: ImportOutcome[]) => orders.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    rows: orders.flatMap((order) => rowsOf(order, report!.heading)).sort((a, b) => a.row - b.row),
    createdCount: count(ImportOutcome.CREATED, ImportOutcome.WOULD_CREATE),
    unchangedCount: count(ImportOutcome.UNCHANGED),
    refusedCount: count(ImportOutcome.REFUSED),
    ignoredColumns: report?.heading.ignored ?? [],
  };
}

export function rowsOf({ reference, rows, outcome, orderId }: ImportedOrder, heading: Heading): ImportedRow[] {
  const wrong = rows.filter(({ errors }) => errors.length > 0).map(({ number }) => number);
  return rows.map(({ number, errors }) => {
    const own = errors.map(({ code, message, column }) => ({
      code,
      message,
      column: column === null ? null : (heading.names.get(column) ?? null),
    }));
    const isKeptOut = outcome === ImportOutcome.REFUSED && own.length === 0;
    const message = `row ${wrong.join(', ')} of the same order is wrong`;
    return {
      row: number,
      reference,
      outcome,
      orderId,
      errors: isKeptOut ? [{ code: 'CONFLICT' as const, message, column: null }] : own,
    };
  });
}
