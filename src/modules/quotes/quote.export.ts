import { field, fieldsOf, type ExportDefinition } from '../../graph/export/export.js';
import { typeId } from '../../shared/ids.js';
import { CUSTOMER_PREFIX } from '../customers/index.js';
import { QUOTE_COLUMNS, selectLinesOfQuotes } from './quote.queries.js';
import { QuoteLineType, type QuoteLineRow } from './quote-line.type.js';
import { QuoteType, type QuoteRow } from './quote.type.js';

export const quoteExport: ExportDefinition = {
  kind: 'quotes',
  about: 'quotes, in NDJSON with their lines',
  select: QUOTE_COLUMNS,
  from: 'quote q',
  updatedAt: 'q.updated_at',
  id: 'q.id',
  sortedBy: 'updatedAt',
  toNode: (row: QuoteRow) => new QuoteType(row),
  fields: [
    ...fieldsOf<QuoteType>({ id: 'plain', number: 'text', revision: 'plain', status: 'plain' }),
    field<QuoteType>('customerId', 'plain', ({ row }) => typeId(CUSTOMER_PREFIX, row.customer_id)),
    ...fieldsOf<QuoteType>({
      currency: 'plain',
      validUntil: 'instant',
      subtotal: 'money',
      discountTotal: 'money',
      shippingMethod: 'text',
      shippingTotal: 'money',
      taxTotal: 'money',
      total: 'money',
      billingAddress: 'json',
      shippingAddress: 'json',
      createdAt: 'instant',
      updatedAt: 'instant',
      version: 'plain',
    }),
  ],
  children: {
    name: 'lines',
    fields: fieldsOf<QuoteLineType>({
      id: 'plain',
      sku: 'text',
      description: 'text',
      quantity: 'plain',
      unitPrice: 'money',
      listPrice: 'money',
      discountRate: 'plain',
      taxTotal: 'money',
      total: 'money',
      convertedQuantity: 'plain',
      recurrence: 'json',
      configuration: 'json',
      externalLineId: 'text',
    }),
    select: (ids) => selectLinesOfQuotes(ids),
    parentId: (row: QuoteLineRow) => row.quote_id,
    toNode: (row: QuoteLineRow) => new QuoteLineType(row),
  },
};
