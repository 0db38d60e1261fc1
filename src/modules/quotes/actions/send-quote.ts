import type { ActionScope } from '../../../graph/mutation.js';
import type { QuoteActionInput } from '../quote-input.type.js';
import { lockQuoteForAction } from './lock-quote.js';
import { moveQuoteTo } from './move-quote.js';

/** To the customer. */
export async function sendQuote(scope: ActionScope, input: QuoteActionInput): Promise<{ quoteId: string }> {
  const quote = await lockQuoteForAction(scope, input);
  return moveQuoteTo(scope, quote, 'SENT', `Quote ${quote.number} sent`, input);
}
