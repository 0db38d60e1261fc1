import type { ActionScope } from '../../../graph/mutation.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { refuseUnapproved } from './ask-for-approval.js';
import { lockQuoteForAction } from './lock-quote.js';
import { assertQuoteStep, moveQuoteTo } from './move-quote.js';

/** To the customer; straight from DRAFT where no rule asks for approval. */
export async function sendQuote(scope: ActionScope, input: QuoteActionInput): Promise<{ quoteId: string }> {
  const quote = await lockQuoteForAction(scope, input);
  assertQuoteStep(quote, 'SENT', scope.now);
  await refuseUnapproved(scope, quote);
  return moveQuoteTo(scope, quote, 'SENT', `Quote ${quote.number} sent`, input);
}
