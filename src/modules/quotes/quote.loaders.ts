import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { externalReferencesOf, recordByExternalId } from '../references/index.js';
import { selectLinesOfQuotes, selectQuoteLines, selectQuotes } from './quote.queries.js';
import { QuoteLineType, QuoteType } from './quote.type.js';

export const quotesById = defineLoader<string, QuoteType | null>('quotesById', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectQuotes(ids))).filter((row) => maySee(viewer, row.customer_id));
  return inOrderOf(
    ids,
    rows.map((row) => new QuoteType(row)),
    ({ row }) => row.id,
  );
});

/** Lines of quotes that the viewer sees already. */
export const linesOfQuote = defineLoader<string, QuoteLineType[]>('linesOfQuote', async (ids, { db }) => {
  const rows = await db.read(selectLinesOfQuotes(ids));
  return listsOf(
    ids,
    rows.map((row) => new QuoteLineType(row)),
    ({ row }) => row.quote_id,
  );
});

export const quoteLinesById = defineLoader<string, QuoteLineType | null>(
  'quoteLinesById',
  async (ids, { db, viewer }) => {
    const rows = (await db.read(selectQuoteLines(ids))).filter((row) => maySee(viewer, row.customer_id));
    return inOrderOf(
      ids,
      rows.map((row) => new QuoteLineType(row)),
      ({ row }) => row.id,
    );
  },
);

export const quoteReferences = externalReferencesOf('quote');
export const quoteByExternalId = recordByExternalId('quote');
