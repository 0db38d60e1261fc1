import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import { selectNewestRevision } from '../quote.queries.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { refuseSuperseded } from '../revision.rules.js';
import { refuseUnapproved } from './ask-for-approval.js';
import { lockQuoteForAction } from './lock-quote.js';
import { assertQuoteStep, moveQuoteTo } from './move-quote.js';

/**
 * The customer says yes, or staff on its behalf; a customer can accept only what was sent to it. Of a quote's revisions
 * the newest alone can be accepted.
 */
export async function acceptQuote(scope: ActionScope, input: QuoteActionInput): Promise<{ quoteId: string }> {
  const quote = await lockQuoteForAction(scope, input);
  refuseSuperseded(quote, await scope.tx.one(selectNewestRevision(quote.number)));
  assertQuoteStep(quote, 'ACCEPTED', scope.now);
  if (scope.customerId !== null && quote.status !== 'SENT') {
    throw refuse('FORBIDDEN', `quote ${quote.number} has not been sent to the customer yet`, ['quoteId']);
  }
  await refuseUnapproved(scope, quote);
  return moveQuoteTo(scope, quote, 'ACCEPTED', `Quote ${quote.number} accepted`, input);
}
