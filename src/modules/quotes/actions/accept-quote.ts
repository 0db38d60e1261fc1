import type { ActionScope } from '../../../graph/mutation.js';
import { refuse } from '../../../shared/failures.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { lockQuoteForAction } from './lock-quote.js';
import { assertQuoteStep, moveQuoteTo } from './move-quote.js';

/** The customer says yes, or staff on its behalf; a customer can accept only what was sent to it. */
export async function acceptQuote(scope: ActionScope, input: QuoteActionInput): Promise<{ quoteId: string }> {
  const quote = await lockQuoteForAction(scope, input);
  assertQuoteStep(quote, 'ACCEPTED', scope.now);
  if (scope.customerId !== null && quote.status !== 'SENT') {
    throw refuse('FORBIDDEN', `quote ${quote.number} has not been sent to the customer yet`, ['quoteId']);
  }
  return moveQuoteTo(scope, quote, 'ACCEPTED', `Quote ${quote.number} accepted`, input);
}
