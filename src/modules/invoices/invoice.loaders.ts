import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { selectCreditNotes, selectInvoices, selectInvoicesOfOrders, selectLinesOfInvoices } from './invoice.queries.js';
import { InvoiceLineType, InvoiceType } from './invoice.type.js';

export const invoicesById = defineLoader<string, InvoiceType | null>('invoicesById', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectInvoices(ids))).filter((row) => maySee(viewer, row.customer_id));
  return inOrderOf(
    ids,
    rows.map((row) => new InvoiceType(row)),
    ({ row }) => row.id,
  );
});

/** Invoices of orders that the viewer sees already. */
export const invoicesOfOrder = defineLoader<string, InvoiceType[]>('invoicesOfOrder', async (ids, { db }) => {
  const rows = await db.read(selectInvoicesOfOrders(ids));
  return listsOf(
    ids,
    rows.map((row) => new InvoiceType(row)),
    ({ row }) => row.order_id,
  );
});

export const creditNotesOfInvoice = defineLoader<string, InvoiceType[]>('creditNotesOfInvoice', async (ids, { db }) => {
  const rows = await db.read(selectCreditNotes(ids));
  return listsOf(
    ids,
    rows.map((row) => new InvoiceType(row)),
    ({ row }) => row.credits_id!,
  );
});

export const linesOfInvoice = defineLoader<string, InvoiceLineType[]>('linesOfInvoice', async (ids, { db }) => {
  const rows = await db.read(selectLinesOfInvoices(ids));
  return listsOf(
    ids,
    rows.map((row) => new InvoiceLineType(row)),
    ({ row }) => row.invoice_id,
  );
});
