import type { Statement } from '../../../db/statement.js';
import { pricedTotals } from '../../orders/index.js';
import { insertQuoteLines } from '../quote.queries.js';
import type { RecurrenceInput } from '../recurrence.type.js';
import type { PricedQuote } from './price-quote.js';

/** What was asked for of a line besides what its price is made of. */
export interface LineTerms {
  lineId?: string;
  description?: string | null;
  discountRate?: string | null;
  recurrence?: RecurrenceInput | null;
}

/** Writes a quote's lines: as they are configured and priced, with the list prices of now beside them. */
export function linesStatement(
  quoteId: string,
  currency: string,
  { pricing, listPrices, configurations }: Omit<PricedQuote, 'customer'>,
  asked: LineTerms[],
): Statement {
  const { lines } = pricing;
  const totals = pricedTotals(pricing, currency).lines;
  return insertQuoteLines(
    quoteId,
    lines.map((line) => line.id),
    lines.map((_, index) => index + 1),
    lines.map((line) => line.productId),
    asked.map((line) => line.lineId ?? null),
    lines.map((line) => line.sku),
    lines.map((line, index) => asked[index]!.description ?? line.description),
    lines.map((line) => line.requiresShipping),
    lines.map((line) => line.quantity),
    lines.map((line) => line.unitPrice),
    listPrices,
    asked.map((line) => line.discountRate ?? '0'),
    totals.map((line) => line.taxMinor),
    totals.map((line) => line.totalMinor),
    lines.map((line) => JSON.stringify(line.taxLines)),
    asked.map((line) => line.recurrence?.interval ?? null),
    asked.map((line) => line.recurrence?.termCount ?? null),
    configurations.map((choices) => JSON.stringify(choices)),
  );
}
