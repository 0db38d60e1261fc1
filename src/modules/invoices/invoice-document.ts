import type { DocumentSource } from '../../documents/index.js';
import { idOf } from '../../shared/ids.js';
import { invoiceSheet } from './invoice-sheet.rules.js';
import { selectInvoices, selectLinesOfInvoices } from './invoice.queries.js';
import { INVOICE_PREFIX } from './invoice.type.js';

/** Invoices and credit notes as documents. */
export const invoiceDocument: DocumentSource = {
  kind: 'invoice',
  async find(id, language, { db }) {
    const key = idOf(INVOICE_PREFIX, id);
    const invoice = key === null ? undefined : await db.readOne(selectInvoices([key]));
    if (!invoice) return null;
    const lines = await db.read(selectLinesOfInvoices([invoice.id]));
    return { name: invoice.number, sheet: invoiceSheet(invoice, lines, language) };
  },
};
