import { maySee } from '../../graph/access.js';
import { defineLoader, inOrderOf, listsOf } from '../../graph/context.js';
import { externalReferencesOf, provenanceOf, recordByExternalId } from '../references/index.js';
import { selectLinesOfQuotes, selectQuoteLines, selectQuotes, selectRevisions } from './quote.queries.js';
import { QuoteLineType, type QuoteLineRow } from './quote-line.type.js';
import { QuoteType } from './quote.type.js';

export const quotesById = defineLoader<string, QuoteType | null>('quotesById', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectQuotes(ids))).filter((row) => maySee(viewer, row.customer_id));
  return inOrderOf(
    ids,
    rows.map((row) => new QuoteType(row)),
    ({ row }) => row.id,
  );
});

/** All revisions of the quotes' numbers, the oldest first. */
export const revisionsOfQuote = defineLoader<string, QuoteType[]>('revisionsOfQuote', async (ids, { db, viewer }) => {
  const rows = (await db.read(selectRevisions(ids))).filter((row) => maySee(viewer, row.customer_id));
  return listsOf(ids, rows, ({ of }) => of).map((revisions) => revisions.map((row) => new QuoteType(row)));
});

/** All lines of quotes that the viewer sees already, those without a product too. */
export const lineRowsOfQuote = defineLoader<string, QuoteLineRow[]>('lineRowsOfQuote', async (ids, { db }) =>
  listsOf(ids, await db.read(selectLinesOfQuotes(ids)), (row) => row.quote_id),
);

export const quoteLinesById = defineLoader<string, QuoteLineType | null>(
  'quoteLinesById',
  async (ids, { db, viewer }) => {
    const rows = (await db.read(selectQuoteLines(ids))).filter(
      (row) => row.product_id !== null && maySee(viewer, row.customer_id),
    );
    return inOrderOf(
      ids,
      rows.map((row) => new QuoteLineType(row)),
      ({ row }) => row.id,
    );
  },
);

export const quoteReferences = externalReferencesOf('quote');
export const quoteProvenance = provenanceOf('quote');
export const quoteByExternalId = recordByExternalId('quote');
