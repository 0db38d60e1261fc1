import { appendEvents } from '../../../events/append.js';
import type { ActionScope } from '../../../graph/mutation.js';
import { parseInstant } from '../../../shared/clock.js';
import { refuse } from '../../../shared/failures.js';
import { quoteMoved } from '../quote.events.js';
import { moveQuote, type LockedQuote } from '../quote.queries.js';
import { assertQuoteMove, type QuoteStatus } from '../quote.states.js';
import type { QuoteActionInput } from '../quote-input.type.js';

/** Takes a locked quote to another status. Refused where the table has no such step or its validity has passed. */
export async function moveQuoteTo(
  scope: ActionScope,
  quote: LockedQuote,
  to: QuoteStatus,
  message: string,
  { comment }: QuoteActionInput,
): Promise<{ quoteId: string }> {
  assertQuoteStep(quote, to, scope.now);
  scope.tx.defer(moveQuote(quote.id, to, scope.now.toISOString()));
  await appendEvents(scope.tx, [
    quoteMoved(quote, scope, quote.status, to, { message, ...(comment && { data: { comment } }) }),
  ]);
  return { quoteId: quote.id };
}

/** Throws where the table has no such step, and QUOTE_EXPIRED where it is too late for any. */
export function assertQuoteStep(quote: LockedQuote, to: QuoteStatus, now: Date): void {
  if (quote.status !== 'EXPIRED') assertQuoteMove(quote, to);
  refuseExpired(quote, now);
}

export function refuseExpired(quote: LockedQuote, now: Date, field = ['quoteId']): void {
  if (quote.status === 'EXPIRED' || parseInstant(quote.valid_until) <= now) {
    throw refuse(
      'QUOTE_EXPIRED',
      `quote ${quote.number} was valid until ${parseInstant(quote.valid_until).toISOString()}`,
      field,
    );
  }
}
